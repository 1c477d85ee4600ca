package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is checked after a fault of shared tailnets finds exactly the contradictions that are planted. */
class SharedChecksTest {

    private static final String LAN = "192.168.0.0/24";

    /** A router appears at revision 1, and carries the prefix. */
    private static List<StoredEvent> events() {
        return events("a1-1");
    }

    private static List<StoredEvent> events(String id) {
        NodeId node = new NodeId(1);
        Step step = Routing.step(
                RoutingState.empty(Host.TAILNET, RoutingSettings.DEFAULT, Host.START),
                List.of(new Submission(
                        new Actor("agent"),
                        id,
                        List.of(
                                Host.registered(node),
                                new Command.ConnectSession(node, new SessionId("one")),
                                new Command.AdvertiseRoutes(node, Host.prefixes(LAN)),
                                new Command.SetApprovedRoutes(node, Host.prefixes(LAN))))),
                Host.START);
        List<StoredEvent> events = new ArrayList<>();
        step.events()
                .forEach(event -> events.add(
                        StoredEvent.of(new EventPosition(new Revision(1), events.size()), Host.START, event)));
        return events;
    }

    private static AgentRecord.Answer answer(String id, long begun, long revision, int events) {
        return new AgentRecord.Answer(id, false, begun, begun + 5, revision, events, events, null);
    }

    // ---- answers and events

    @Test
    void anAnswerWhoseEventsAreStoredOncePasses() {
        List<StoredEvent> events = events();
        assertThat(AgentRecord.contradictions(List.of(answer("a1-1", 0, 1, events.size())), events))
                .isEmpty();
    }

    @Test
    void anAcknowledgedCommandThatIsNotInTheEventsIsFound() {
        assertThat(AgentRecord.contradictions(List.of(answer("a1-2", 0, 2, 1)), events()))
                .hasSize(1);
    }

    @Test
    void aCommandThatIsStoredInPartOrUnderAnotherRevisionIsFound() {
        List<StoredEvent> events = events();
        assertThat(AgentRecord.contradictions(
                        List.of(answer("a1-1", 0, 1, events.size())), events.subList(1, events.size())))
                .hasSize(1);
        assertThat(AgentRecord.contradictions(List.of(answer("a1-1", 0, 2, events.size())), events))
                .hasSize(1);
    }

    @Test
    void aCommandThatWasAppliedTwiceIsFoundAlsoWithoutAnAnswer() {
        List<StoredEvent> events = events();
        StoredEvent first = events.get(0);
        events.add(StoredEvent.of(new EventPosition(new Revision(2), 0), Host.START, first.event()));
        assertThat(AgentRecord.contradictions(List.of(), events)).hasSize(1);
    }

    @Test
    void anAnswerThatChangedNothingAndIsOlderThanAnEarlierOneIsFound() {
        List<AgentRecord.Answer> answers = List.of(
                answer("a1-1", 0, 1, events().size()), new AgentRecord.Answer("a1-2", false, 10, 20, 0, 0, 0, null));
        assertThat(AgentRecord.contradictions(answers, events())).hasSize(1);
    }

    // ---- expected revisions

    /**
     * The answer to a command that expected a revision, after all that happened before; its events are the stored ones.
     */
    private static AgentRecord.Answer expecting(long expected, boolean isMet, long revision, int events) {
        return new AgentRecord.Answer(
                "a1-1", false, 0, 5, revision, events, events, new AgentRecord.Expectation(expected, isMet));
    }

    @Test
    void aCommandThatIsAppliedToTheExpectedRevisionPasses() {
        List<StoredEvent> events = events();
        assertThat(AgentRecord.contradictions(List.of(expecting(0, true, 1, events.size())), events))
                .isEmpty();
        assertThat(AgentRecord.contradictions(List.of(expecting(1, true, 1, 0)), List.of()))
                .as("without a change")
                .isEmpty();
    }

    @Test
    void aCommandThatIsAppliedToAnotherRevisionThanTheExpectedOneIsFound() {
        List<StoredEvent> events = events();
        assertThat(AgentRecord.contradictions(List.of(expecting(1, true, 1, events.size())), events))
                .hasSize(1);
        assertThat(AgentRecord.contradictions(List.of(expecting(1, true, 3, 0)), List.of()))
                .hasSize(1);
    }

