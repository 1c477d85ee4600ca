package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Submission;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.ChangedRows;
import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What follows from changed rows is what a reload of all rows gives, in whatever order processes come and write. */
@Domain(RoutingDomain.class)
@Domain(DomainContext.Global.class)
class FollowPropertyTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");

    /** One history at a time, so that a failure shrinks well; many in the long run. */
    @Provide
    static Arbitrary<List<Script>> histories() {
        return RoutingArbitraries.scripts().list().ofSize(SLOW ? 50 : 1);
    }

    /** One for each preset. */
    @Provide
    static Arbitrary<List<Script>> historiesOfPresets() {
        return Combinators.combine(
                        RoutingArbitraries.scripts(RoutingSettings.DEFAULT),
                        RoutingArbitraries.scripts(RoutingSettings.TAILSCALE),
                        RoutingArbitraries.scripts(RoutingSettings.HEADSCALE))
                .as(List::of);
    }

    @Provide
    static Arbitrary<List<RowChanges>> changes() {
        return ChangedRows.any().list().ofMinSize(1).ofMaxSize(SLOW ? 100 : 8);
    }

    /** What is stored, and what was written for each revision. */
    private static final class Store {

        private final List<RowChanges> commits = new ArrayList<>();
        private StateRows rows;

        Store(RoutingState start) {
            this.rows = start.rows();
        }

        void commit(RowChanges changes) {
            commits.add(changes);
            rows = changes.applyTo(rows);
        }
    }

    /** A process with its own sessions, or without any, that follows the rows; beside it one that reloads them. */
    private static final class Replica {

        private final Store store;
        private RoutingState following;
        private RoutingState reloading;
        private StateRows known;
        private int revision;

        Replica(RoutingState start, Store store) {
            this.store = store;
            this.following = start;
            this.reloading = start;
            this.known = store.rows;
        }

        void catchUp(Instant now, boolean byDifference) {
            if (store.commits.isEmpty()) {
                return;
            }
            // the row of the tailnet is stored with the first commit
            RowChanges changes = byDifference && revision > 0
                    ? ChangedRows.between(known, store.rows)
                    : ChangedRows.merged(store.commits.subList(revision, store.commits.size()));
            FollowedState followed = Routing.follow(following, changes, now);
            RoutingState before = following;
            following = followed.next();
            reloading = reloading.reload(store.rows, now);
            known = store.rows;
            revision = store.commits.size();
            assertSame(following, reloading);
            assertThat(followed.touched()).isEqualTo(RowDiff.touched(before, reloading));
            if (!following.fields.sessions.withoutSessions()) {
                Invariants.check(following);
            }
        }

        void commit(List<Submission> submissions, Instant now) {
            Step one = Routing.step(following, submissions, now);
            Step other = Routing.step(reloading, submissions, now);
            assertThat(one.results()).isEqualTo(other.results());
            assertThat(one.events()).isEqualTo(other.events());
            assertThat(one.rowChanges()).isEqualTo(other.rowChanges());
            assertThat(one.touched()).isEqualTo(other.touched());
            following = one.next();
            reloading = other.next();
            assertSame(following, reloading);
            store.commit(one.rowChanges());
            known = store.rows;
            revision = store.commits.size();
        }
    }

    private static void assertSame(RoutingState one, RoutingState other) {
        assertThat(one.canonicalText()).isEqualTo(other.canonicalText());
        assertThat(one.nextDeadline()).isEqualTo(other.nextDeadline());
        assertThat(one.fields.hasRow).isEqualTo(other.fields.hasRow);
        assertThat(one.fields.keys.undecided()).isEqualTo(other.fields.keys.undecided());
        assertThat(one.fields.deadlines).isEqualTo(other.fields.deadlines);
        assertThat(one.fields.failBacks).isEqualTo(other.fields.failBacks);
        assertThat(one.fields.repairs).isEqualTo(other.fields.repairs);
        assertThat(one.routes().values())
                .extracting(RouteState::failsBackAt)
                .containsExactlyElementsOf(other.routes().values().stream()
                        .map(RouteState::failsBackAt)
                        .toList());
        for (NodeState node : other.nodes().values()) {
            assertThat(one.nodeWithHostKey(node.facts().hostKey())).contains(node.id());
            node.facts()
                    .addresses()
                    .forEach(address -> assertThat(one.fields.keys.withAddress(address))
                            .isEqualTo(other.fields.keys.withAddress(address)));
        }
    }

    @Property(tries = 8, edgeCases = EdgeCasesMode.NONE)
    void aReplicaThatFollowsHasTheStateOfOneThatReloads(
            @ForAll("histories") List<Script> histories, @ForAll long seed) {
        histories.forEach(script -> run(script, new Random(seed)));
    }

    @Property(tries = 1, edgeCases = EdgeCasesMode.NONE)
    void soItIsUnderEachPreset(@ForAll("historiesOfPresets") List<Script> histories, @ForAll long seed) {
        histories.forEach(script -> run(script, new Random(seed)));
    }

    /** Two replicas with sessions and one without, which is behind for longer. */
    private static void run(Script script, Random random) {
        RoutingState start = script.start();
        Store store = new Store(start);
        List<Replica> replicas = List.of(
                new Replica(start, store),
                new Replica(start, store),
                new Replica(RoutingState.emptyWithoutSessions(start.tailnet(), start.settings(), start.now()), store));
        for (Script.Moment moment : script.moments()) {
            for (int i = 0; i < replicas.size(); i++) {
                if (random.nextInt(i == 2 ? 6 : 2) == 0) {
                    replicas.get(i).catchUp(moment.at(), random.nextBoolean());
                }
            }
            Replica writer = replicas.get(Math.min(2, random.nextInt(5) / 2));
            writer.catchUp(moment.at(), random.nextBoolean());
            writer.commit(moment.submissions(), moment.at());
        }
        for (Replica replica : replicas) {
            replica.catchUp(start.now(), false);
        }
    }

    /** Views that are kept up, of every commit by itself and of several at once, against views from nothing. */
    @Property(tries = 5, edgeCases = EdgeCasesMode.NONE)
    void theViewsAfterChangedRowsAreThoseOfTheNextState(
            @ForAll("histories") List<Script> histories, @ForAll @IntRange(min = 1, max = 4) int every) {
        histories.forEach(script -> followViews(script, every));
    }

    private static void followViews(Script script, int every) {
        RoutingState writer = script.start();
        RoutingViews views = RoutingViews.of(writer);
        List<RowChanges> commits = new ArrayList<>();
        int count = 0;
        for (Script.Moment moment : script.moments()) {
            Step step = Routing.step(writer, moment.submissions(), moment.at());
            writer = step.next();
            commits.add(step.rowChanges());
            if (++count % every == 0) {
                FollowedState followed = Routing.follow(views.state(), ChangedRows.merged(commits), moment.at());
                RoutingViews next = views.after(followed.next(), followed.touched());
                RoutingViews fromNothing = RoutingViews.of(followed.next());
                assertThat(RoutingViewsPropertyTest.everything(next))
                        .isEqualTo(RoutingViewsPropertyTest.everything(fromNothing));
                assertThat(RoutingViewsPropertyTest.byViewer(next.changesSince(views), next))
                        .isEqualTo(RoutingViewsPropertyTest.byViewer(
                                fromNothing.changesSince(RoutingViews.of(views.state())), next));
                views = next;
                commits.clear();
            }
        }
    }

    /** Rows of another program, which may contradict each other, or what is true of a node. */
    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void whateverRowsComeTheyAreTakenOrRefusedAsByAReload(
            @ForAll RoutingState start, @ForAll("changes") List<RowChanges> changes, @ForAll boolean withSessions) {
        RoutingState state = withSessions ? start : RoutingState.restoreWithoutSessions(start.rows(), start.now());
        StateRows rows = start.rows();
        Instant now = start.now();
        for (RowChanges change : changes) {
            RoutingState before = state;
            String unchanged = before.canonicalText();
            Instant at = now.plusSeconds(7);
            StateRows next = change.applyTo(rows);
            Object expected = outcome(() -> before.reload(next, at));
            Object outcome = outcome(() -> Routing.follow(before, change, at).next());
            assertThat(before.canonicalText()).isEqualTo(unchanged);
            if (expected instanceof RoutingState reloaded) {
                assertThat(outcome).isInstanceOf(RoutingState.class);
                state = (RoutingState) outcome;
                assertSame(state, reloaded);
                rows = next;
                now = at;
            } else {
                assertThat(outcome).isEqualTo(expected);
            }
        }
        Step one = Routing.step(state, List.of(), now);
        assertThat(one.rowChanges().applyTo(rows)).isEqualTo(one.next().rows());
    }

    private static Object outcome(Supplier<RoutingState> change) {
        try {
            return change.get();
        } catch (ContradictingRowsException e) {
            return e.problems();
        }
    }
}
