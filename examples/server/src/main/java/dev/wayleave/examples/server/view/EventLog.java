package dev.wayleave.examples.server.view;

import dev.wayleave.RoutingState;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.server.web.EventStream;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.PublishedEvent;
import dev.wayleave.storage.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The newest events, and the streams that follow them. */
public final class EventLog {

    static final int KEPT = 10_000;

    private final Deque<Entry> entries = new ArrayDeque<>();
    private Causes causes = new Causes();
    private LostPrefixes lost = new LostPrefixes();

    /** The streams that follow, each with the last event that its reader has. */
    private final Map<EventStream, EventId> followers = new HashMap<>();

    /** After this event the log has all that happened. */
    private EventId since = EventId.START;

    private EventId last = EventId.START;

    /**
     * One event as it is shown.
     *
     * @param id where it is among the events of the tailnet
     * @param time when it happened
     * @param revision the revision that it led to
     * @param kind what kind of event
     * @param actorOrNull the actor whose submission it was
     * @param isActorNamed whether the text or the reason names the actor
     * @param nodeOrNull the node that it is about
     * @param nodeNameOrNull how that node was called
     * @param prefixOrNull the prefix that it is about
     * @param fromOrNull the primary before
     * @param toOrNull the primary now
     * @param text what happened, in a sentence
     * @param reason why; empty if the sentence has it
     * @param causeOrNull what led to another primary; null for other events, and where it is not known
     */
    public record Entry(
            EventId id,
            Instant time,
            long revision,
            String kind,
            @Nullable String actorOrNull,
            boolean isActorNamed,
            @Nullable NodeId nodeOrNull,
            @Nullable String nodeNameOrNull,
            @Nullable Prefix prefixOrNull,
            @Nullable NodeId fromOrNull,
            @Nullable NodeId toOrNull,
            String text,
            String reason,
            @Nullable String causeOrNull) {

        /** An event with the names of its nodes, and why it happened. */
        static Entry of(EventId id, StoredEvent stored, DocumentNames words, @Nullable String causeOrNull) {
            Names names = words.names();
            String kind = stored.kind();
            boolean elects = kind.equals("primary-moved") || kind.equals("primary-elected");
            RouteEvent event = stored.event();
            NodeId node = stored.node().orElse(null);
            return new Entry(
                    id,
                    stored.at(),
                    stored.position().revision().value(),
                    kind,
                    stored.actor().map(Object::toString).orElse(null),
                    event.namesActor(),
                    node,
                    node == null ? null : words.name(node),
                    stored.prefix().orElse(null),
                    stored.previousNode().orElse(null),
                    elects ? node : null,
                    event.headline(names),
                    event.reasonText(names),
                    causeOrNull);
        }

        public Optional<String> actor() {
            return Optional.ofNullable(actorOrNull);
        }

        public Optional<NodeId> node() {
            return Optional.ofNullable(nodeOrNull);
        }

        public Optional<String> nodeName() {
            return Optional.ofNullable(nodeNameOrNull);
        }

        public Optional<Prefix> prefix() {
            return Optional.ofNullable(prefixOrNull);
        }

        public Optional<NodeId> from() {
            return Optional.ofNullable(fromOrNull);
        }

        public Optional<String> cause() {
            return Optional.ofNullable(causeOrNull);
        }

        public ObjectNode json() {
            ObjectNode document = Json.object();
            document.put("id", id.toString());
            Json.put(document, "time", time);
            document.put("revision", revision);
            document.put("kind", kind);
            document.put("actor", actorOrNull);
            document.put("actorNamed", isActorNamed);
            TailnetDocuments.number(document, "node", nodeOrNull);
            document.put("nodeName", nodeNameOrNull);
            document.put("prefix", prefix().map(Prefix::toString).orElse(null));
            TailnetDocuments.number(document, "from", fromOrNull);
            TailnetDocuments.number(document, "to", toOrNull);
            document.put("text", text);
            document.put("reason", reason);
            document.put("cause", causeOrNull);
            return document;
        }

        String message() {
            return EventStream.message(id.toString(), "event", json());
        }

        /** Whether it is an event of the store, regardless of the names that its nodes had when it was read. */
        private boolean isOf(@Nullable StoredEvent stored) {
            return stored != null
                    && id.equals(EventId.of(stored.position()))
                    && time.equals(stored.at())
                    && kind.equals(stored.kind())
                    && actor().equals(stored.actor().map(Object::toString))
                    && node().equals(stored.node())
                    && prefix().equals(stored.prefix());
        }
    }

    /** Takes what happened in this process. */
    public synchronized void add(Publication publication) {
        RoutingState after = publication.after().state();
        DocumentNames words = new DocumentNames(after, publication.before().state());
        Duration grace = after.settings().grace();
        for (PublishedEvent event : publication.events()) {
            EventId id = event.position().map(EventId::of).orElseGet(last::nextUnstored);
            add(id, StoredEvent.of(id.stored(), event.at(), event.event()), words, grace);
        }
    }

    /** Takes an event of the store, unless the log has it. */
    synchronized void add(StoredEvent stored, DocumentNames words, Duration grace) {
        add(EventId.of(stored.position()), stored, words, grace);
    }

    private synchronized void add(EventId id, StoredEvent stored, DocumentNames words, Duration grace) {
        if (id.compareTo(last) > 0) {
            add(Entry.of(
                    id, stored, words, causes.of(stored, words.names(), grace).orElse(null)));
        }
    }

