package dev.wayleave.examples.server.view;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What happened before this process began, as the store has it. */
public final class History {

    private History() {}

    /**
     * Reads the newest events, oldest first. Nodes have the names that they have now, in reasons their numbers. Blocks.
     */
    public static List<EventLog.Entry> read(RoutingStore store, TailnetId tailnet, int most) {
        List<StoredEvent> events = store.eventsBefore(tailnet, EventPosition.END, most);
        Map<NodeId, String> names = new HashMap<>();
        store.load(tailnet)
                .ifPresent(stored -> stored.rows()
                        .nodes()
                        .forEach(node ->
                                names.put(node.facts().id(), node.facts().name())));
        return events.stream()
                .map(event ->
                        EventLog.Entry.of(0, event, node -> names.getOrDefault(node, "node " + node), event.reason()))
                .toList();
    }
}
