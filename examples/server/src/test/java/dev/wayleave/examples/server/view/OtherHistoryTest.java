package dev.wayleave.examples.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The log of a tailnet whose history in the store is not the one that the log has. */
class OtherHistoryTest {

    private static final TailnetId TAILNET = new TailnetId("sample");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final EventLog log = new EventLog();
    private InMemoryRoutingStore store = new InMemoryRoutingStore();
    private RoutingState state = RoutingState.empty(TAILNET, RoutingSettings.DEFAULT, NOW);
    private Revision revision = Revision.NONE;

    /** Commits a node that connects: one event. */
    private OtherHistoryTest node(long id, String name) {
        NodeId node = new NodeId(id);
        Submission submission = Submission.of(
                new Actor("test"),
                new Command.RegisterNode(
                        Node.builder(node, name, Owner.tags("tag:router")).build()),
                new Command.ConnectSession(node, new SessionId(name)));
        Step step = Routing.step(state, List.of(submission), NOW);
        RowChanges changes = step.rowChanges();
        state = step.next();
        Commit commit = new Commit(
                TAILNET,
                revision,
                null,
                CommitToken.random(),
                NOW,
                revision.equals(Revision.NONE)
                        ? new RowChanges(state.rows().tailnet(), changes.users(), changes.nodes(), changes.routes())
                        : changes,
                step.events());
        assertThat(store.commit(commit)).isInstanceOf(CommitOutcome.Committed.class);
        revision = revision.next();
        return this;
    }

    /** The store as it was before the tailnet began. */
    private OtherHistoryTest setBack() {
        store = new InMemoryRoutingStore();
        state = RoutingState.empty(TAILNET, RoutingSettings.DEFAULT, NOW);
        revision = Revision.NONE;
        return this;
    }

    private List<String> read() {
        new History(store, TAILNET).addTo(log, new Snapshot(revision, state));
        return shown();
    }

    private List<String> shown() {
        return log.newest(10_000, EventId.END, new EventLog.Filter(null, null, List.of(), List.of())).stream()
                .map(entry -> entry.id() + " " + entry.nodeName().orElseThrow())
                .toList();
    }

    @Test
    void eventsOfAnotherHistoryReplaceThoseAtTheirPositions() {
        node(1, "a").node(2, "b").node(3, "c");
        assertThat(read()).containsExactly("1.0 a", "2.0 b", "3.0 c");

        setBack().node(1, "a").node(7, "x").node(8, "y").node(9, "z");

        assertThat(read()).containsExactly("1.0 a", "2.0 x", "3.0 y", "4.0 z");
    }

    @Test
    void eventsThatAShorterHistoryDoesNotHaveAreForgotten() {
        node(1, "a").node(2, "b").node(3, "c");
        read();

        setBack().node(1, "a");

        assertThat(read()).containsExactly("1.0 a");
        assertThat(log.last()).hasToString("1.0");
    }

    /** One event at each revision, all at one time. */
    private List<StoredEvent> events(int first, int last, String name, Instant time) {
        Step step = Routing.step(
                RoutingState.empty(TAILNET, RoutingSettings.DEFAULT, NOW),
                List.of(Submission.of(
                        new Actor("test"),
                        new Command.RegisterNode(Node.builder(new NodeId(1), name, Owner.tags("tag:router"))
                                .build()),
                        new Command.ConnectSession(new NodeId(1), new SessionId(name)))),
                NOW);
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> StoredEvent.of(
                        new EventPosition(new Revision(number), 0),
                        time,
                        step.events().get(0)))
                .toList();
    }

    private void add(List<StoredEvent> events) {
        events.forEach(event -> log.add(event, DocumentNames.NUMBERS, Duration.ZERO));
    }

    @Test
    void noEventStaysOfALongHistoryThatHasNoneInCommonWithTheStore() {
        add(events(1, 1_100, "a", NOW));

        log.keepCommon(events(101, 1_100, "x", NOW.plusSeconds(1)), false);

        assertThat(shown()).isEmpty();
        assertThat(log.since()).as("the oldest event that was compared").hasToString("101.0");
        assertThat(log.last()).hasToString("101.0");
    }

    @Test
    void aHistoryThatIsSetBackTwiceBeforeItIsReadLeavesNoGap() {
        add(events(1, 1_100, "a", NOW));
        log.keepCommon(events(101, 1_100, "x", NOW.plusSeconds(1)), false);

        log.keepCommon(events(1, 3, "y", NOW.plusSeconds(2)), true);

        assertThat(log.last()).isEqualTo(EventId.START);
        assertThat(log.since()).isEqualTo(EventId.START);
    }

    @Test
    void theEventsBeforeTheLastCommonOneOfALongHistoryStay() {
        add(events(1, 1_100, "a", NOW));

        List<StoredEvent> stored = new ArrayList<>(events(101, 1_000, "a", NOW));
        stored.addAll(events(1_001, 1_100, "x", NOW.plusSeconds(1)));
        log.keepCommon(stored, false);

        assertThat(shown()).hasSize(1_000);
        assertThat(log.last()).hasToString("1000.0");
    }

    @Test
    void aTailnetThatWasDeletedLeavesNoEvents() {
        node(1, "a").node(2, "b");
        read();

        setBack();

        assertThat(read()).isEmpty();
    }

    @Test
    void aStoreThatHasPurgedItsEventsHasNoOtherHistory() {
        node(1, "a").node(2, "b");
        List<String> before = read();

        store = new InMemoryRoutingStore(0);
        state = RoutingState.empty(TAILNET, RoutingSettings.DEFAULT, NOW);
        revision = Revision.NONE;
        node(1, "a").node(2, "b");

        assertThat(read()).isEqualTo(before);
    }

    @Test
    void theSameHistoryIsReadOnce() {
        node(1, "a").node(2, "b");
        read();

        node(3, "c");

        assertThat(read()).containsExactly("1.0 a", "2.0 b", "3.0 c");
        assertThat(read()).containsExactly("1.0 a", "2.0 b", "3.0 c");
    }
}
