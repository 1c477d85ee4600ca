package dev.wayleave.examples.server.view;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredEvent;
import java.time.Instant;
import java.util.List;

/** What happened before this process began, as the store has it. */
public final class History {

    private History() {}

    /**
     * Reads the newest events, oldest first. Nodes have the names, and entries of the policy the lines, that they have
     * now. Blocks.
     */
    public static List<EventLog.Entry> read(RoutingStore store, TailnetId tailnet, int most) {
        List<StoredEvent> events = store.eventsBefore(tailnet, EventPosition.END, most);
        Names names = store.load(tailnet)
                .map(stored -> RoutingState.restoreWithoutSessions(stored.rows(), Instant.EPOCH)
                        .names())
                .orElse(Names.NUMBERS);
        Causes causes = new Causes();
        return events.stream()
                .map(event -> EventLog.Entry.of(0, event, names, causes.of(event, names)))
                .toList();
    }
}
