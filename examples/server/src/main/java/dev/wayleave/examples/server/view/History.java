package dev.wayleave.examples.server.view;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of the tailnet, as the store has them. Nodes have the names, and entries of the policy the lines, that
 * they have now. Blocks on the store.
 */
public final class History {

    /** The largest number of events that a reader may have missed. */
    static final int MOST_MISSED = 50_000;

    private static final int PAGE = 1_000;

    private final RoutingStore store;
    private final TailnetId tailnet;

    public History(RoutingStore store, TailnetId tailnet) {
        this.store = store;
        this.tailnet = tailnet;
    }

    /** Reads the newest events, oldest first. */
    public List<EventLog.Entry> newest(int most) {
        List<StoredEvent> events = store.eventsBefore(tailnet, EventPosition.END, most);
        Optional<RoutingState> state =
                store.load(tailnet).map(stored -> RoutingState.restoreWithoutSessions(stored.rows(), Instant.EPOCH));
        DocumentNames words = state.map(DocumentNames::new).orElse(DocumentNames.NUMBERS);
        return entries(
                events, words, state.map(known -> known.settings().grace()).orElse(Duration.ZERO));
    }

    private static List<EventLog.Entry> entries(List<StoredEvent> events, DocumentNames words, Duration grace) {
        Causes causes = new Causes();
        return events.stream()
                .map(event -> EventLog.Entry.of(
                        EventId.of(event.position()),
                        event,
                        words,
                        causes.of(event, words.names(), grace).orElse(null)))
                .toList();
    }

    /**
     * Reads the events between two, oldest first.
     *
     * @param after the first one, exclusive
     * @param last the last one, inclusive
     * @param state whose names the nodes have
     * @return the events; empty if they are too many
     */
    public Optional<List<EventLog.Entry>> between(EventId after, EventId last, RoutingState state) {
        List<StoredEvent> events = new ArrayList<>();
        EventPosition position = after.stored();
        while (position.compareTo(last.stored()) < 0) {
            List<StoredEvent> page = store.events(tailnet, position, PAGE);
            page.stream()
                    .filter(event -> event.position().compareTo(last.stored()) <= 0)
                    .forEach(events::add);
            if (events.size() > MOST_MISSED) {
                return Optional.empty();
            }
            position = page.size() < PAGE
                    ? last.stored()
                    : page.get(page.size() - 1).position();
        }
        return Optional.of(
                entries(events, new DocumentNames(state), state.settings().grace()));
    }

    /**
     * Brings the events of revisions up to that of a snapshot into a log that does not have them, in place of those
     * that the store does not have: the tailnet may have another history since.
     *
     * @throws dev.wayleave.storage.StorageException if they cannot be read now; some may be in the log then
     */
    public void addTo(EventLog log, Snapshot snapshot) {
        keepCommon(log, snapshot);
        RoutingState state = snapshot.state();
        DocumentNames words = new DocumentNames(state);
        List<StoredEvent> page;
        do {
            page = store.events(tailnet, log.last().stored(), PAGE);
            for (StoredEvent event : page) {
                if (event.position().revision().compareTo(snapshot.revision()) > 0) {
                    return;
                }
                log.add(event, words, state.settings().grace());
            }
        } while (!page.isEmpty());
    }

    private void keepCommon(EventLog log, Snapshot snapshot) {
        EventPosition last = log.last().stored();
        List<StoredEvent> stored =
                store.eventsBefore(tailnet, new EventPosition(last.revision(), last.ordinal() + 1), PAGE);
        // a store that has later revisions, and no event, has purged them
        if (!stored.isEmpty() || snapshot.revision().compareTo(last.revision()) < 0) {
            log.keepCommon(stored, stored.size() < PAGE);
        }
    }
}
