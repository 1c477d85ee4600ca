package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import dev.wayleave.testing.Fault;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The viewers whose views changed, against the difference of two complete computations, written viewer by viewer. */
public class ViewChangesPropertyTest {

    @Property(tries = 120)
    void anUpdateEqualsTheDifferenceOfTwoFullComputations(@ForAll("steps") Tailnets.Step step) {
        Visibility before =
                Comparison.fast(step.before().tailnet(), step.before().routes());
        Visibility after = Comparison.fast(step.after().tailnet(), step.after().routes());
        assertSameChanges(before, after);
    }

    @Property(tries = 60)
    void anUpdateLooksAtWhatChangedWhereThePolicyStands(@ForAll("steps") Tailnets.Step step) {
        Visibility before =
                Comparison.fast(step.before().tailnet(), step.before().routes());
        NaiveTailnet next =
                step.before().tailnet().withNodes(step.after().tailnet().nodes());
        Visibility after =
                before.with(before.rules().withNodes(next.nodes()), step.after().routes(), Presences.NONE);
        assertThat(after.rules().hasPolicyOf(before.rules())).isTrue();
        Comparison.assertSame(next, step.after().routes(), Fault.NONE, after);
        assertSameChanges(before, after);
    }

    /** The policy, the users, the nodes and the elections change at once. */
    @Property(tries = 60)
    void anUpdateFollowsAnotherPolicyAndOtherUsers(@ForAll("steps") Tailnets.Step step, @ForAll Random random) {
        NaiveTailnet tailnet = step.before().tailnet();
        Visibility before = Comparison.fast(tailnet, step.before().routes());
        NaiveTailnet next = new NaiveTailnet(
                step.after().tailnet().policy(),
                step.after().tailnet().users(),
                step.after().tailnet().nodes(),
                tailnet.exitRule(),
                tailnet.overlay());
        Visibility one = assertFollows(before, next, step.after().routes());
        // Two lines of descent, in which one number may stand for two rules.
        NaiveTailnet other = new NaiveTailnet(
                someRules(next.policy(), random), next.users(), next.nodes(), next.exitRule(), next.overlay());
        assertSameChanges(one, assertFollows(before, other, step.after().routes()));
    }

    /** Rules are taken out of the policy, come back, and change their order; other users have other roles. */
    @Property(tries = 60)
    void anUpdateFollowsRulesThatComeAndGo(@ForAll("steps") Tailnets.Step step, @ForAll Random random) {
        NaiveTailnet tailnet = step.before().tailnet();
        Visibility updated = Comparison.fast(tailnet, step.before().routes());
        for (int i = 0; i < 3; i++) {
            NaiveTailnet next = new NaiveTailnet(
                    someRules(tailnet.policy(), random),
                    random.nextBoolean()
                            ? tailnet.users()
                            : step.after().tailnet().users(),
                    random.nextBoolean()
                            ? tailnet.nodes()
                            : step.after().tailnet().nodes(),
                    tailnet.exitRule(),
                    tailnet.overlay());
            updated = assertFollows(
                    updated,
                    next,
                    next.nodes() == tailnet.nodes()
                            ? step.before().routes()
                            : step.after().routes());
        }
    }

    public static RoutingPolicy someRules(RoutingPolicy policy, Random random) {
        RoutingPolicyBuilder builder = policy.toBuilder();
        policy.grants().ifPresent(grants -> builder.grants(some(grants, random)));
        policy.acls().ifPresent(acls -> builder.acls(some(acls, random)));
        return builder.build();
    }

    private static <T> List<T> some(List<T> all, Random random) {
        List<T> some = new ArrayList<>(all);
        some.removeIf(each -> random.nextInt(4) == 0);
        if (random.nextBoolean()) {
            Collections.shuffle(some, random);
        }
        return some;
    }

    private static Visibility assertFollows(Visibility before, NaiveTailnet next, Map<Prefix, ElectedRoute> routes) {
        AccessRules rules =
                before.rules().withPolicy(next.policy(), next.users()).withNodes(next.nodes());
        Visibility after = before.with(rules, routes, Presences.NONE);
        Comparison.assertSame(next, routes, Fault.NONE, after);
        assertSameChanges(before, after);
        assertSameChanges(after, before);
        return after;
    }

    @Property(tries = 60)
    void anUpdateLooksAtElectionsAloneWhereOnlyTheyChanged(@ForAll("steps") Tailnets.Step step) {
        Visibility before =
                Comparison.fast(step.before().tailnet(), step.before().routes());
        TreeMap<Prefix, ElectedRoute> changed = new TreeMap<>(step.after().routes());
        changed.keySet().retainAll(step.before().routes().keySet());
        changed.entrySet().removeIf(entry -> !isElectable(before, entry.getKey(), entry.getValue()));
        Visibility after = before.with(before.rules(), changed, Presences.NONE);
        TreeMap<Prefix, ElectedRoute> all = new TreeMap<>(step.before().routes());
        all.putAll(changed);
        Comparison.assertSame(step.before().tailnet(), all, Fault.NONE, after);
        assertSameChanges(before, after);
        assertThat(sorted(Visibility.difference(before, after), after))
                .isEqualTo(sorted(
                        Visibility.difference(
                                before, Comparison.fast(step.before().tailnet(), all)),
                        after));
    }

