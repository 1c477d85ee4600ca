package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerTesting.LAN;
import static dev.wayleave.storage.ControllerTesting.RETRY;
import static dev.wayleave.storage.ControllerTesting.TAILNET;
import static dev.wayleave.storage.ControllerTesting.advertised;
import static dev.wayleave.storage.ControllerTesting.by;
import static dev.wayleave.storage.ControllerTesting.disconnected;
import static dev.wayleave.storage.ControllerTesting.failure;
import static dev.wayleave.storage.ControllerTesting.heard;
import static dev.wayleave.storage.ControllerTesting.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.ScriptedStore.Fault;
import dev.wayleave.storage.contract.ForwardingStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Supplier;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Something throws at one point of a turn: the host's clock, random numbers, executor, scheduler, listener, observer,
 * log or receiver of a receipt, the store, or a function of the library. Whatever it is, each submission has one
 * answer, the next revision is published, and the controller can be closed.
 *
 * <p>A scenario that meets every point is run once without a fault. Then it is run with a fault at each call of each
 * point, of each kind in turn, and with a fault of each kind that stays at each point.
 */
class PlantedFaultsTest {

    private static final long POISON = 666;

    /** The points after which the scheduler is gone: the controller closes. */
    private static final String SCHEDULE = "scheduler.schedule";

    /** What was made last: there is one log for all. */
    private static Scenario running;

    private static LogRecords log;

    @BeforeAll
    static void watchTheLog() {
        log = LogRecords.begin(entry -> running.log(entry));
    }

    @AfterAll
    static void leaveTheLog() {
        log.close();
    }

    private enum Kind {
        RUNTIME_EXCEPTION(() -> new IllegalStateException("planted")),
        ERROR(() -> new StackOverflowError("planted")),
        /** What hosts in other languages throw without declaring it. */
        CHECKED_EXCEPTION(() -> new IOException("planted")),
        /** What breaks the log, too. */
        UNPRINTABLE(Unprintable::new);

        private final Supplier<Throwable> maker;