    @Test
    void aCommandThatIsRefusedWithoutANewerRevisionIsFound() {
        assertThat(AgentRecord.contradictions(List.of(expecting(1, false, 2, 0)), List.of()))
                .isEmpty();
        assertThat(AgentRecord.contradictions(List.of(expecting(1, false, 1, 0)), List.of()))
                .hasSize(1);
    }

    @Test
    void anOldAnswerAfterARefusalForANewerRevisionIsFound() {
        List<AgentRecord.Answer> answers =
                List.of(expecting(1, false, 3, 0), new AgentRecord.Answer("a1-2", false, 10, 20, 2, 0, 0, null));
        assertThat(AgentRecord.contradictions(answers, List.of())).hasSize(1);
    }

    @Test
    void aCommandThatIsRefusedAndAppliedIsFound() {
        assertThat(AgentRecord.contradictions(List.of(expecting(0, false, 1, 0)), events()))
                .hasSize(1);
    }

    @Test
    void twoCommandsThatAreAppliedToOneExpectedRevisionAreFound() {
        List<StoredEvent> events = events();
        List<StoredEvent> both = new ArrayList<>(events);
        both.addAll(events("a1-2"));
        AgentRecord.Answer first = expecting(0, true, 1, events.size());
        AgentRecord.Answer second = new AgentRecord.Answer(
                "a1-2", false, 0, 5, 1, events.size(), events.size(), new AgentRecord.Expectation(0, true));

        assertThat(AgentRecord.contradictions(List.of(first, second), both)).hasSize(1);
    }

    // ---- primaries

    private static PrimaryAudit.Change change(long revision, long node, boolean isPrimary) {
        return new PrimaryAudit.Change(0, revision, node, LAN, isPrimary);
    }

    @Test
    void aRevisionWithTwoPrimariesIsFound() {
        assertThat(PrimaryAudit.contradictions(List.of(change(1, 1, true)), events()))
                .isEmpty();
        assertThat(PrimaryAudit.contradictions(List.of(change(1, 1, true), change(2, 2, true)), events()))
                .hasSize(1);
    }

    @Test
    void aPrimaryThatMovesWithoutAnEventIsFound() {
        assertThat(PrimaryAudit.contradictions(
                        List.of(change(1, 1, true), change(2, 2, true), change(2, 1, false)), events()))
                .hasSize(1);
    }

    // ---- revisions, and events that are followed

    private static List<Revision> revisions(long... values) {
        return LongStream.of(values).mapToObj(Revision::new).toList();
    }

    @Test
    void denseRevisionsUpToThatOfTheRowsPass() {
        assertThat(SharedFaults.gaps(revisions(3, 4, 5), new Revision(5))).isEmpty();
    }

    @Test
    void aGapInTheRevisionsIsFound() {
        assertThat(SharedFaults.gaps(revisions(3, 5), new Revision(5))).hasSize(1);
        assertThat(SharedFaults.gaps(revisions(3, 4), new Revision(5))).hasSize(1);
        assertThat(SharedFaults.gaps(revisions(), new Revision(5))).hasSize(1);
    }

    /** What a controller published that began with no revision. */
    private static List<String> contradictions(boolean lives, List<String> published) {
        return new SharedChild.EventLog(0, published).contradictions(events(), lives);
    }

    private static List<String> published() {
        return new ArrayList<>(new SharedChild.EventLog(0, List.of()).expected(events()));
    }

    @Test
    void eventsThatArePublishedOnceAndInOrderPass() {
        assertThat(contradictions(true, published())).isEmpty();
        assertThat(contradictions(false, published().subList(0, 2))).isEmpty();
        assertThat(new SharedChild.EventLog(1, List.of()).contradictions(events(), true))
                .as("began after them")
                .isEmpty();
    }

    @Test
    void anEventThatIsNotPublishedIsFound() {
        List<String> published = published();
        published.remove(1);
        assertThat(contradictions(true, published)).hasSize(1);
        assertThat(contradictions(false, published)).hasSize(1);

        List<String> withoutLast = published();
        withoutLast.remove(withoutLast.size() - 1);
        assertThat(contradictions(true, withoutLast)).hasSize(1);
    }

