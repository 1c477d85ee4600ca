package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one process sends and submits, message by message. */
class SessionReportsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SessionHolder SELF = new SessionHolder("self");
    private static final SessionHolder OTHER = new SessionHolder("other");
    private static final SessionHolder THIRD = new SessionHolder("third");
    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);
    private static final SessionId SESSION = new SessionId("later");

    private RoutingState state = RoutingState.emptyShared(TAILNET, RoutingSettings.DEFAULT, SELF, NOW);
    private final List<Submitted> submitted = new ArrayList<>();
    private Runnable beforeSubmission = () -> {};
    private final SessionReports reports = new SessionReports(TAILNET, SELF, () -> state, this::submit);

    /** What is submitted, to be answered by the test. */
    private record Submitted(List<Command> commands, CompletableFuture<Receipt> answer) {

        void refuse(NodeId removed) {
            SubmissionResult refused = new SubmissionResult.Refused(List.of(new Problem.UnknownNode(0, removed)));
            answer.complete(new Receipt(new Revision(1), refused, List.of()));
        }
    }

    private CompletableFuture<Receipt> submit(Submission submission) {
        Runnable call = beforeSubmission;
        beforeSubmission = () -> {};
        call.run();
        Submitted next = new Submitted(submission.commands(), new CompletableFuture<>());
        submitted.add(next);
        return next.answer();
    }

    private List<Command> commands() {
        return submitted.stream().flatMap(some -> some.commands().stream()).toList();
    }

    private void here(Command... commands) {
        state = Routing.step(state, List.of(by("test", commands)), NOW).next();
    }

    /** A process reports its sessions of these nodes; null for a node of which it has none. */
    private void some(SessionHolder from, NodeId node, @Nullable SessionId session) {
        reports.received(ReportMessage.some(from, new TreeMap<>(Map.of(node, Optional.ofNullable(session))))
                .text());
    }

    private void someOfBoth(SessionHolder from, SessionId session) {
        Optional<SessionId> both = Optional.of(session);
        reports.received(ReportMessage.some(from, new TreeMap<>(Map.of(A, both, B, both)))
                .text());
    }

    /** A process has no session of any node. */
    private void noneOfAll(SessionHolder from) {
        reports.received(new ReportMessage(
                        ReportMessage.Kind.RANGE, from, ReportMessage.FIRST, ReportMessage.LAST, new TreeMap<>())
                .text());
    }

    private static Command.ReportSession report(NodeId node, SessionHolder holder, @Nullable SessionId session) {
        return new Command.ReportSession(node, holder, session);
    }

    @Test
    void sessionsOfThisProcessAreNotReportedAgainWhenAnotherOneAnswers() {
        here(registered(1), connected(1));

        noneOfAll(OTHER);

        assertThat(reports.nextMessage()).isEmpty();
        assertThat(submitted).isEmpty();
    }

    @Test
    void aSessionIsReportedAgainWhenAnEarlierOneEndsElsewhere() {
        here(registered(1), connected(1));

        some(OTHER, A, null);

        assertThat(reports.nextMessage()
                        .flatMap(ReportMessage::parse)
                        .orElseThrow()
                        .sessions())
                .containsOnlyKeys(A);
        assertThat(submitted).isEmpty();
    }

    @Test
    void anAnswerSubmitsNothingAboutTheRoutersOfItsSender() {
        RoutingState there = RoutingState.emptyShared(TAILNET, RoutingSettings.DEFAULT, OTHER, NOW);
        Step step = Routing.step(
                there, List.of(by("test", registered(1), connected(1), advertised(1, LAN), approved(1, LAN))), NOW);
        state = Routing.follow(state, step.rowChanges(), NOW).next();
        assertThat(state.node(A).orElseThrow().sessionHolder()).contains(OTHER);

        noneOfAll(OTHER);

        assertThat(submitted).isEmpty();
    }

    @Test
    void aProcessThatListensAgainAsksAndReportsAllItsSessions() {
        here(registered(1), connected(1));

        reports.listening();

        assertThat(reports.nextMessage()
                        .flatMap(ReportMessage::parse)
                        .orElseThrow()
                        .kind())
                .isEqualTo(ReportMessage.Kind.ASK);
        assertThat(reports.nextMessage()
                        .flatMap(ReportMessage::parse)
                        .orElseThrow()
                        .sessions())
                .containsOnlyKeys(A);
        assertThat(reports.nextMessage()).isEmpty();
    }

    @Test
    void aReportThatIsSubmittedAgainDoesNotOvertakeALaterOne() {
        here(registered(1), registered(2));
        someOfBoth(OTHER, SESSION);
        some(OTHER, A, null);
        assertThat(commands())
                .containsExactly(report(A, OTHER, SESSION), report(B, OTHER, SESSION), report(A, OTHER, null));

        submitted.get(0).refuse(B);

        assertThat(commands()).last().isEqualTo(report(B, OTHER, SESSION));
        assertThat(commands()).hasSize(4);
    }

    @Test
    void aReportIsSubmittedAgainWhereAnotherNodeWasRemoved() {
        here(registered(1), registered(2));
        someOfBoth(OTHER, SESSION);

        submitted.get(0).refuse(B);

        assertThat(commands().subList(2, 4)).containsExactly(report(A, OTHER, SESSION), report(B, OTHER, SESSION));
        submitted.get(2).refuse(B);
        assertThat(submitted).hasSize(3);
    }

    @Test
    void theEndOfASessionElsewhereDoesNotReplaceAReportOfANodeThatIsNotKnownYet() {
        some(THIRD, A, SESSION);
        some(OTHER, A, null);

        Snapshot before = new Snapshot(new Revision(1), state);
        here(registered(1));
        reports.published(new Publication(before, new Snapshot(new Revision(2), state), List.of(), null));

        assertThat(commands()).containsExactly(report(A, THIRD, SESSION));
    }

    @Test
    void theLastReportOfOneProcessCountsForANodeThatIsNotKnownYet() {
        some(OTHER, A, SESSION);
        some(OTHER, A, null);

        Snapshot before = new Snapshot(new Revision(1), state);
        here(registered(1));
        reports.published(new Publication(before, new Snapshot(new Revision(2), state), List.of(), null));

        assertThat(commands()).containsExactly(report(A, OTHER, null));
    }

    @Test
    void aReportThatComesWhileAnEarlierOneIsSubmittedIsSubmittedAfterIt() {
        some(OTHER, A, SESSION);
        beforeSubmission =
                () -> CompletableFuture.runAsync(() -> some(OTHER, A, null)).join();

        Snapshot before = new Snapshot(new Revision(1), state);
        here(registered(1));
        reports.published(new Publication(before, new Snapshot(new Revision(2), state), List.of(), null));

        assertThat(commands()).containsExactly(report(A, OTHER, SESSION), report(A, OTHER, null));
    }

    @Test
    void reportsAreSubmittedAlsoAfterASubmissionThatThrows() {
        here(registered(1), registered(2));
        beforeSubmission = () -> {
            throw new IllegalStateException("planted");
        };
        some(OTHER, A, SESSION);

        some(OTHER, B, SESSION);

        assertThat(commands()).containsExactly(report(B, OTHER, SESSION));
        assertThat(reports.nextMessage()
                        .flatMap(ReportMessage::parse)
                        .orElseThrow()
                        .kind())
                .as("the report that failed is asked for")
                .isEqualTo(ReportMessage.Kind.ASK);
    }

    @Test
    void aReceivedReportIsSubmittedAlsoIfTheChannelCannotBeWoken() {
        PlantedFaults faults = new PlantedFaults();
        faults.plant("channel.wake", PlantedFaults.Kind.ERROR);
        reports.connect(new FaultyChannel(faults));
        here(registered(1));

        some(OTHER, A, SESSION);

        assertThat(commands()).containsExactly(report(A, OTHER, SESSION));
    }

    @Test
    void aReportOfANodeThatBecomesKnownIsSubmittedAlsoIfTheChannelCannotBeWoken() {
        PlantedFaults faults = new PlantedFaults();
        faults.plant("channel.wake", PlantedFaults.Kind.ERROR);
        reports.connect(new FaultyChannel(faults));
        some(OTHER, A, SESSION);
        Snapshot before = new Snapshot(new Revision(1), state);
        here(registered(1));

        reports.published(new Publication(before, new Snapshot(new Revision(2), state), List.of(), null));

        assertThat(commands()).containsExactly(report(A, OTHER, SESSION));
    }

    @Test
    void aReportThatComesBeforeItsNodeIsPublishedIsSubmittedAfterTheEarlier() {
        some(OTHER, A, SESSION);
        Snapshot before = new Snapshot(new Revision(1), state);
        here(registered(1));

        some(OTHER, A, null);
        reports.published(new Publication(before, new Snapshot(new Revision(2), state), List.of(), null));

        assertThat(commands()).containsExactly(report(A, OTHER, SESSION), report(A, OTHER, null));
    }

    @Test
    void aReportOfARouterIsNotSubmittedWhenTheNodeIsNoRouterAnyMore() {
        some(OTHER, A, SESSION);
        Snapshot before = new Snapshot(new Revision(1), state);
        here(registered(1), advertised(1, LAN), approved(1, LAN));
        Snapshot router = new Snapshot(new Revision(2), state);
        reports.published(new Publication(before, router, List.of(), null));

        here(approved(1));
        reports.published(new Publication(router, new Snapshot(new Revision(3), state), List.of(), null));

        assertThat(submitted).isEmpty();
    }

    @Test
    void anAnswerToAllQuestionsReplacesAnEarlierReportOfANodeThatIsNotKnownYet() {
        some(OTHER, A, SESSION);
        some(THIRD, B, SESSION);
        noneOfAll(OTHER);

        Snapshot before = new Snapshot(new Revision(1), state);
        here(registered(1), registered(2));
        reports.published(new Publication(before, new Snapshot(new Revision(2), state), List.of(), null));

        assertThat(commands()).containsExactly(report(B, THIRD, SESSION));
    }
}