        Kind(Supplier<Throwable> maker) {
            this.maker = maker;
        }
    }

    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("unprintable");
        }
    }

    /** Counts the calls of each point, and throws at some of them. */
    private static final class Faults {
        private final Map<String, Integer> calls = new TreeMap<>();
        private String point = "";
        private int from;
        private int until;
        private Kind kind = Kind.ERROR;

        void plant(String where, int first, int afterLast, Kind what) {
            point = where;
            from = first;
            until = afterLast;
            kind = what;
        }

        void call(String where) {
            int call = calls.merge(where, 1, Integer::sum);
            if (where.equals(point) && call >= from && call < until) {
                throw sneaky(kind.maker.get());
            }
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> RuntimeException sneaky(Throwable throwable) throws T {
            throw (T) throwable;
        }
    }

    private static final class Tried {
        private final long number;
        private final CompletableFuture<Receipt> answer;
        private int answers;

        Tried(long number, CompletableFuture<Receipt> answer) {
            this.number = number;
            this.answer = answer;
            var unused = answer.whenComplete((receipt, failure) -> answers++);
        }
    }

    /** A controller all of whose surroundings may throw. */
    private static final class Scenario {
        private final Faults faults = new Faults();
        private final ManualHost host = new ManualHost();
        private final ScriptedStore store = new ScriptedStore();
        private final List<Tried> tried = new ArrayList<>();
        private final List<Publication> publications = new ArrayList<>();
        private final RouteController controller;
        private CompletableFuture<Snapshot> refreshed = new CompletableFuture<>();

        private Scenario() {
            running = this;
            controller = open();
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
            RouteController opened = RouteController.builder(store(), TAILNET, scheduler(), () -> {
                        faults.call("clock");
                        return host.instant();
                    })
                    .steadyNanos(() -> {
                        faults.call("steadyNanos");
                        return host.steadyNanos();
                    })
                    .executor(task -> {
                        faults.call("executor.before");
                        host.execute(task);
                        faults.call("executor.after");
                    })
                    .random(() -> {
                        faults.call("random");
                        return 0;
                    })
                    .retry(RETRY)
                    .queueLimit(4)
                    .listener(publication -> faults.call("listener"))
                    .listener(publications::add)
                    .observer(observer())
                    .functions(functions())
                    .open();
            host.run();
            return opened;
        }

        private RoutingStore store() {
            return new ForwardingStore(store) {
                @Override
                public Optional<StoredTailnet> load(TailnetId tailnet) {
                    faults.call("store.load");
                    return super.load(tailnet);
                }

                @Override
                public CommitOutcome commit(Commit commit) {
                    faults.call("store.commit.before");
                    CommitOutcome outcome = super.commit(commit);
                    faults.call("store.commit.after");
                    return outcome;
                }
            };
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
                public Receipt receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {
                    faults.call("receipt");
                    return RoutingFunctions.super.receipt(revision, result, events);
                }
            };
        }

        private ScheduledExecutorService scheduler() {
            return proxy(ScheduledExecutorService.class, (method, arguments) -> {
                if (!method.getName().equals("schedule")) {
                    return method.invoke(host, arguments);
                }
                faults.call(SCHEDULE);
                Object timer = method.invoke(host, arguments);
                return proxy(ScheduledFuture.class, (ofTimer, given) -> {
                    if (ofTimer.getName().equals("cancel")) {
                        faults.call("scheduler.cancel");
                    }
                    return ofTimer.invoke(timer, given);
                });
            });
        }

        private RoutingObserver observer() {
            return proxy(RoutingObserver.class, (method, arguments) -> {
                faults.call("observer." + method.getName());
                return null;
            });
        }

        private void submit(String actor, long number, Command... more) {
            List<Command> commands = new ArrayList<>(List.of(registered(number)));
            commands.addAll(List.of(more));
            try {
                CompletionStage<Receipt> stage = controller.submit(by(actor, commands.toArray(Command[]::new)));
                stage.whenComplete((receipt, failure) -> faults.call("receiver"));
                tried.add(new Tried(number, stage.toCompletableFuture()));
            } catch (Throwable e) {
                throw new AssertionError("submit threw", e);
            }
        }

        /** Meets everything that a controller can meet and go on from. */
        private void run() {
            for (long router = 1; router <= 2; router++) {
                submit(
                        "router",
                        router,
                        ControllerTesting.connected(router),
                        advertised(router, LAN),
                        ControllerTesting.approved(router, LAN));
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
            // a conflict, a reload, and commits of which nobody knows
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
            for (Tried each : tried) {
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

    @FunctionalInterface
    private interface Handling {
        Object handle(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    @SuppressWarnings("unchecked")
    private static <T> T proxy(Class<? super T> type, Handling handling) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            try {
                return handling.handle(method, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private static Map<String, Integer> callsWithoutFaults() {
        Scenario scenario = new Scenario();
        scenario.run();
        return scenario.faults.calls;
    }

    static Stream<Arguments> eachCallOfEachPoint() {
        Map<String, Integer> calls = callsWithoutFaults();
        calls.remove(SCHEDULE);
        // the first ones are made by `open`, which throws what they throw
        Map<String, Integer> opening = new Scenario().faults.calls;
        return calls.entrySet().stream()
                .flatMap(point -> Stream.iterate(1, n -> n + 1)
                        .limit(point.getValue() - opening.getOrDefault(point.getKey(), 0))
                        .map(n -> Arguments.of(point.getKey(), n, kind(point.getKey(), n))));
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
        return Stream.concat(callsWithoutFaults().keySet().stream(), Stream.of("observer.failed"))
                .flatMap(point -> kinds(point).stream().map(kind -> Arguments.of(point, kind)));
    }

    @Test
    void the_scenario_meets_every_method_of_an_observer_but_those_of_the_end_and_of_many_tailnets() {
        List<String> others = List.of("observer.failed", "observer.loaded", "observer.loadFailed", "observer.unloaded");
        assertThat(callsWithoutFaults().keySet())
                .containsAll(Arrays.stream(RoutingObserver.class.getMethods())
                        .map(method -> "observer." + method.getName())
                        .filter(name -> !others.contains(name))
                        .toList());
    }

    @ParameterizedTest(name = "{0}, call {1}: {2}")
    @MethodSource("eachCallOfEachPoint")
    void one_fault_stops_no_answer_and_no_later_revision(String point, int call, Kind kind) {
        Scenario scenario = new Scenario();
        int before = scenario.faults.calls.getOrDefault(point, 0);
        scenario.faults.plant(point, before + call, before + call + 1, kind);

        scenario.run();

        scenario.checkAnswers();
        Revision revision = scenario.controller.current().revision();
        scenario.submit("last", 30);
        scenario.host.pass(Duration.ofSeconds(9));
        assertThat(scenario.controller.current().revision()).isEqualTo(revision.next());
        assertThat(scenario.controller.current().state().nextDeadline().filter(scenario.host.instant()::isAfter))
                .as("what is due, and not done")
                .isEmpty();
        StoredTailnet stored = scenario.store.load(TAILNET).orElseThrow();
        assertThat(stored.revision()).isEqualTo(revision.next());
        assertThat(scenario.controller.current().state().rows()).isEqualTo(stored.rows());
        for (int i = 1; i < scenario.publications.size(); i++) {
            assertThat(scenario.publications.get(i).before())
                    .isSameAs(scenario.publications.get(i - 1).after());
        }
        scenario.controller.close();
        scenario.checkAnswers();
        if (!point.equals("scheduler.cancel")) {
            assertThat(scenario.host.due()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("eachPoint")
    void a_fault_that_stays_leaves_no_submission_without_an_answer_when_the_controller_is_closed(
            String point, Kind kind) {
        Scenario scenario = new Scenario();
        scenario.faults.plant(point, scenario.faults.calls.getOrDefault(point, 0) + 1, Integer.MAX_VALUE, kind);
        boolean isGone = point.equals("store.load") || point.startsWith("store.commit") || point.startsWith("executor");

        scenario.run();
        scenario.submit("last", 30);
        scenario.host.pass(Duration.ofMinutes(1));

        if (!isGone) {
            scenario.checkAnswers();
        }
        scenario.controller.close();
        scenario.checkAnswers();
        scenario.submit("late", 31);
        scenario.checkAnswers();
        if (!point.equals("scheduler.cancel")) {
            assertThat(scenario.host.due()).isEmpty();
        }
    }
}