    @Property(tries = 60)
    void anUpdateLooksAtRoutesAloneWhereOnlyTheyChanged(@ForAll long seed) {
        List<Tailnets.Elected> steps = Tailnets.withOtherRoutes(new Random(seed), 3);
        List<Visibility> compiled = new ArrayList<>();
        for (Tailnets.Elected step : steps) {
            compiled.add(
                    compiled.isEmpty()
                            ? Comparison.fast(step.tailnet(), step.routes())
                            : next(compiled.get(compiled.size() - 1), step));
        }
        // Another step from the second one, so that two lines of descent are compared too.
        compiled.add(next(compiled.get(1), steps.get(3)));
        for (int i = 1; i < steps.size(); i++) {
            Comparison.assertSame(steps.get(i).tailnet(), steps.get(i).routes(), Fault.NONE, compiled.get(i));
            assertSameChanges(compiled.get(i - 1), compiled.get(i));
        }
        assertSameChanges(compiled.get(0), compiled.get(3));
        assertSameChanges(compiled.get(3), compiled.get(0));
        assertSameChanges(compiled.get(2), compiled.get(4));
        assertThat(Visibility.difference(compiled.get(3), compiled.get(4))).isEqualTo(ViewChanges.NONE);
    }

    @Property(tries = 3)
    void anUpdateStaysRightHoweverManyViewerClassesAreAdded(@ForAll long seed) {
        List<Tailnets.Elected> steps = Tailnets.withOtherRoutes(new Random(seed), 300);
        Visibility updated =
                Comparison.fast(steps.get(0).tailnet(), steps.get(0).routes());
        for (Tailnets.Elected step : steps) {
            Visibility before = updated;
            updated = next(before, step);
            Visibility full = Comparison.fast(step.tailnet(), step.routes());
            assertThat(updated.viewerClassCount()).isEqualTo(full.viewerClassCount());
            for (NodeRoutes node : step.tailnet().nodes()) {
                NodeId id = node.node().id();
                assertThat(Comparison.view(updated, id)).isEqualTo(Comparison.view(full, id));
            }
            assertThat(sorted(Visibility.difference(before, updated), updated))
                    .isEqualTo(sorted(Visibility.difference(before, full), updated));
        }
    }

    /** What follows by itself: the routes of all nodes, and the elections that came to something else. */
    private static Visibility next(Visibility before, Tailnets.Elected step) {
        AccessRules rules = before.rules().withNodes(step.tailnet().nodes());
        Map<Prefix, ElectedRoute> elected = new TreeMap<>(step.routes());
        elected.entrySet().removeIf(entry -> before.elected(entry.getKey()).equals(entry.getValue()));
        return before.with(rules, elected, Presences.NONE);
    }

    @Property(tries = 60)
    void nothingChangesBetweenEqualTailnets(@ForAll("steps") Tailnets.Step step) {
        Visibility one = Comparison.fast(step.before().tailnet(), step.before().routes());
        Visibility other =
                Comparison.fast(step.before().tailnet(), step.before().routes());
        assertThat(Visibility.difference(one, other)).isEqualTo(ViewChanges.NONE);
        assertThat(Visibility.difference(one, one)).isEqualTo(ViewChanges.NONE);
    }

    private static boolean isElectable(Visibility visibility, Prefix prefix, ElectedRoute route) {
        List<NodeId> holders = visibility.rules().prefix(prefix).orElseThrow().holders();
        return holders.containsAll(route.candidates())
                && route.primary().stream().allMatch(holders::contains);
    }

    private static void assertSameChanges(Visibility before, Visibility after) {
        SortedMap<NodeId, ViewChange> expected = NaiveDifference.of(before, after);
        ViewChanges changes = Visibility.difference(before, after);
        SortedMap<NodeId, Content> contents = new TreeMap<>();
        expected.forEach((id, change) -> contents.put(id, new Content(change)));
        assertThat(sorted(changes, after)).isEqualTo(contents);
        assertThat(changes.viewers()).isEqualTo(contents.keySet());
    }

    private static SortedMap<NodeId, Content> sorted(ViewChanges changes, Visibility after) {
        SortedMap<NodeId, Content> contents = new TreeMap<>();
        after.rules()
                .nodes()
                .forEach(node ->
                        changes.of(node.id()).ifPresent(change -> contents.put(node.id(), new Content(change))));
        return contents;
    }

    /** A change without whom it concerns. */
    private record Content(Object self, Object peers, Object routes, Object filter) {
        Content(ViewChange change) {
            this(change.self(), change.peers(), change.routes(), change.filters());
        }
    }

    @Provide
    Arbitrary<Tailnets.Step> steps() {
        return Tailnets.steps();
    }
}
