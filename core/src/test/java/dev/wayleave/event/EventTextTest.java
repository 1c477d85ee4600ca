package dev.wayleave.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Kinds;
import dev.wayleave.testing.TextRules;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which facts an event names, in its text and to programs. */
class EventTextTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2026-01-01T00:00:15Z");
    private static final Names NAMES = Names.of(node -> "NODE" + node);
    private static final NodeId NODE = new NodeId(1);
    private static final NodeId OTHER = new NodeId(2);
    private static final NodeId THIRD = new NodeId(3);
    private static final Prefix NET = Prefix.parse("10.0.0.0/8");
    private static final Actor ADA = new Actor("ada");
    private static final Actor BEN = new Actor("ben");
    private static final Origin BY_ADA = new Origin(ADA, null);
    private static final Approval APPROVAL = new Approval(new Approver.Administrator(ADA), AT);
    private static final Reason SILENT = new Reason.SessionSilent(new SessionId("s"), AT);

    static Stream<RouteEvent> events() {
        return Kinds.samples(RouteEvent.class).stream().map(RouteEvent.class::cast);
    }

    @ParameterizedTest
    @MethodSource("events")
    void theHeadlineIsReadable(RouteEvent event) {
        assertThat(event.headline(NAMES)).satisfies(TextRules::assertReadable);
    }

    @Test
    void noTwoHeadlinesAreAlike() {
        assertThat(events().map(event -> event.headline(NAMES))).doesNotHaveDuplicates();
    }

    static Stream<RouteEvent> eventsOfNodes() {
        return events().filter(RouteEvent.OfNode.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("eventsOfNodes")
    void anEventOfANodeIsAboutIt(RouteEvent event) {
        assertThat(event.subjectNode()).contains(((RouteEvent.OfNode) event).node());
    }

    static Stream<RouteEvent> eventsOfPrefixes() {
        return events().filter(event -> event.subjectPrefix().isPresent());
    }

    @ParameterizedTest
    @MethodSource("eventsOfPrefixes")
    void theHeadlineNamesThePrefix(RouteEvent event) {
        assertThat(event.headline(NAMES))
                .contains(event.subjectPrefix().orElseThrow().toString());
    }

    static Stream<RouteEvent> headlinesWithANode() {
        return Stream.of(
                new RouteEvent.RouteApproved(BY_ADA, NODE, NET, APPROVAL),
                new RouteEvent.ApprovalPending(BY_ADA, NODE, NET, new Verdict.NoKeyCovers()),
                new RouteEvent.RouteRevoked(BY_ADA, NODE, NET, APPROVAL, new Reason.Revoked(ADA)),
                new RouteEvent.PrimaryElected(BY_ADA, NET, NODE, elected(NODE)),
                new RouteEvent.NodeOnline(BY_ADA, NODE, new Reason.SessionUp(new SessionId("s"))),
                new RouteEvent.NodeInGrace(BY_ADA, NODE, UNTIL, SILENT),
                new RouteEvent.NodeOffline(BY_ADA, NODE, SILENT),
                new RouteEvent.NodeOwnerChanged(BY_ADA, NODE, Owner.tags("tag:a"), Owner.tags("tag:b")),
                new RouteEvent.DrainStarted(BY_ADA, NODE, null));
    }

    @ParameterizedTest
    @MethodSource("headlinesWithANode")
    void theHeadlineNamesTheNode(RouteEvent event) {
        assertThat(event.headline(NAMES)).contains("NODE1");
    }

    private static Outcome elected(NodeId winner, Loss... losses) {
        return new Outcome.Elected(winner, new Win.OnlyCandidate(), List.of(losses));
    }

    @Test
    void theHeadlineHasTheTimeAtWhichSomethingEnds() {
        assertThat(new RouteEvent.NodeInGrace(Origin.time(), NODE, UNTIL, SILENT).headline(NAMES))
                .contains("until " + UNTIL);
        RouteEvent.DrainStarted drain = new RouteEvent.DrainStarted(Origin.time(), NODE, UNTIL);
        assertThat(drain.until()).contains(UNTIL);
        assertThat(drain.headline(NAMES)).contains("until " + UNTIL);
        assertThat(new RouteEvent.DrainStarted(Origin.time(), NODE, null).headline(NAMES))
                .doesNotContain("until");
    }

    // Reasons

    static Stream<RouteEvent> eventsWithTheTextOfTheirReason() {
        return Stream.of(
                new RouteEvent.RouteRevoked(BY_ADA, NODE, NET, APPROVAL, new Reason.Revoked(ADA)),
                new RouteEvent.NodeOnline(BY_ADA, NODE, new Reason.SessionUp(new SessionId("s"))),
                new RouteEvent.NodeInGrace(BY_ADA, NODE, UNTIL, SILENT),
                new RouteEvent.NodeOffline(BY_ADA, NODE, SILENT),
                new RouteEvent.NodeRemoved(BY_ADA, NODE, new Reason.Idle(AT)),
                new RouteEvent.DrainEnded(BY_ADA, NODE, new Reason.DeadlinePassed(UNTIL)),
                new RouteEvent.NodeOwnerChanged(BY_ADA, NODE, Owner.tags("tag:a"), Owner.tags("tag:b")),
                new RouteEvent.UsersChanged(
                        BY_ADA, new TreeSet<>(Set.of(new UserId("eve"))), new TreeSet<>(), new TreeSet<>()));
    }

    @ParameterizedTest
    @MethodSource("eventsWithTheTextOfTheirReason")
    void theReasonIsPrintedAsItPrintsItself(RouteEvent event) {
        assertThat(event.reasonText(NAMES))
                .isNotBlank()
                .isEqualTo(event.reason().text(NAMES));
    }

    static Stream<RouteEvent> eventsThatWereReported() {
        return Stream.of(
                new RouteEvent.NodeRemoved(BY_ADA, NODE, new Reason.Reported()),
                new RouteEvent.DrainEnded(BY_ADA, NODE, new Reason.Reported()));
    }

    @ParameterizedTest
    @MethodSource("eventsThatWereReported")
    void anEventThatWasReportedHasNoReasonToPrint(RouteEvent event) {
        assertThat(event.reasonText(NAMES)).isEmpty();
    }

    @Test
    void anApprovalSaysByWhomAndAPendingOneWhatIsMissing() {
        Verdict verdict = new Verdict.NoKeyCovers();

        assertThat(new RouteEvent.RouteApproved(BY_ADA, NODE, NET, APPROVAL).reasonText(NAMES))
                .contains("by `ada`", AT.toString());
        assertThat(new RouteEvent.ApprovalPending(BY_ADA, NODE, NET, verdict).reasonText(NAMES))
                .isEqualTo(verdict.text(NAMES));
    }

    @Test
    void anElectionSaysWhyItsWinnerWon() {
        assertThat(new RouteEvent.PrimaryElected(BY_ADA, NET, NODE, elected(NODE)).reasonText(NAMES))
                .contains(new Win.OnlyCandidate().text(NAMES));
    }

    @Test
    void theLossOfAMoveIsThatOfThePrimaryBefore() {
        Outcome outcome = elected(
                OTHER,
                new Loss.WorseClass(THIRD, CandidateClass.KEY_EXPIRED, OTHER, CandidateClass.HEALTHY),
                new Loss.WorseClass(NODE, CandidateClass.UNHEALTHY, OTHER, CandidateClass.HEALTHY));

        assertThat(new RouteEvent.PrimaryMoved(BY_ADA, NET, NODE, OTHER, outcome).lossText(NAMES))
                .hasValueSatisfying(text -> assertThat(text)
                        .containsSubsequence("NODE1", "unhealthy")
                        .doesNotContain("NODE2", "NODE3", "expired"));
    }

    @Test
    void anUnservedPrefixSaysWhoCarriedIt() {
        Outcome unserved = new Outcome.Unserved();

        assertThat(new RouteEvent.PrefixUnserved(BY_ADA, NET, NODE, unserved).reasonText(NAMES))
                .contains("NODE1");
        assertThat(new RouteEvent.PrefixUnserved(BY_ADA, NET, null, unserved).reasonText(NAMES))
                .isNotBlank()
                .doesNotContain("NODE");
    }

    @Test
    void anEventOfAnUnknownKindPrintsItsKindAndItsJson() {
        RouteEvent unknown = new RouteEvent.UnknownEvent(BY_ADA, "later-kind", "{\"x\":1}");

        assertThat(unknown.headline(NAMES)).contains("later-kind");
        assertThat(unknown.reasonText(NAMES)).isEqualTo("{\"x\":1}");
        assertThat(unknown.reason()).isEqualTo(new Reason.Unknown());
    }

    // Facts for programs

    @Test
    void thePreviousNodeIsThePrimaryBefore() {
        assertThat(new RouteEvent.PrimaryMoved(BY_ADA, NET, NODE, OTHER, elected(OTHER)).previousNode())
                .contains(NODE);
        RouteEvent.PrefixUnserved unserved = new RouteEvent.PrefixUnserved(BY_ADA, NET, NODE, new Outcome.Unserved());
        assertThat(unserved.last()).contains(NODE);
        assertThat(unserved.previousNode()).contains(NODE);
    }

    @Test
    void anApprovalAndItsEndNameTheApprover() {
        assertThat(new RouteEvent.RouteApproved(BY_ADA, NODE, NET, APPROVAL).approver())
                .contains(new Approver.Administrator(ADA));
        assertThat(new RouteEvent.RouteRevoked(BY_ADA, NODE, NET, APPROVAL, new Reason.Revoked(BEN)).approver())
                .contains(new Approver.Administrator(ADA));
    }

    static Stream<RouteEvent> wordsOfTheActor() {
        return Stream.of(
                new RouteEvent.RouteApproved(BY_ADA, NODE, NET, APPROVAL),
                new RouteEvent.RouteRevoked(BY_ADA, NODE, NET, APPROVAL, new Reason.Revoked(ADA)),
                new RouteEvent.RouteDenied(BY_ADA, NODE, NET, new Denial(ADA, AT)));
    }

    @ParameterizedTest
    @MethodSource("wordsOfTheActor")
    void anEventNamesItsActorWhereTheReasonIsTheWordOfTheActor(RouteEvent event) {
        assertThat(event.namesActor()).isTrue();
    }

    static Stream<RouteEvent> wordsOfOtherEvents() {
        return Stream.of(
                new RouteEvent.RouteApproved(new Origin(BEN, null), NODE, NET, APPROVAL),
                new RouteEvent.RouteApproved(Origin.time(), NODE, NET, APPROVAL),
                new RouteEvent.RouteApproved(BY_ADA, NODE, NET, new Approval(new Approver.Import("x"), AT)),
                new RouteEvent.RouteRevoked(BY_ADA, NODE, NET, APPROVAL, new Reason.Revoked(BEN)),
                new RouteEvent.NodeOffline(BY_ADA, NODE, SILENT),
                new RouteEvent.NodeOffline(Origin.time(), NODE, SILENT));
    }

    @ParameterizedTest
    @MethodSource("wordsOfOtherEvents")
    void anEventDoesNotNameItsActorWhereTheReasonIsAnother(RouteEvent event) {
        assertThat(event.namesActor()).isFalse();
    }
}