    @Test
    void anEventThatIsPublishedTwiceIsFound() {
        List<String> published = published();
        published.add(1, published.get(1));
        assertThat(contradictions(true, published)).hasSize(1);

        List<String> lastTwice = published();
        lastTwice.add(lastTwice.get(lastTwice.size() - 1));
        assertThat(contradictions(false, lastTwice)).hasSize(1);
    }

    @Test
    void eventsThatArePublishedInAnotherOrderAreFound() {
        List<String> published = published();
        Collections.swap(published, 1, 2);
        assertThat(contradictions(true, published)).hasSize(1);
        assertThat(contradictions(false, published)).hasSize(1);
    }

    // ---- streams

    @Test
    void aSecondCarrierOfAPrefixIsFound() {
        List<String> contradictions = new ArrayList<>();
        AgentStream stream = new AgentStream("laptop", contradictions);
        stream.hear("changed", LAN + "@9@8"); // before all routes came
        stream.hear("whole", LAN + "@1");
        stream.hear("changed", LAN + "@1@2");
        stream.hear("changed", LAN + "@2@-");
        stream.hear("changed", LAN + "@-@3");
        assertThat(contradictions).isEmpty();
        assertThat(stream.carriers()).isEqualTo(Map.of(LAN, "3"));

        stream.hear("changed", LAN + "@-@4");
        stream.hear("whole", LAN + "@1 " + LAN + "@2");
        assertThat(contradictions).hasSize(2);
    }

    // ---- spells

    private static long unserved(List<Unserved.Mark> marks, List<Unserved.Carried> carried) {
        return unserved(marks, carried, List.of());
    }

    private static long unserved(
            List<Unserved.Mark> marks, List<Unserved.Carried> carried, List<Unserved.Span> pauses) {
        Unserved.Spell longest = Unserved.longest(marks, carried, pauses, Agents::prefixOf, 0, 1_000);
        return longest == null ? 0 : longest.millis();
    }

    private static Unserved.Mark up(long at, long router) {
        return new Unserved.Mark(at, router, Unserved.Said.UP);
    }

    private static Unserved.Mark down(long at, long router) {
        return new Unserved.Mark(at, router, Unserved.Said.DOWN);
    }

    @Test
    void aPrefixIsServedByAPrimaryThatIsUp() {
        assertThat(unserved(List.of(up(10, 1), up(20, 2)), List.of(new Unserved.Carried(15, 0, 1))))
                .isEqualTo(5);
    }

    @Test
    void aDeadPrimaryServesNoPrefixWhateverTheRowsSay() {
        assertThat(unserved(
                        List.of(up(0, 1), up(0, 2), down(100, 1)),
                        List.of(new Unserved.Carried(0, 0, 1), new Unserved.Carried(400, 0, 2))))
                .isEqualTo(300);
    }

    @Test
    void aPrefixWithoutARouterThatIsUpWaitsForNone() {
        assertThat(unserved(
                        List.of(up(0, 1), down(100, 1)),
                        List.of(new Unserved.Carried(0, 0, 1), new Unserved.Carried(200, 0, 0))))
                .isZero();
    }

    @Test
    void aRouterThatIsUpAndNeverCarriesWaitsUntilTheEnd() {
        assertThat(unserved(List.of(up(100, 1)), List.of())).isEqualTo(900);
    }

    /** The router carries its prefix until its process closes; then it asks another process at a moment. */
    private static List<Unserved.Mark> asksAt(long moment) {
        return List.of(
                up(0, 1),
                new Unserved.Mark(100, 1, Unserved.Said.LOST),
                new Unserved.Mark(moment, 1, Unserved.Said.ASKS));
    }

    private static final List<Unserved.Carried> CARRIED_UNTIL_ITS_GRACE_IS_OVER =
            List.of(new Unserved.Carried(0, 0, 1), new Unserved.Carried(200, 0, 0));

    @Test
    void theTimeInWhichALostRouterDoesNotAskDoesNotCount() {
        assertThat(unserved(asksAt(700), CARRIED_UNTIL_ITS_GRACE_IS_OVER)).isEqualTo(300);
        assertThat(unserved(asksAt(700).subList(0, 2), CARRIED_UNTIL_ITS_GRACE_IS_OVER))
                .as("never")
                .isZero();
    }

