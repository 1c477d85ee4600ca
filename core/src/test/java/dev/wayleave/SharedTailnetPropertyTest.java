package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.ClockStepDetector;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.Candidate;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.testing.ChangedRows;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Several processes have sessions of one tailnet: with the same rows, each of them elects the same. */
@Domain(RoutingDomain.class)
@Domain(DomainContext.Global.class)
class SharedTailnetPropertyTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");

    private static final int REPLICAS = 3;

    private static final List<Duration> STEPS =
            List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofSeconds(1), Duration.ofSeconds(-1));

    @Provide
    static Arbitrary<List<Script>> histories() {
        return RoutingArbitraries.scripts().list().ofSize(SLOW ? 50 : 2);
    }

    /** The rows, and what each commit wrote. */
    private static final class Database {

        private final RoutingState start;
        private final List<RowChanges> commits = new ArrayList<>();
        private StateRows rows;
        private int starts;

        Database(RoutingState start) {
            this.start = start;
            this.rows = start.rows();
        }

        void commit(RowChanges changes) {
            commits.add(changes);
            rows = changes.applyTo(rows);
        }
    }

    /** A process that shares the tailnet; beside its state, which follows, one that reloads all rows. */
    private static final class Replica {

        private final Database database;
        private SessionHolder self;
        private RoutingState following;
        private RoutingState reloading;
        private int revision;

        Replica(Database database, Instant now) {
            this.database = database;
            self = new SessionHolder("start-" + ++database.starts);
            restart(now);
        }

        /** All sessions are lost, and the process is another holder. */
        void restart(Instant now) {
            self = new SessionHolder("start-" + ++database.starts);
            following = database.commits.isEmpty()
                    ? RoutingState.emptyShared(database.start.tailnet(), database.start.settings(), self, now)
                    : RoutingState.restoreShared(database.rows, self, now);
            reloading = following;
            revision = database.commits.size();
        }

        void catchUp(Instant now) {
            if (revision == database.commits.size()) {
                return;
            }
            RowChanges changes = ChangedRows.merged(database.commits.subList(revision, database.commits.size()));
            FollowedState followed = Routing.follow(following, changes, now);
            assertThat(followed.touched()).isEqualTo(RowDiff.touched(following, followed.next()));
            following = followed.next();
            reloading = reloading.reload(database.rows, now);
            revision = database.commits.size();
            assertSame();
        }

        void commit(List<Submission> submissions, Instant now) {
            catchUp(now);
            Step one = Routing.step(following, submissions, now);
            Step other = Routing.step(reloading, submissions, now);
            assertThat(one.events()).isEqualTo(other.events());
            assertThat(one.rowChanges()).isEqualTo(other.rowChanges());
            following = one.next();
            reloading = other.next();
            if (!one.rowChanges().isEmpty()) {
                database.commit(one.rowChanges());
                revision = database.commits.size();
                assertThat(ChangedRows.between(database.rows, following.rows())).isEqualTo(RowChanges.none());
            }
            assertSame();
        }

        Submission report(NodeState node) {
            SessionId session = following
                    .lastHeard(node.id())
                    .flatMap(heard -> node.session())
                    .orElse(null);
            return Submission.of(new Actor("replica"), new Command.ReportSession(node.id(), self, session));
        }

        private void assertSame() {
            assertThat(following.canonicalText()).isEqualTo(reloading.canonicalText());
            assertThat(following.fields.deadlines).isEqualTo(reloading.fields.deadlines);
            assertThat(following.fields.failBacks).isEqualTo(reloading.fields.failBacks);
            assertThat(following.fields.heard.earliestTime()).isEqualTo(reloading.fields.heard.earliestTime());
        }
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void replicasWithTheSameRowsElectTheSame(@ForAll("histories") List<Script> histories, @ForAll long seed) {
        histories.forEach(script -> run(script, new Random(seed)));
    }

    private static void run(Script script, Random random) {
        Database database = new Database(script.start());
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(new Replica(database, script.start().now()));
        }
        Instant now = script.start().now();
        Duration steps = Duration.ZERO;
        for (Script.Moment moment : script.moments()) {
            Instant at = moment.at().plus(steps);
            now = at.isBefore(now) ? now : at;
            if (random.nextInt(10) == 0) {
                Duration step = STEPS.get(random.nextInt(STEPS.size()));
                steps = steps.plus(step);
                now = now.plus(step);
                stepClock(replicas, step, now);
            }
            if (random.nextInt(12) == 0) {
                die(replicas, random, now);
            }
            if (random.nextInt(4) == 0) {
                settle(replicas, now);
            }
            replicas.get(random.nextInt(REPLICAS)).commit(withoutClock(moment.submissions()), now);
            if (random.nextInt(3) == 0) {
                report(replicas, random::nextBoolean, now);
            }
        }
        settle(replicas, now);
        report(replicas, () -> true, now);
        settle(replicas, now);
        for (NodeState node : replicas.get(0).following.nodes().values()) {
            assertThat(replicas)
                    .extracting(replica ->
                            isOnline(replica.following.node(node.id()).orElseThrow()))
                    .as(node.toString())
                    .containsOnly(isOnline(node));
        }
    }

    private static boolean isOnline(NodeState node) {
        return node.liveness() == Liveness.ONLINE;
    }

    /** Each process reports its sessions to each other process; any of these messages may be lost. */
    private static void report(List<Replica> replicas, BooleanSupplier arrives, Instant now) {
        for (Replica from : replicas) {
            for (Replica to : replicas) {
                List<Submission> reports = from.following.nodes().values().stream()
                        .filter(node -> from != to && arrives.getAsBoolean())
                        .map(from::report)
                        .toList();
                if (!reports.isEmpty()) {
                    to.commit(reports, now);
                }
            }
        }
    }

    /** The clock of all processes is stepped; each notices it by itself. */
    private static void stepClock(List<Replica> replicas, Duration step, Instant now) {
        Submission stepped = Submission.of(new Actor("clock"), new Command.StepClock(step));
        replicas.forEach(replica -> replica.commit(List.of(stepped), now));
        for (Replica replica : replicas) {
            assertThat(replica.following.now()).isEqualTo(now);
            for (NodeState node : replica.following.nodes().values()) {
                assertThat(node.absentSince().orElse(now).minus(ClockStepDetector.THRESHOLD))
                        .isBefore(now);
            }
        }
    }

    private static void die(List<Replica> replicas, Random random, Instant now) {
        int dead = random.nextInt(REPLICAS);
        Submission end = Submission.of(new Actor("replica"), new Command.EndSessions(replicas.get(dead).self));
        // what is stored ends once; what was reported, at each process
        for (int i = 1; i < REPLICAS; i++) {
            replicas.get((dead + i) % REPLICAS).commit(List.of(end), now);
        }
        replicas.get(dead).restart(now);
    }

    /** Time passes at each of them, until no replica writes. */
    private static void settle(List<Replica> replicas, Instant now) {
        Database database = replicas.get(0).database;
        int written;
        do {
            written = database.commits.size();
            replicas.forEach(replica -> replica.commit(List.of(), now));
        } while (database.commits.size() > written);
        replicas.forEach(replica -> replica.catchUp(now));
        RoutingState first = replicas.get(0).following;
        for (Replica replica : replicas) {
            RoutingState state = replica.following;
            assertThat(state.rows()).isEqualTo(first.rows());
            assertThat(state.routes().keySet()).isEqualTo(first.routes().keySet());
            for (RouteState route : state.routes().values()) {
                RouteState other = first.route(route.prefix()).orElseThrow();
                assertThat(candidates(route)).isEqualTo(candidates(other));
                assertThat(route.primary()).isEqualTo(other.primary());
                assertThat(route.failsBackAt()).isEqualTo(other.failsBackAt());
                assertThat(Routing.election(state, route.prefix())).isEqualTo(Routing.election(first, route.prefix()));
            }
        }
    }

    private static List<Candidate> candidates(RouteState route) {
        return route.candidates();
    }

    /** The submissions without the steps of the clock: all processes use one clock. */
    private static List<Submission> withoutClock(List<Submission> submissions) {
        return submissions.stream()
                .filter(submission -> submission.commands().stream().noneMatch(Command.StepClock.class::isInstance))
                .toList();
    }
}
