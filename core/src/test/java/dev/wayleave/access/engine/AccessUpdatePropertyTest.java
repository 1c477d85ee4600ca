package dev.wayleave.access.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.visibility.engine.Tailnets;
import dev.wayleave.visibility.engine.ViewChangesPropertyTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Rules that follow other nodes and routes, against those compiled from nothing. */
class AccessUpdatePropertyTest {

    @Property(tries = 300)
    void anUpdateEqualsTheRulesCompiledFromNothing(@ForAll long seed) {
        List<Tailnets.Elected> steps = Tailnets.withOtherRoutes(new Random(seed), 4);
        AccessRules rules = steps.get(0).tailnet().compile();
        for (Tailnets.Elected step : steps) {
            // Filters keep what they have found out of sources, so those before are written first.
            assertThat(text(rules)).isNotEmpty();
            rules = rules.withNodes(step.tailnet().nodes());
            assertThat(text(rules)).isEqualTo(text(step.tailnet().compile()));
        }
    }

    /** Every node of the first tailnet leaves, and each of the others joins, one at a time. */
    @Property(tries = 150)
    void nodesJoinAndLeaveOneByOne(@ForAll long seed) {
        List<Tailnets.Elected> steps = Tailnets.withOtherRoutes(new Random(seed), 1);
        List<NodeRoutes> present = new ArrayList<>(steps.get(0).tailnet().nodes());
        AccessRules rules = steps.get(0).tailnet().compile();
        for (NodeRoutes node : steps.get(0).tailnet().nodes()) {
            present.remove(node);
            rules = rules.with(List.of(), List.of(node.node().id()));
            assertThat(text(rules))
                    .isEqualTo(text(steps.get(0).tailnet().withNodes(present).compile()));
        }
        assertThat(rules.classes().size()).isZero();
        for (NodeRoutes node : steps.get(1).tailnet().nodes()) {
            present.add(node);
            rules = rules.with(List.of(node), List.of());
            assertThat(text(rules))
                    .isEqualTo(text(steps.get(0).tailnet().withNodes(present).compile()));
        }
    }

    /** Each step has the rules and the users of the first tailnet, but some rules. */
    @Property(tries = 200)
    void sourcesAddUpWhenRulesComeAndGo(@ForAll long seed) {
        Random random = new Random(seed);
        NaiveTailnet tailnet = Tailnets.of(random).tailnet();
        AccessRules rules = tailnet.compile();
        for (int step = 0; step < 4; step++) {
            RoutingPolicy policy = ViewChangesPropertyTest.someRules(tailnet.policy(), random);
            rules = rules.withPolicy(policy, tailnet.users());
            AccessRules fromNothing = new NaiveTailnet(
                            policy, tailnet.users(), tailnet.nodes(), tailnet.exitRule(), tailnet.overlay())
                    .compile();
            for (int i = 0; i < rules.index.numbers.order.length; i++) {
                int number = rules.index.numbers.order[i];
                assertThat(rules.sums.sum(number)).isEqualTo(fromNothing.sums.sum(fromNothing.index.numbers.order[i]));
                assertThat(rules.sums.isEmpty(number))
                        .isEqualTo(fromNothing.sums.isEmpty(fromNothing.index.numbers.order[i]));
            }
        }
    }

    @Property(tries = 300)
    void anUpdateSharesEveryNodeOfWhichNothingChanged(@ForAll long seed) {
        List<Tailnets.Elected> steps = Tailnets.withOtherRoutes(new Random(seed), 1);
        AccessRules before = steps.get(0).tailnet().compile();
        AccessRules after = before.withNodes(steps.get(1).tailnet().nodes());
        // Nodes outside the overlay are found by routes, and change what these say of their holders.
        boolean outside = before.nodes().stream()
                .flatMap(node -> node.routes().node().addresses().stream())
                .anyMatch(address -> !before.index.overlay.contains(address));
        for (NodeAccess previous : before.nodes()) {
            NodeAccess current = after.node(previous.id()).orElseThrow();
            if (!outside) {
                assertThat(current == previous).isEqualTo(current.routes().equals(previous.routes()));
            }
        }
        assertThat(before.withNodes(steps.get(0).tailnet().nodes())).isSameAs(before);
    }

    /** Slots are free, and used again by other classes; versions far apart are compared, too. */
    @Property(tries = 200)
    void theSlotsOfTheSameClassInTwoVersionsAreFound(@ForAll long seed) {
        Random random = new Random(seed);
        List<Tailnets.Elected> steps = Tailnets.withOtherRoutes(random, 3);
        List<AccessRules> versions =
                new ArrayList<>(List.of(steps.get(0).tailnet().compile()));
        for (Tailnets.Elected step : steps) {
            for (NodeRoutes node : step.tailnet().nodes()) {
                AccessRules last = versions.get(versions.size() - 1);
                versions.add(
                        random.nextInt(3) == 0
                                ? last.with(List.of(), List.of(node.node().id()))
                                : last.with(List.of(node), List.of()));
            }
            versions.add(versions.get(versions.size() - 1)
                    .withPolicy(
                            ViewChangesPropertyTest.someRules(step.tailnet().policy(), random),
                            step.tailnet().users()));
        }
        for (int i = 0; i < 20; i++) {
            AccessRules one = versions.get(random.nextInt(versions.size()));
            AccessRules other = versions.get(random.nextInt(versions.size()));
            if (one.isComparableTo(other)) {
                long[] same = one.classes().sameAs(other.classes());
                for (int slot = 0; slot < one.classes().count(); slot++) {
                    assertThat(BitArrays.contains(same, slot)).isEqualTo(haveTheSameClass(one, other, slot));
                }
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // a class that is still there has the same rules
    private static boolean haveTheSameClass(AccessRules one, AccessRules other, int slot) {
        NodeClasses.NodeClass its = one.classes().at(slot);
        NodeClasses.NodeClass old = other.classes().at(slot);
        return its != null && old != null && its.rules() == old.rules();
    }

    @Example
    void aNodeThatIsGivenTwiceIsRefused() {
        AccessRules rules = Tailnets.of(new Random(1)).tailnet().compile();
        NodeRoutes node = rules.nodes().iterator().next().routes();
        NodeId id = node.node().id();
        assertThatThrownBy(() -> rules.with(List.of(node), List.of(id)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node " + id + " ");
    }

    /** Everything that rules say, as text. */
    private static String text(AccessRules rules) {
        List<String> lines = new ArrayList<>();
        for (PrefixAccess prefix : rules.prefixes()) {
            lines.add(prefix + " sources " + prefix.prefixSourceRules() + " plain " + prefix.plain() + " via "
                    + prefix.viaRules() + " public " + prefix.isPublic);
        }
        for (NodeAccess node : rules.nodes()) {
            lines.add(node + " " + node.routes().effective() + " spelled " + node.rules.ownerSources + " exit "
                    + node.exit() + " exit despite via " + node.exitDespiteVia() + " reachable " + node.rules.reachable
                    + " written " + node.rules.filterRules + " via " + node.rules.via + " filter "
                    + rules.explainedFilter(node.id()));
        }
        for (int entry : rules.index.numbers.order) {
            lines.add("sources of " + entry + " " + rules.sums.sum(entry) + " " + rules.sums.isEmpty(entry));
        }
        return String.join("\n", lines);
    }
}
