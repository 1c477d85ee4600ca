package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Submissions keep arriving that a batch cannot take together: time goes on, and keep-alives are heard. */
class ControllerStreamTest {

    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final Duration SILENCE = Duration.ofSeconds(130);

    private final ControllerFixture testing = new ControllerFixture();

    private CompletableFuture<Receipt> expecting(Revision expected, Command... commands) {
        return submitted(testing.controller.submit(by("administrator", commands), expected));
    }

    private Revision current() {
        return testing.controller.current().revision();
    }

    /** Before each turn of the loop something arrives. */
    private void stream(Duration time, Runnable arrival) {
        for (int i = 0; i < time.dividedBy(BETWEEN); i++) {
            arrival.run();
            testing.host.oversleep(BETWEEN);
            testing.host.runOne();
        }
    }

    private List<RouteEvent> events() {
        return ControllerFixture.events(testing.publications).toList();
    }

    // ---- submissions that expect a revision

    @Test
    void aSteadyStreamThatExpectsThePublishedRevisionDoesNotStopAFailover() {
        testing.open().withRouters().done(disconnected(1));
        expecting(current(), heard(2));
        stream(Duration.ofSeconds(20), () -> expecting(current(), heard(2)));
        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void aSteadyStreamThatExpectsAnOutdatedRevisionDoesNotStopAFailover() {
        testing.open().withRouters().done(disconnected(1));
        stream(Duration.ofSeconds(20), () -> {
            expecting(Revision.NONE, heard(2));
            expecting(Revision.NONE, heard(2));
        });
        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void aSteadyStreamThatExpectsARevisionToComeDoesNotStopAFailover() {
        testing.open().withRouters().done(disconnected(1));
        Revision toCome = new Revision(1_000);
        stream(Duration.ofSeconds(20), () -> {
            testing.submit(heard(2), heard(2));
            expecting(toCome, heard(2));
        });
        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void allOutdatedExpectationsAreRefusedInOneTurn() {
        testing.open().withRouters();
        List<CompletableFuture<Receipt>> outdated = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            outdated.add(expecting(new Revision(1), registered(10 + i)));
            testing.submit(registered(20 + i));
        }
        testing.host.runOne();
        assertThat(outdated)
                .allMatch(receipt -> receipt.isDone() && receipt.join().result() instanceof SubmissionResult.Refused);
        assertThat(current()).isEqualTo(new Revision(3));
    }

    @Test
    void aRouterWhoseKeepAlivesArriveBetweenThemStays() {
        testing.open().withRouters();
        List<CompletableFuture<Receipt>> keepAlives = new ArrayList<>();
        expecting(current(), heard(2));
        stream(SILENCE.multipliedBy(2), () -> {
            keepAlives.add(testing.submit(heard(1)));
            expecting(current(), heard(2));
        });
        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(events()).noneMatch(RouteEvent.NodeInGrace.class::isInstance);
        assertThat(keepAlives.subList(0, keepAlives.size() - 5)).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aKeepAliveIsTakenWithWhatCameBeforeTheEndOfTheBatch() {
        assertKeepAlivesAreTakenInTurn(disconnected(3), heard(1));
    }

    @Test
    void aKeepAliveAfterTheEndOfTheBatchDoesNotTakeThePlaceOfTheOneBeforeIt() {
        assertKeepAlivesAreTakenInTurn(registered(4), heard(3));
    }

    /** One keep-alive comes before a submission that ends the batch, and one after it. */
    private void assertKeepAlivesAreTakenInTurn(Command ending, Command later) {
        testing.open().withRouters();
        testing.submit(registered(3), connected(3));
        CompletableFuture<Receipt> before = testing.submit(heard(3));
        expecting(new Revision(3), ending);
        CompletableFuture<Receipt> after = testing.submit(later);

        testing.host.runOne();
        assertThat(before).isCompletedWithValueMatching(ControllerStreamTest::isAccepted);
        assertThat(after).isNotDone();
        testing.host.run();
        assertThat(after).isCompletedWithValueMatching(ControllerStreamTest::isAccepted);
    }

    @Test
    void anOutageDoesNotLookLikeAnOutageOfTheRouters() {
        testing.open().withRouters();
        testing.store.down(true);
        testing.submit(registered(3));
        for (int minute = 0; minute < 60; minute++) {
            testing.host.pass(Duration.ofMinutes(1));
            testing.submit(heard(1));
            testing.submit(heard(2));
            expecting(current(), registered(100 + minute));
        }
        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(3));

        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(events())
                .noneMatch(RouteEvent.PrimaryMoved.class::isInstance)
                .noneMatch(RouteEvent.NodeInGrace.class::isInstance);
    }

    private static boolean isAccepted(Receipt receipt) {
        return receipt.result().equals(SubmissionResult.accepted());
    }

    // ---- submissions that fail

    @Test
    void aSteadyStreamThatCannotBeStoredDoesNotStopAFailover() {
        testing.open().withRouters().done(disconnected(1));
        testing.store.beforeEach(commit -> {
            if (commit.rowChanges().nodes().upserts().stream()
                    .anyMatch(row -> row.facts().id().value() >= 100)) {
                throw new StorageException("cannot be stored");
            }
        });
        long[] turns = {0};
        stream(Duration.ofSeconds(60), () -> {
            if (turns[0]++ % 2 == 0) {
                testing.submit(registered(100 + turns[0]));
            }
        });
        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void timeThatCannotBeStoredHoldsUpNoSubmission() {
        testing.open().withRouters().done(disconnected(1));
        testing.store.beforeEach(commit -> {
            boolean movesPrimary = commit.rowChanges().routes().upserts().stream()
                    .anyMatch(row -> row.node().equals(new NodeId(2)) && row.primary());
            boolean registers = commit.rowChanges().nodes().upserts().stream()
                    .anyMatch(row -> row.facts().id().value() >= 100);
            if (movesPrimary || registers) {
                throw new StorageException("cannot be stored");
            }
        });
        testing.host.oversleep(Duration.ofSeconds(20));
        testing.submit(registered(100));
        testing.submit(registered(101));
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));
        testing.host.pass(Duration.ofSeconds(20));
        assertThat(waiting).isCompletedWithValueMatching(ControllerStreamTest::isAccepted);
    }

    @Test
    void aSteadyStreamWithWhichStepsFailDoesNotStopAFailover() {
        testing.builder.functions(new RoutingFunctions() {
            @Override
            public Step step(RoutingState state, List<Submission> submissions, Instant now) {
                if (submissions.stream()
                        .anyMatch(submission -> submission.commands().contains(registered(666)))) {
                    throw new IllegalStateException("planted");
                }
                return RoutingFunctions.super.step(state, submissions, now);
            }
        });
        testing.open().withRouters().done(disconnected(1));
        stream(Duration.ofSeconds(30), () -> testing.submit(registered(666)));
        assertThat(testing.primary()).contains(new NodeId(2));
    }
}
