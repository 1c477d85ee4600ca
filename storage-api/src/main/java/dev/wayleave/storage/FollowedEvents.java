package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of the commits that other processes made between two revisions, if a listener gets them.
 *
 * <p>The rows of the later revision are read before, in another transaction, so that the store may have later events by
 * now: they are left for the next read. If the store has got another history in between, these events may be those of
 * that history; the next read of the rows detects it, and ends the loop.
 */
final class FollowedEvents {

    private static final QuietLog LOG = QuietLog.of(FollowedEvents.class);

    /** The number of events that are read at a time. */
    static final int PAGE = 1_000;

    /**
     * The largest number of events of one publication that are read: the newest. It bounds the memory of a process far
     * behind.
     */
    static final int MOST = 100_000;

    private final TailnetId tailnet;
    private final TailnetAccess store;
    private final Listeners listeners;
    private final int most;

    FollowedEvents(TailnetId tailnet, TailnetAccess store, Listeners listeners) {
        this(tailnet, store, listeners, MOST);
    }

    /** With another limit, for tests. */
    FollowedEvents(TailnetId tailnet, TailnetAccess store, Listeners listeners, int most) {
        this.tailnet = tailnet;
        this.store = store;
        this.listeners = listeners;
        this.most = most;
    }

    /**
     * Reads the events after a revision up to another revision, the oldest first. Events that the store has forgotten,
     * that are too many, or that cannot be read are left out, with a line in the log: routes do not wait for them.
     *
     * @param last the last event that was published; null if none is known
     * @param known the published revision
     * @param found the revision that is published next
     * @throws StorageException if the store cannot be read now
     */
    List<PublishedEvent> between(@Nullable EventPosition last, Revision known, Revision found) {
        if (!listeners.areStarted()) {
            return List.of();
        }
        List<PublishedEvent> events = new ArrayList<>();
        try {
            read(last, known, found, events);
        } catch (StoredRowsException e) {
            LOG.warn(
                    "events of tailnet {} after revision {} up to revision {} cannot be read: listeners get {} of them",
                    tailnet,
                    known,
                    found,
                    events.size(),
                    e);
        }
        return events;
    }

    /** Begins with the last published event: if it is kept, none after it is forgotten, for the oldest go first. */
    private void read(@Nullable EventPosition last, Revision known, Revision found, List<PublishedEvent> events) {
        EventPosition begin = new EventPosition(known, Integer.MAX_VALUE);
        EventPosition end = new EventPosition(found, Integer.MAX_VALUE);
        EventPosition since = last == null ? begin : before(last);
        EventPosition first = null;
        boolean isLastKept = false;
        int dropped = 0;
        List<StoredEvent> page;
        do {
            page = store.events(since, PAGE);
            for (StoredEvent event : page) {
                since = event.position();
                if (since.compareTo(end) > 0) {
                    break;
                }
                isLastKept |= since.equals(last);
                if (since.compareTo(begin) > 0) {
                    first = first == null ? since : first;
                    events.add(new PublishedEvent(event.at(), event.event(), since));
                }
            }
            int tooMany = Math.max(0, events.size() - most);
            events.subList(0, tooMany).clear();
            dropped += tooMany;
        } while (page.size() == PAGE && since.compareTo(end) < 0);
        report(dropped, known, found);
        boolean isLastForgotten = last != null && !isLastKept;
        if (first == null ? isLastForgotten : first.ordinal() > 0 || (isLastForgotten && !isNext(first, known))) {
            LOG.warn(
                    "the store may have forgotten events of tailnet {} after revision {}: listeners get those that are"
                            + " left up to revision {}",
                    tailnet,
                    known,
                    found);
        }
    }

    private static EventPosition before(EventPosition position) {
        return position.ordinal() > 0
                ? new EventPosition(position.revision(), position.ordinal() - 1)
                : new EventPosition(new Revision(position.revision().value() - 1), Integer.MAX_VALUE);
    }

    /** {@return whether no event can be between a revision and a later event} */
    private static boolean isNext(EventPosition position, Revision known) {
        return position.equals(new EventPosition(known.next(), 0));
    }

    private void report(int dropped, Revision known, Revision found) {
        if (dropped > 0) {
            LOG.warn(
                    "tailnet {} is {} revisions behind: listeners do not get the oldest {} events of other processes",
                    tailnet,
                    found.value() - known.value(),
                    dropped);
        }
    }
}
