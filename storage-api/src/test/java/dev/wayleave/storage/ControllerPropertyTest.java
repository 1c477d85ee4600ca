package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Under every fault, each submission is stored once or not at all, and its answer is true. */
class ControllerPropertyTest {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

    private final AtomicLong numbers = new AtomicLong(1_000);

    /** A submission that can be recognised: besides all else, it registers a node that no other one does. */
    private Submission marked(Submission submission, long number) {
        List<Command> commands = new ArrayList<>(submission.commands());
        commands.add(ControllerFixture.registered(number));
        return new Submission(submission.actor(), "number " + number, commands);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    @Domain(RoutingDomain.class)
    @Domain(DomainContext.Global.class)
    void eachSubmissionIsStoredOnceOrNotAtAllAndItsAnswerSaysWhich(@ForAll Script script, @ForAll Random random) {
        ControllerFixture testing = new ControllerFixture();
        AtomicInteger failing = new AtomicInteger(20);
        testing.builder
                .newTailnet(script.start().settings())
                .queueLimit(20)
                .functions(failingAtRandom(random, failing));
        testing.open();
        testing.store.breakAtRandom(random, 60);
        List<Attempt> tried = new ArrayList<>();
        for (Script.Moment moment : script.moments()) {
            Duration pause = Duration.between(testing.host.instant(), moment.at());
            if (!pause.isNegative() && random.nextBoolean()) {
                testing.host.pass(pause.compareTo(LONG_ENOUGH) < 0 ? pause : LONG_ENOUGH);
            }
            testing.store.down(random.nextInt(8) == 0);
            if (random.nextInt(8) == 0) {
                testing.host.stepClock(Duration.ofSeconds(random.nextInt(-7_200, 7_200)));
            }
            for (Submission submission : moment.submissions()) {
                long number = numbers.getAndIncrement();
                tried.add(Attempt.submit(testing.controller, marked(submission, number), number, random));
            }
            if (random.nextInt(4) == 0) {
                testing.host.run();
            }
        }
        testing.store.down(false);
        testing.store.breakAtRandom(random, 0);
        failing.set(0);
        testing.host.pass(LONG_ENOUGH);

        testing.store.landLate();
        check(testing.store, tried, List.of(testing.controller), testing.publications);
        testing.controller.close();
    }

    /** So many of a hundred steps and receipts fail. */
    private static RoutingFunctions failingAtRandom(Random random, AtomicInteger ofAHundred) {
        return new RoutingFunctions() {
            @Override
            public Step step(RoutingState state, List<Submission> submissions, Instant now) {
                fail();
                return RoutingFunctions.super.step(state, submissions, now);
            }

            @Override
            public Receipt receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {
                fail();
                return RoutingFunctions.super.receipt(revision, result, events);
            }

            private void fail() {
                if (random.nextInt(100) < ofAHundred.get()) {
                    throw new StackOverflowError("planted");
                }
            }
        };
    }

    @Test
    void manyThreadsAndSeveralControllersOverAStoreThatBreaksLoseNothing() throws Exception {
        boolean slow = Boolean.getBoolean("wayleave.slow");
        int rounds = slow ? 20 : 1;
        for (int seed = 0; seed < rounds; seed++) {
            loseNothing(seed, slow ? 200 : 40);
        }
    }

    private void loseNothing(int seed, int each) throws Exception {
        ScriptedStore store = new ScriptedStore();
        store.breakAtRandom(new Random(seed), 40);
        ScheduledExecutorService host = Executors.newScheduledThreadPool(3);
        List<RouteController> controllers = new ArrayList<>();
        List<Publication> publications = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 3; i++) {
            RouteControllerBuilder builder = RouteController.builder(store, TAILNET, host, InstantSource.system())
                    .newTailnet(RoutingSettings.DEFAULT)
                    .retry(new RetryRule(30, Duration.ofNanos(1_000), Duration.ofMillis(2)));
            controllers.add(i == 0 ? builder.listener(publications::add).open() : builder.open());
        }
        List<Attempt> tried = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RouteController mine = controllers.get(i % 3);
            Random random = new Random(seed * 100L + i);
            threads.add(new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    long number = numbers.getAndIncrement();
                    Submission submission = marked(new Submission(new Actor("thread"), null, commands(random)), number);
                    Attempt next = Attempt.submit(mine, submission, number, random);
                    tried.add(next);
                    if (random.nextInt(3) == 0) {
                        next.answer.exceptionally(failure -> null).join();
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        for (Attempt next : List.copyOf(tried)) {
            next.answer.exceptionally(failure -> null).join();
        }
        store.breakAtRandom(new Random(seed), 0);
        store.landLate();
        for (RouteController controller : controllers) {
            controller.refresh().toCompletableFuture().join();
        }

        controllers.get(0).close();
        check(store, tried, controllers, List.copyOf(publications));
        controllers.forEach(RouteController::close);
        host.shutdown();
    }

    private static List<Command> commands(Random random) {
        long node = 1 + random.nextInt(4);
        List<Prefix> prefixes = random.nextBoolean() ? List.of(ControllerFixture.LAN) : List.of();
        return List.of(
                ControllerFixture.registered(node),
                random.nextBoolean()
                        ? new Command.AdvertiseRoutes(new NodeId(node), prefixes)
                        : new Command.SetApprovedRoutes(new NodeId(node), prefixes));
    }

    private static final class Attempt {
        private final long number;
        private final @Nullable Revision expected;
        private final CompletableFuture<Receipt> answer;
        private final AtomicLong answers = new AtomicLong();

        private Attempt(long number, @Nullable Revision expected, CompletionStage<Receipt> answer) {
            this.number = number;
            this.expected = expected;
            this.answer = answer.toCompletableFuture();
            this.answer.whenComplete((receipt, failure) -> answers.incrementAndGet());
        }

        /** One of four expects the revision that is published now. */
        static Attempt submit(RouteController controller, Submission submission, long number, Random random) {
            if (random.nextInt(4) > 0) {
                return new Attempt(number, null, controller.submit(submission));
            }
            Revision expected = controller.current().revision();
            return new Attempt(number, expected, controller.submit(submission, expected));
        }
    }

    private static void check(
            ScriptedStore store,
            List<Attempt> tried,
            List<RouteController> controllers,
            List<Publication> publications) {
        Optional<StoredTailnet> stored = store.load(TAILNET);
        for (RouteController controller : controllers) {
            assertThat(controller.current().revision())
                    .isEqualTo(stored.map(StoredTailnet::revision).orElse(Revision.NONE));
            stored.ifPresent(
                    tailnet -> assertThat(controller.current().state().rows()).isEqualTo(tailnet.rows()));
        }
        for (Attempt each : tried) {
            assertThat(each.answers).as("answers of number %s", each.number).hasValue(1);
            boolean there = stored.isPresent()
                    && stored.get().rows().nodes().stream()
                            .anyMatch(row -> row.facts().id().value() == each.number);
            if (each.answer.isCompletedExceptionally()) {
                Throwable failure = ControllerFixture.failure(each.answer);
                assertThat(failure)
                        .isInstanceOfAny(
                                QueueFullException.class,
                                TooManyConflictsException.class,
                                IndeterminateCommitException.class,
                                InternalErrorException.class);
                boolean isStored = failure instanceof InternalErrorException internal
                        && internal.stored().isPresent();
                if (!(failure instanceof IndeterminateCommitException)) {
                    assertThat(there)
                            .as("number %s failed with %s", each.number, failure)
                            .isEqualTo(isStored);
                }
            } else {
                assertThat(there)
                        .as("number %s was answered %s", each.number, each.answer.join())
                        .isEqualTo(each.answer.join().result() instanceof SubmissionResult.Accepted);
            }
            if (there && each.expected != null && !each.answer.isCompletedExceptionally()) {
                assertThat(each.answer.join().revision()).isEqualTo(each.expected.next());
            }
            long commits = store.written().stream()
                    .filter(commit -> commit.rowChanges().nodes().upserts().stream()
                            .anyMatch(row -> row.facts().id().value() == each.number))
                    .count();
            assertThat(commits).as("commits of number %s", each.number).isEqualTo(there ? 1 : 0);
        }
        for (int i = 1; i < publications.size(); i++) {
            Publication now = publications.get(i);
            assertThat(now.before()).isSameAs(publications.get(i - 1).after());
            assertThat(now.after().revision())
                    .isGreaterThanOrEqualTo(now.before().revision());
        }
    }
}
