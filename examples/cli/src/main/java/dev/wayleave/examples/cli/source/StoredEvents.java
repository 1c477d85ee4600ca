package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** What happened in a tailnet, as its database has it. Remembers how far it has read. */
public final class StoredEvents {

    private static final int PAGE = 1_000;

    private final RoutingStore store;
    private final TailnetId tailnet;

    /** The last event that was read: where the next ones begin. */
    private Optional<StoredEvent> last = Optional.empty();

    StoredEvents(RoutingStore store, TailnetId tailnet) {
        this.store = store;
        this.tailnet = tailnet;
    }

    /** The newest, oldest first; those about one node or one prefix, if one is named. */
    public List<LoggedEvent> newest(int most, Predicate<StoredEvent> asked) {
        Deque<StoredEvent> found = new ArrayDeque<>();
        EventPosition before = EventPosition.END;
        while (found.size() < most) {
            List<StoredEvent> page = store.eventsBefore(tailnet, before, PAGE);
            if (page.isEmpty()) {
                break;
            }
            if (last.isEmpty()) {
                last = Optional.of(page.get(page.size() - 1));
            }
            for (int i = page.size() - 1; i >= 0 && found.size() < most; i--) {
                if (asked.test(page.get(i))) {
                    found.addFirst(page.get(i));
                }
            }
            before = page.get(0).position();
        }
        return logged(found);
    }

    /** Events about a node or about a prefix that it had; about a prefix. */
    public static Predicate<StoredEvent> about(Optional<NodeId> node, Optional<Prefix> prefix) {
        return event -> (node.isEmpty() || node.equals(event.node()) || node.equals(event.previousNode()))
                && (prefix.isEmpty() || prefix.equals(event.prefix()));
    }

    /**
     * What happened since something was read, oldest first. If the last event that was read is gone, the tailnet was
     * deleted and made again, or a purge took that event and all before it: then every event is new.
     */
    public List<LoggedEvent> next() {
        List<StoredEvent> events = new ArrayList<>();
        if (last.isPresent()) {
            StoredEvent known = last.get();
            events.addAll(store.events(tailnet, previous(known.position()), PAGE));
            if (!events.isEmpty() && events.get(0).equals(known)) {
                events.remove(0);
            } else {
                last = Optional.empty();
                events.clear();
            }
        }
        if (last.isEmpty()) {
            events.addAll(store.events(tailnet, EventPosition.START, PAGE));
        }
        if (!events.isEmpty()) {
            last = Optional.of(events.get(events.size() - 1));
        }
        return logged(events);
    }

    /** The position just before another one. */
    private static EventPosition previous(EventPosition position) {
        return position.ordinal() > 0
                ? new EventPosition(position.revision(), position.ordinal() - 1)
                : new EventPosition(new Revision(position.revision().value() - 1), Integer.MAX_VALUE);
    }

    private List<LoggedEvent> logged(Collection<StoredEvent> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        Map<NodeId, String> names = new HashMap<>();
        store.load(tailnet)
                .ifPresent(stored -> stored.rows()
                        .nodes()
                        .forEach(node ->
                                names.put(node.facts().id(), node.facts().name())));
        return events.stream().map(event -> logged(event, names)).toList();
    }

    private static LoggedEvent logged(StoredEvent event, Map<NodeId, String> names) {
        Optional<String> about = event.node().map(node -> names.getOrDefault(node, "node " + node));
        String text = text(event, about, event.previousNode().map(node -> names.getOrDefault(node, "node " + node)));
        Optional<String> actor = event.actor().map(Object::toString);
        return new LoggedEvent(
                event.at().toString(), event.kind(), text, event.reason(), actor, JsonOutput.line(json -> {
                    json.writeNumberProperty(
                            "revision", event.position().revision().value());
                    json.writeNumberProperty("ordinal", event.position().ordinal());
                    json.writeStringProperty("time", event.at().toString());
                    json.writeStringProperty("kind", event.kind());
                    JsonOutput.textOrNull(json, "actor", actor.orElse(null));
                    number(json, "node", event.node());
                    JsonOutput.textOrNull(json, "nodeName", about.orElse(null));
                    JsonOutput.textOrNull(
                            json, "prefix", event.prefix().map(Prefix::toString).orElse(null));
                    number(json, "previousNode", event.previousNode());
                    json.writeStringProperty("text", text);
                    json.writeStringProperty("reason", event.reason());
                }));
    }

    private static void number(JsonGenerator json, String name, Optional<NodeId> node) {
        if (node.isPresent()) {
            json.writeNumberProperty(name, node.get().value());
        } else {
            json.writeNullProperty(name);
        }
    }

    /** For example {@code 10.20.0.0/16 primary moved (berlin-b, before: berlin-a)}. */
    private static String text(StoredEvent event, Optional<String> about, Optional<String> previous) {
        String nodes = Stream.concat(about.stream(), previous.map(name -> "before: " + name).stream())
                .collect(Collectors.joining(", "));
        return event.prefix().map(prefix -> prefix + " ").orElse("")
                + event.kind().replace('-', ' ')
                + (nodes.isEmpty() ? "" : " (" + nodes + ")");
    }
}
