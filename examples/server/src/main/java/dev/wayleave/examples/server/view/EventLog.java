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
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** The newest events, and the streams that follow them. Safe for use by several threads; sending does not block. */
public final class EventLog {

    static final int KEPT = 10_000;

    private static final long PER_MILLISECOND = 1_000;

    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Set<EventStream> followers = new HashSet<>();
    private final Causes causes = new Causes();
    private final LostPrefixes lost = new LostPrefixes();
    private long last;

    /**
     * One event as it is shown.
     *
     * @param seq its number in this log
     * @param time when it happened
     * @param revision the revision that it led to
     * @param kind what kind of event
     * @param actor who asked for it
     * @param node the node that it is about
     * @param nodeName how that node was called
     * @param prefix the prefix that it is about
     * @param from the primary before
     * @param to the primary now
     * @param text what happened, in a sentence
     * @param reason why; empty if the sentence says it
     * @param cause what led to another primary; empty for other events, and where nothing says it
     */
    public record Entry(
            long seq,
            Instant time,
            long revision,
            String kind,
            Optional<String> actor,
            Optional<NodeId> node,
            Optional<String> nodeName,
            Optional<Prefix> prefix,
            Optional<NodeId> from,
            Optional<NodeId> to,
            String text,
            String reason,
            Optional<String> cause) {

        /** An event with the names of its nodes, and why it happened. */
        static Entry of(long seq, StoredEvent stored, Words words, Optional<String> cause) {
            Names names = words.names();
            String kind = stored.kind();
            boolean elects = kind.equals("primary-moved") || kind.equals("primary-elected");
            RouteEvent event = stored.event();
            String reason = event.reason().text(names);
            String text = event.headline(names);
            return new Entry(
                    seq,
                    stored.at(),
                    stored.position().revision().value(),
                    kind,
                    stored.actor().map(Object::toString),
                    stored.node(),
                    stored.node().map(words::name),
                    stored.prefix(),
                    stored.previousNode(),
                    elects ? stored.node() : Optional.empty(),
                    text,
                    text.equals(reason) ? "" : reason,
                    cause);
        }

        public ObjectNode json() {
            ObjectNode document = Json.object();
            document.put("seq", seq);
            Json.put(document, "time", time);
            document.put("revision", revision);
            document.put("kind", kind);
            Json.put(document, "actor", actor);
            TailnetDocuments.number(document, "node", node);
            Json.put(document, "nodeName", nodeName);
            Json.put(document, "prefix", prefix);
            TailnetDocuments.number(document, "from", from);
            TailnetDocuments.number(document, "to", to);
            document.put("text", text);
            document.put("reason", reason);
            Json.put(document, "cause", cause);
            return document;
        }

        Entry numbered(long number) {
            return new Entry(
                    number, time, revision, kind, actor, node, nodeName, prefix, from, to, text, reason, cause);
        }

        String message() {
            return EventStream.message(seq, "event", json());
        }
    }

    /** Takes what happened. */
    public synchronized void add(Publication publication) {
        RoutingState after = publication.after().state();
        Words words = new Words(after, publication.before().state());
        EventPosition unstored = new EventPosition(publication.after().revision(), 0);
        for (PublishedEvent event : publication.events()) {
            last = number(event.at());
            StoredEvent stored = StoredEvent.of(event.position().orElse(unstored), event.at(), event.event());
            add(Entry.of(
                    last,
                    stored,
                    words,
                    causes.of(stored, words.names(), after.settings().grace())));
        }
    }

    /** The next number, which grows with the time so that it does so after a restart, too; every script can hold it. */
    private long number(Instant time) {
        return Math.max(last + 1, time.toEpochMilli() * PER_MILLISECOND);
    }

    /** Takes what happened before this process began, oldest first. */
    public synchronized void restore(List<Entry> history) {
        for (Entry entry : history) {
            last = number(entry.time());
            add(entry.numbered(last));
        }
    }

    private void add(Entry entry) {
        lost.add(entry);
        entries.addLast(entry);
        if (entries.size() > KEPT) {
            entries.removeFirst();
        }
        followers.forEach(stream -> stream.send(entry::message));
    }

    /**
     * The newest events of those that are asked for, oldest first.
     *
     * @param holders the nodes whose own events belong to the history of the prefix
     */
    public synchronized List<Entry> newest(
            int limit, long before, Optional<NodeId> node, Optional<Prefix> prefix, Collection<NodeId> holders) {
        List<Entry> found = new ArrayList<>();
        Iterator<Entry> newestFirst = entries.descendingIterator();
        while (newestFirst.hasNext() && found.size() < limit) {
            Entry entry = newestFirst.next();
            boolean about = node.isEmpty() || node.equals(entry.node()) || node.equals(entry.from());
            boolean belongs = prefix.isEmpty()
                    || prefix.equals(entry.prefix())
                    || (entry.prefix().isEmpty()
                            && entry.node().filter(holders::contains).isPresent());
            if (entry.seq() < before && about && belongs) {
                found.add(entry);
            }
        }
        Collections.reverse(found);
        return found;
    }

    /** Sends what came after a number, and then everything that happens. */
    public synchronized Runnable follow(EventStream stream, long after) {
        List<Entry> missed =
                entries.stream().filter(entry -> entry.seq() > after).toList();
        if (!missed.isEmpty()) {
            stream.send(() -> {
                StringBuilder messages = new StringBuilder();
                missed.forEach(entry -> messages.append(entry.message()));
                return messages.toString();
            });
        }
        followers.add(stream);
        return () -> forget(stream);
    }

    private synchronized void forget(EventStream stream) {
        followers.remove(stream);
    }

    /** The events that took the last primary of a prefix away, of prefixes that have had none since. */
    public synchronized List<Entry> lost(Instant now) {
        return lost.at(now);
    }

    /** The number of the last event. */
    public synchronized long last() {
        return last;
    }
}
