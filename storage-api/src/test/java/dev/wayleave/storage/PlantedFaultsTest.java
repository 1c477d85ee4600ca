package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.RETRY;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.FollowedState;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.PlantedFaults.Kind;
import dev.wayleave.storage.ScriptedStore.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Something throws at one point of a turn: the host's clock, random numbers, executor, scheduler, listener, observer,
 * log, session channel or receiver of a receipt, the store, or a function of the library. Whatever it is, each
 * submission has one answer, the next revision is published, and the controller can be closed.
 *
 * <p>A fault case that meets every point is run once without a fault. Then it is run with a fault at each call of each
 * point, of each kind in turn, and with a fault of each kind that stays at each point from some call on.
 */
class PlantedFaultsTest {

    private static final long POISON = 666;

    /** The point after which the scheduler is gone: the controller closes. */
    private static final String SCHEDULE = PlantedFaults.SCHEDULE;

    /** The points without which a controller waits. */
    private static final List<String> ENDS_SERVICE = List.of(
            "store.load", "store.commit", "store.changes", "store.events", "store.renewLease", "executor.before");

    /** The points whose faults change no answer. */
    private static final List<String> HARMLESS =
            List.of("executor.after", "listener", "log", "receiver", "random", "channel.wake", "scheduler.cancel");

    /** From which calls on a fault stays. */
    private static final List<Integer> FIRST_CALLS = List.of(1, 2, 3, 5, 8, 13, 21, 34);

    /** Of calls that come again and again with the time, the first ones are tried. */
    private static final int MOST_CALLS = 12;

    /** What was made last: there is one log for all. */
    private static FaultCase running;

    private static LogRecords log;

    @BeforeAll
    static void watchTheLog() {
        log = LogRecords.begin(entry -> running.log(entry));
    }

    @AfterAll
    static void leaveTheLog() {
        log.close();
    }

    /** How the controller is opened. */
    private enum Mode {
        /** With sessions, without a replica. */
        ALONE(Integer.MAX_VALUE),
        FOLLOWING(MOST_CALLS),
        OWNER(MOST_CALLS),
        SHARED(MOST_CALLS);

        /** How many calls of a point are tried. */
        private final int most;

        Mode(int most) {
            this.most = most;
        }

        boolean hasReplica() {
            return this == OWNER || this == SHARED;
        }

        /** What the surroundings of every controller throw is tried with one that is alone. */
        boolean plantsAt(String point) {
            return this == ALONE
                    || point.startsWith("store.")
                    || point.startsWith("channel.")
                    || point.equals("follow")
                    || point.equals("reload");
        }
    }

    private static final class Attempt {
        private final long number;
        private final CompletableFuture<Receipt> answer;
        private int answers;

        Attempt(long number, CompletableFuture<Receipt> answer) {
            this.number = number;
            this.answer = answer;
            var unused = answer.whenComplete((receipt, failure) -> answers++);
        }
    }

    /** A controller all of whose surroundings may throw. */
    private static final class FaultCase {
        private final Mode mode;
        private final PlantedFaults faults = new PlantedFaults();
        private final ManualHost host = new ManualHost();
        private final long begun = host.steadyNanos();
        private final ScriptedStore store = new ScriptedStore(this::storeTime);
        private final RoutingStore faulty = new FaultyStore(store, faults);
        private final List<Attempt> tried = new ArrayList<>();
        private final List<Publication> publications = new ArrayList<>();
        private final @Nullable Replica replica;
        private final RouteController controller;
        private CompletableFuture<Snapshot> refreshed = new CompletableFuture<>();

        private FaultCase(Mode mode) {
            this.mode = mode;
            running = this;
            replica = mode.hasReplica() ? joined("one", faulty, host) : null;
            controller = open();
        }

        private static Replica joined(String id, RoutingStore store, ManualHost host) {
            return Replica.join(store, new ReplicaId(id), host, host, LeaseRule.DEFAULT, host::steadyNanos);
        }

        /** The store's clock is not stepped. */
        private Instant storeTime() {
            return ManualHost.START.plusNanos(host.steadyNanos() - begun);
        }

        /** The time of the controller. */
        private Instant now() {
            return mode == Mode.SHARED ? storeTime() : host.instant();
        }

        /** Prints what was thrown, as a log does. */
        private void log(LogRecord entry) {
            Throwable thrown = entry.getThrown();
            if (thrown != null) {
                var unused = thrown.toString();
            }
            faults.call("log");
        }

