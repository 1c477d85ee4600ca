package dev.wayleave.examples.tour;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows a tailnet without a controller: keeps a copy of its rows, and hands each event over once and in order. For
 * one thread.
 */
public final class TailnetFollower {

    private static final int PAGE = 1_000;

    private final RoutingStore store;
    private final TailnetId tailnet;
    private final Consumer<StoredEvent> receiver;

    /** The rows that were read last; empty before the first read, and while the tailnet is not stored. */
    private Optional<StoredTailnet> known = Optional.empty();

    private EventPosition seen;

    /**
     * Makes a follower.
     *
     * @param store the store, which other processes write
     * @param tailnet the tailnet
     * @param seen the position of the last event that this program has handled: keep it together with what the event
     *     leads to, in one transaction
     * @param receiver receives each event after that position; what it throws ends the read, and the next read begins
     *     with the same event
     */
    public TailnetFollower(RoutingStore store, TailnetId tailnet, EventPosition seen, Consumer<StoredEvent> receiver) {
        this.store = store;
        this.tailnet = tailnet;
        this.seen = seen;
        this.receiver = receiver;
    }

    /** {@return the rows, with their revision; empty if the tailnet is not stored} */
    public Optional<StoredTailnet> known() {
        return known;
    }

    /** Reads what was committed since the last call. Call it every few seconds, and when a commit is notified. */
    public void read() {
        Optional<StoredTailnet> now = known.flatMap(this::changed);
        if (now.isEmpty()) {
            now = store.load(tailnet); // the first read, or too far behind
            if (now.isEmpty() || !known.map(this::isInHistory).orElse(true)) {
                known = Optional.empty(); // deleted, made again, or another history: the events begin anew
                seen = EventPosition.START;
            }
        }
        now.ifPresent(this::hand);
        known = now;
    }

    /** The rows that are known, with what changed; empty if the store cannot tell. */
    private Optional<StoredTailnet> changed(StoredTailnet before) {
        return store.changes(tailnet, before.revision())
                .filter(changes -> changes.sinceToken().equals(before.token()))
                .map(changes -> after(before, changes));
    }

    private static StoredTailnet after(StoredTailnet before, StoredChanges changes) {
        return new StoredTailnet(
                changes.revision(), changes.token(), changes.rowChanges().applyTo(before.rows()));
    }

    /** Whether the commit of a revision is in the log of the store, or is older than the log. */
    private boolean isInHistory(StoredTailnet before) {
        List<LoggedCommit> log = store.commits(tailnet, before.revision(), 1);
        return !log.isEmpty()
                && (log.get(0).revision().compareTo(before.revision()) > 0
                        || log.get(0).token().equals(before.token()));
    }

    /** Hands over the events up to the revision of the rows: what is committed meanwhile comes with the next read. */
    private void hand(StoredTailnet now) {
        List<StoredEvent> page;
        do {
            page = store.events(tailnet, seen, PAGE).stream()
                    .filter(event -> event.position().revision().compareTo(now.revision()) <= 0)
                    .toList();
            for (StoredEvent event : page) {
                receiver.accept(event);
                seen = event.position();
            }
        } while (page.size() == PAGE);
    }
}
