package dev.wayleave.examples.server.view;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happened before this process began, as the store has it. */
public final class History {

    private History() {}

    /**
     * Reads the newest events, oldest first. Nodes have the names, and entries of the policy the lines, that they have
     * now. Blocks.
     */
    public static List<EventLog.Entry> read(RoutingStore store, TailnetId tailnet, int most) {
        List<StoredEvent> events = store.eventsBefore(tailnet, EventPosition.END, most);
        Optional<RoutingState> state =
                store.load(tailnet).map(stored -> RoutingState.restoreWithoutSessions(stored.rows(), Instant.EPOCH));
        Words words = state.map(Words::new).orElse(Words.NUMBERS);
        Duration grace = state.map(known -> known.settings().grace()).orElse(Duration.ZERO);
        Causes causes = new Causes();
        return events.stream()
                .map(event -> EventLog.Entry.of(0, event, words, causes.of(event, words.names(), grace)))
                .toList();
    }
}