    @Test
    void theTimeInWhichARouterAsksAndGetsNoSessionCounts() {
        assertThat(unserved(asksAt(110), CARRIED_UNTIL_ITS_GRACE_IS_OVER)).isEqualTo(800);
        List<Unserved.Mark> marks = new ArrayList<>(asksAt(110));
        marks.add(new Unserved.Mark(500, 1, Unserved.Said.ASKS)); // another process
        assertThat(unserved(marks, CARRIED_UNTIL_ITS_GRACE_IS_OVER)).isEqualTo(800);
    }

    @Test
    void theTimeInWhichTheTestDidNotRunCountsNeitherAloneNorTwice() {
        List<Unserved.Span> pauses =
                List.of(new Unserved.Span(250, 300), new Unserved.Span(50, 260), new Unserved.Span(600, 800));
        assertThat(unserved(asksAt(110), CARRIED_UNTIL_ITS_GRACE_IS_OVER, pauses))
                .isEqualTo(800 - 100 - 200);
        assertThat(unserved(asksAt(700), CARRIED_UNTIL_ITS_GRACE_IS_OVER, pauses))
                .isEqualTo(200);
    }

    /** The planted fault: the test ran, the router asked, and the prefix had no primary. */
    @Test
    void aPrefixThatIsUnservedOutsideOfThePausesOfTheTestIsFound() {
        List<Unserved.Span> pauses = List.of(new Unserved.Span(20, 190));
        assertThat(unserved(asksAt(110), CARRIED_UNTIL_ITS_GRACE_IS_OVER, pauses))
                .isEqualTo(800);
    }

    @Test
    void aSleepThatTookMuchLongerThanItWasToIsAPause() {
        PauseMeter meter = new PauseMeter();
        meter.woken(1_000, 20);
        meter.woken(2_000, 120);
        assertThat(meter.pauses()).isEmpty();

        meter.woken(3_000, 1_020);
        assertThat(meter.pauses()).containsExactly(new Unserved.Span(2_000, 3_000));
    }

    // ---- rows

    private static AgentRecord.Answer read(String id, long revision, String rows) {
        return new AgentRecord.Answer(id, false, 10, 15, revision, 0, 0, null, rows);
    }

    @Test
    void readsThatShowTheRowsOfTheirRevisionPass() {
        assertThat(AgentRecord.contradictions(
                        List.of(answer("a1-1", 0, 1, events().size()), read("a2-1", 1, "one"), read("a3-1", 1, "one")),
                        events(),
                        List.of(new AgentRecord.Load(1, "one"), new AgentRecord.Load(0, "none"))))
                .isEmpty();
    }

    @Test
    void twoProcessesThatAnswerOneRevisionWithDifferentRowsAreFound() {
        assertThat(AgentRecord.contradictions(
                        List.of(read("a2-1", 1, "one"), read("a3-1", 1, "another")), List.of(), List.of()))
                .hasSize(1);
    }

    @Test
    void aReadWithOtherRowsThanTheStoreHasIsFound() {
        assertThat(AgentRecord.contradictions(
                        List.of(read("a2-1", 1, "another")), List.of(), List.of(new AgentRecord.Load(1, "one"))))
                .hasSize(1);
    }

    @Test
    void aReadOfANewRevisionThatShowsTheRowsBeforeItsCommandIsFound() {
        assertThat(AgentRecord.contradictions(
                        List.of(answer("a1-1", 0, 1, events().size()), read("a2-1", 1, "none")),
                        events(),
                        List.of(new AgentRecord.Load(0, "none"))))
                .hasSize(1);
    }

    private static StateRows rows(String prefix) {
        NodeId node = new NodeId(1);
        return Routing.step(
                        RoutingState.empty(Host.TAILNET, RoutingSettings.DEFAULT, Host.START),
                        List.of(Submission.of(
                                new Actor("agent"),
                                Host.registered(node),
                                new Command.AdvertiseRoutes(node, Host.prefixes(prefix)))),
                        Host.START)
                .next()
                .rows();
    }

    @Test
    void theHashOfRowsIsThatOfTheirContent() {
        assertThat(AgentRecord.hash(rows(LAN))).isEqualTo(AgentRecord.hash(rows(LAN)));
        assertThat(AgentRecord.hash(rows(LAN))).isNotEqualTo(AgentRecord.hash(rows("192.168.1.0/24")));
    }
}