        private RouteController open() {
            RouteControllerBuilder builder = RouteController.builder(
                            faulty, TAILNET, faults.scheduler(host), faults.clock(host))
                    .steadyNanos(faults.steadyNanos(host))
                    .executor(faults.executor(host))
                    .random(faults.random())
                    .retry(RETRY)
                    .queueLimit(4)
                    .listener(publication -> faults.call("listener"))
                    .listener(publications::add)
                    .observer(faults.observer())
                    .functions(functions());
            if (mode == Mode.FOLLOWING || mode == Mode.SHARED) {
                builder.following(Duration.ofSeconds(5));
            }
            if (replica != null) {
                builder.replica(replica);
            }
            if (mode == Mode.SHARED) {
                builder.shared().sessionChannel(new FaultyChannel(faults));
            }
            RouteController opened = builder.open();
            host.run();
            return opened;
        }

        private RoutingFunctions functions() {
            return new RoutingFunctions() {
                @Override
                public Step step(RoutingState state, List<Submission> submissions, Instant now) {
                    faults.call("step");
                    if (submissions.stream().anyMatch(by("poison", registered(POISON))::equals)) {
                        throw new IllegalStateException("poison");
                    }
                    return RoutingFunctions.super.step(state, submissions, now);
                }

                @Override
                public FollowedState follow(RoutingState state, RowChanges changes, Instant now) {
                    faults.call("follow");
                    return RoutingFunctions.super.follow(state, changes, now);
                }

                @Override
                public RoutingState reload(RoutingState state, StateRows rows, Instant now) {
                    faults.call("reload");
                    return RoutingFunctions.super.reload(state, rows, now);
                }

                @Override
                public Receipt receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {
                    faults.call("receipt");
                    return RoutingFunctions.super.receipt(revision, result, events);
                }
            };
        }

        private void submit(String actor, long number, Command... more) {
            List<Command> commands = new ArrayList<>(List.of(registered(number)));
            commands.addAll(List.of(more));
            try {
                CompletionStage<Receipt> stage = controller.submit(by(actor, commands.toArray(Command[]::new)));
                stage.whenComplete((receipt, failure) -> faults.call("receiver"));
                tried.add(new Attempt(number, stage.toCompletableFuture()));
            } catch (Throwable e) {
                throw new AssertionError("submit threw", e);
            }
        }

        /** Meets everything that a controller can meet and go on from. */
        private void run() {
            if (mode == Mode.OWNER) {
                loseAnotherTailnet();
            } else if (mode == Mode.SHARED) {
                loseAnotherReplica();
            }
            for (long router = 1; router <= 2; router++) {
                submit(
                        "router",
                        router,
                        ControllerFixture.connected(router),
                        advertised(router, LAN),
                        ControllerFixture.approved(router, LAN));
                host.pass(Duration.ofSeconds(3));
            }
            // a poison, a refusal, a full queue and a refresh
            submit("one", 10);
            submit("poison", POISON);
            submit("refused", 11, advertised(99, LAN));
            submit("two", 12);
            submit("full", 13);
            refreshed = controller.refresh().toCompletableFuture();
            host.pass(Duration.ofSeconds(9));
            // a conflict, a reload, and commits with an unknown outcome
            writeElsewhere(20);
            submit("three", 14);
            host.pass(Duration.ofSeconds(9));
            store.next(Fault.UNKNOWN_LANDED, Fault.UNKNOWN_LOST, Fault.CONFLICT);
            submit("four", 15);
            host.pass(Duration.ofSeconds(9));
            submit("five", 16);
            host.pass(Duration.ofSeconds(9));
            // an outage, in which a router goes
            store.down(true);
            submit("six", 17, disconnected(1));
            submit("heard", 18, heard(2));
            host.pass(Duration.ofSeconds(4));
            store.down(false);
            host.pass(Duration.ofSeconds(40));
            // a step of the clock
            host.stepClock(Duration.ofHours(-1));
            submit("after the step", 19, heard(2));
            host.pass(Duration.ofSeconds(9));
            if (mode.hasReplica()) {
                // the process is suspended beyond its lease
                submit("before the sleep", 21);
                host.oversleep(LeaseRule.DEFAULT.length().plusSeconds(5));
                host.pass(Duration.ofSeconds(9));
            }
        }

        /** The replica owns another tailnet, which is taken over. */
        private void loseAnotherTailnet() {
            TailnetId other = new TailnetId("other");
            RouteController owner = RouteController.builder(store, other, host, host)
                    .steadyNanos(host::steadyNanos)
                    .replica(Objects.requireNonNull(replica))
                    .open();
            var unused = owner.submit(by("owner", registered(1)));
            host.run();
            store.own(other, 1, new ReplicaId("two")).orElseThrow();
        }