    /**
     * Takes what happened before this process began, oldest first.
     *
     * @param isAll whether nothing happened before that
     */
    public synchronized void restore(List<Entry> history, boolean isAll) {
        history.forEach(this::add);
        if (!isAll && !history.isEmpty()) {
            since = history.get(0).id();
        }
    }

    /**
     * Forgets the events that the store does not have: the tailnet was set back, or made again, and may have other
     * events at their positions. If the store has none of the events that are compared, all are forgotten.
     *
     * @param stored the last events that the store has up to the last one of the log, oldest first
     * @param isAll whether the store has no event before them
     */
    synchronized void keepCommon(List<StoredEvent> stored, boolean isAll) {
        Map<EventPosition, StoredEvent> there = new HashMap<>();
        stored.forEach(event -> there.put(event.position(), event));
        Iterator<Entry> newestFirst = entries.descendingIterator();
        boolean isNewest = there.containsKey(last.stored());
        while (newestFirst.hasNext()) {
            Entry entry = newestFirst.next();
            if (entry.isOf(there.get(entry.id().stored()))) {
                if (!isNewest) {
                    forgetAfter(entry.id(), entry.id());
                }
                return;
            }
            isNewest &= entry.id().number() > 0; // no store keeps it
        }
        if (!isNewest) {
            // events before these were not compared: they are forgotten, too
            forgetAfter(
                    EventId.START,
                    isAll ? EventId.START : EventId.of(stored.get(0).position()));
        }
    }

    /**
     * Forgets events, and lets the streams know.
     *
     * @param common the last event that stays
     * @param read the event after which the log is to be read
     */
    private synchronized void forgetAfter(EventId common, EventId read) {
        entries.removeIf(entry -> entry.id().compareTo(common) > 0);
        last = read;
        since = entries.isEmpty() ? read : since;
        causes = new Causes();
        lost = new LostPrefixes();
        entries.forEach(lost::add);
        followers.replaceAll((stream, has) -> {
            stream.send(() -> EventStream.message(
                    read.toString(), "history", Json.object().put("after", common.toString())));
            return has.compareTo(read) > 0 ? read : has;
        });
    }

    private synchronized void add(Entry entry) {
        lost.add(entry);
        last = entry.id();
        entries.addLast(entry);
        if (entries.size() > KEPT) {
            since = entries.removeFirst().id();
        }
        followers.replaceAll((stream, has) -> {
            if (entry.id().compareTo(has) <= 0) {
                return has; // the process that it followed before was ahead of this one
            }
            stream.send(entry::message);
            return entry.id();
        });
    }

    /**
     * A filter for the events that a request asks for.
     *
     * @param nodeOrNull only those about this node; null for any
     * @param prefixOrNull only those about this prefix; null for any
     * @param holders the nodes whose own events belong to the history of the prefix
     * @param kinds only those of these kinds, if there are any
     */
    public record Filter(
            @Nullable NodeId nodeOrNull,
            @Nullable Prefix prefixOrNull,
            Collection<NodeId> holders,
            Collection<String> kinds) {

        private boolean takes(Entry entry) {
            return (kinds.isEmpty() || kinds.contains(entry.kind()))
                    && (nodeOrNull == null
                            || nodeOrNull.equals(entry.nodeOrNull())
                            || nodeOrNull.equals(entry.fromOrNull()))
                    && (prefixOrNull == null
                            || entry.prefix().filter(prefixOrNull::equals).isPresent()
                            || (entry.prefix().isEmpty()
                                    && entry.node().filter(holders::contains).isPresent()));
        }
    }

    /** The newest events of those that are asked for, oldest first. */
    public synchronized List<Entry> newest(int limit, EventId before, Filter filter) {
        List<Entry> found = new ArrayList<>();
        Iterator<Entry> newestFirst = entries.descendingIterator();
        while (newestFirst.hasNext() && found.size() < limit) {
            Entry entry = newestFirst.next();
            if (entry.id().compareTo(before) < 0 && filter.takes(entry)) {
                found.add(entry);
            }
        }
        Collections.reverse(found);
        return found;
    }

    /**
     * Sends what came after an event, and then everything that happens. Ends the stream if the log has forgotten what
     * came after it.
     *
     * @param older what came after the event and is no longer in the log
     * @param after the last event that the reader has then
     */
    public synchronized Runnable follow(EventStream stream, List<Entry> older, EventId after) {
        if (after.compareTo(since) < 0 && !after.equals(EventId.START)) {
            stream.end();
            return () -> {};
        }
        List<Entry> missed = new ArrayList<>(older);
        entries.stream().filter(entry -> entry.id().compareTo(after) > 0).forEach(missed::add);
        if (!missed.isEmpty()) {
            stream.send(() -> {
                StringBuilder messages = new StringBuilder();
                missed.forEach(entry -> messages.append(entry.message()));
                return messages.toString();
            });
        }
        followers.put(stream, last.compareTo(after) > 0 ? last : after);
        return () -> forget(stream);
    }

    private synchronized void forget(EventStream stream) {
        followers.remove(stream);
    }

    /** The events that took the last primary of a prefix away, of prefixes that have had none since. */
    public synchronized List<Entry> lost(Instant now) {
        return lost.at(now);
    }

    /** {@return the last event} */
    public synchronized EventId last() {
        return last;
    }

    /** {@return the event after which the log has all that happened} */
    public synchronized EventId since() {
        return since;
    }
}