        /** Another process has a router, and dies. */
        private void loseAnotherReplica() {
            ManualHost dead = new ManualHost();
            RouteController dying = RouteController.builder(store, TAILNET, dead, dead)
                    .steadyNanos(dead::steadyNanos)
                    .replica(joined("dead", store, dead))
                    .shared()
                    .open();
            var unused = dying.submit(by("dying", registered(3), ControllerFixture.connected(3), advertised(3, LAN)));
            dead.run();
        }

        void close() {
            controller.close();
            if (replica != null) {
                replica.close(); // which ends the controller of the other tailnet
                host.run();
            }
        }

        private void writeElsewhere(long node) {
            RouteController other = RouteController.builder(store, TAILNET, host, host)
                    .steadyNanos(host::steadyNanos)
                    .retry(RETRY)
                    .withoutSessions()
                    .open();
            CompletableFuture<Receipt> receipt =
                    other.submit(by("elsewhere", registered(node))).toCompletableFuture();
            other.close();
            receipt.join();
        }

        /** Its row is written again when its session begins or ends. */
        private static boolean isRouter(long number) {
            return number <= 2;
        }

        /** Each submission has one answer, and the answer is true. */
        private void checkAnswers() {
            Optional<StoredTailnet> stored = store.load(TAILNET);
            assertThat(refreshed).isDone();
            for (Attempt each : tried) {
                assertThat(each.answers).as("answers of number %s", each.number).isEqualTo(1);
                boolean there = stored.isPresent()
                        && stored.get().rows().nodes().stream()
                                .anyMatch(row -> row.facts().id().equals(new NodeId(each.number)));
                boolean mayBeThere = false;
                boolean isThere = false;
                if (!each.answer.isCompletedExceptionally()) {
                    isThere = each.answer.join().result() instanceof SubmissionResult.Accepted;
                } else if (failure(each.answer) instanceof InternalErrorException internal) {
                    isThere = internal.stored().isPresent();
                } else {
                    mayBeThere = failure(each.answer) instanceof IndeterminateCommitException;
                }
                assertThat(there || mayBeThere)
                        .as("number %s is stored, and was answered %s", each.number, each.answer)
                        .isEqualTo(isThere || mayBeThere);
                long commits = store.written().stream()
                        .filter(commit -> commit.rowChanges().nodes().upserts().stream()
                                .anyMatch(row -> row.facts().id().equals(new NodeId(each.number))))
                        .count();
                assertThat(commits)
                        .as("commits of number %s", each.number)
                        .isLessThanOrEqualTo(isRouter(each.number) ? Long.MAX_VALUE : 1);
            }
        }
    }

    /** How often each point is called in the fault case, with {@code open} and without it. */
    private static Map<String, Integer> callsWithoutFaults(Mode mode) {
        FaultCase faultCase = new FaultCase(mode);
        faultCase.run();
        Map<String, Integer> calls = faultCase.faults.calls();
        calls.keySet().removeIf(point -> !mode.plantsAt(point));
        return calls;
    }

    static Stream<Arguments> eachCallOfEachPoint() {
        return Arrays.stream(Mode.values()).flatMap(PlantedFaultsTest::eachCallOfEachPoint);
    }

    private static Stream<Arguments> eachCallOfEachPoint(Mode mode) {
        Map<String, Integer> calls = callsWithoutFaults(mode);
        calls.remove(SCHEDULE);
        // the first ones are made by `open`, which throws what they throw
        PlantedFaults opening = new FaultCase(mode).faults;
        return calls.entrySet().stream()
                .flatMap(point -> IntStream.rangeClosed(
                                1, Math.min(mode.most, point.getValue() - opening.calls(point.getKey())))
                        .mapToObj(n -> Arguments.of(mode, point.getKey(), n, kind(point.getKey(), n))));
    }

    private static Kind kind(String point, int number) {
        List<Kind> kinds = kinds(point);
        return kinds.get(number % kinds.size());
    }

    /** Of what one receiver throws, the JDK makes a text before it calls the next receiver of the same stage. */
    private static List<Kind> kinds(String point) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind != Kind.UNPRINTABLE || !point.equals("receiver"))
                .toList();
    }

    static Stream<Arguments> eachPoint() {
        return Stream.concat(fromTheBeginning(), fromLaterCalls());
    }

    private static Stream<Arguments> fromLaterCalls() {
        return Arrays.stream(Mode.values()).flatMap(mode -> {
            PlantedFaults opening = new FaultCase(mode).faults;
            return callsWithoutFaults(mode).entrySet().stream()
                    .flatMap(point -> FIRST_CALLS.stream()
                            .filter(n -> n > 1 && n <= point.getValue() - opening.calls(point.getKey()))
                            .map(n -> Arguments.of(mode, point.getKey(), n, kind(point.getKey(), n))));
        });
    }

    private static Stream<Arguments> fromTheBeginning() {
        return Arrays.stream(Mode.values()).flatMap(mode -> {
            Stream<String> atTheEnd = mode.hasReplica()
                    ? Stream.of("store.disown", "store.leaveReplica", "store.lease")
                    : Stream.of("observer.failed");
            Stream<String> ofChannel = mode == Mode.SHARED ? Stream.of("channel.close") : Stream.empty();
            return Stream.of(callsWithoutFaults(mode).keySet().stream(), atTheEnd, ofChannel)
                    .flatMap(points -> points)
                    .flatMap(point -> (mode == Mode.ALONE
                                    ? kinds(point).stream()
                                    : Stream.of(kind(point, mode.ordinal() + point.length())))
                            .map(kind -> Arguments.of(mode, point, 1, kind)));
        });
    }

    @Test
    void theFaultCaseMeetsTheMethodsOfAnObserverOfOneTailnet() {
        List<String> others = List.of("observer.failed", "observer.loaded", "observer.loadFailed", "observer.unloaded");
        assertThat(callsWithoutFaults(Mode.ALONE).keySet())
                .containsAll(Arrays.stream(RoutingObserver.class.getMethods())
                        .map(method -> "observer." + method.getName())
                        .filter(name -> !others.contains(name))
                        .toList());
    }

    @Test
    void theFaultCasesMeetEveryCallOfTheStoreThatIsMadeAgain() {
        Set<String> met = Arrays.stream(Mode.values())
                .flatMap(mode -> callsWithoutFaults(mode).keySet().stream())
                .collect(Collectors.toSet());
        assertThat(met)
                .contains("store.load", "store.changes", "store.commits", "store.events", "store.commit.before")
                .contains("store.withLock.before", "store.owner", "store.ownedBy", "store.renewLease")
                .contains("store.leases", "store.endLease", "follow", "reload", "channel.wake");
    }

    @ParameterizedTest(name = "{0}, {1}, call {2}: {3}")
    @MethodSource("eachCallOfEachPoint")
    void oneFaultStopsNoAnswerAndNoLaterRevision(Mode mode, String point, int call, Kind kind) {
        FaultCase faultCase = new FaultCase(mode);
        int before = faultCase.faults.calls(point);
        faultCase.faults.plant(point, before + call, before + call + 1, kind);

        faultCase.run();

        faultCase.checkAnswers();
        Revision revision = faultCase.controller.current().revision();
        faultCase.submit("last", 30);
        faultCase.host.pass(Duration.ofSeconds(9));
        assertThat(faultCase.controller.current().revision()).isEqualTo(revision.next());
        assertThat(faultCase.controller.current().state().nextDeadline().filter(faultCase.now()::isAfter))
                .as("what is due, and not done")
                .isEmpty();
        StoredTailnet stored = faultCase.store.load(TAILNET).orElseThrow();
        assertThat(stored.revision()).isEqualTo(revision.next());
        assertThat(faultCase.controller.current().state().rows()).isEqualTo(stored.rows());
        for (int i = 1; i < faultCase.publications.size(); i++) {
            assertThat(faultCase.publications.get(i).before())
                    .isSameAs(faultCase.publications.get(i - 1).after());
        }
        faultCase.close();
        faultCase.checkAnswers();
        if (!point.equals("scheduler.cancel")) {
            assertThat(faultCase.host.due()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}, {1}, from call {2}: {3}")
    @MethodSource("eachPoint")
    void aLastingFaultLeavesNoSubmissionWithoutAnAnswer(Mode mode, String point, int call, Kind kind) {
        FaultCase faultCase = new FaultCase(mode);
        faultCase.faults.plant(point, faultCase.faults.calls(point) + call, Integer.MAX_VALUE, kind);
        boolean isGone = ENDS_SERVICE.stream().anyMatch(point::startsWith);

        faultCase.run();
        faultCase.submit("last", 30);
        faultCase.host.pass(Duration.ofMinutes(1));

        if (!isGone) {
            faultCase.checkAnswers();
        }
        if (HARMLESS.contains(point) || point.startsWith("observer.")) {
            assertThat(faultCase.tried.get(faultCase.tried.size() - 1).answer).isCompleted();
            assertThat(faultCase.controller.isClosed()).isFalse();
        }
        faultCase.close();
        faultCase.checkAnswers();
        faultCase.submit("late", 31);
        faultCase.checkAnswers();
        if (!point.equals("scheduler.cancel")) {
            assertThat(faultCase.host.due()).isEmpty();
        }
    }
}
