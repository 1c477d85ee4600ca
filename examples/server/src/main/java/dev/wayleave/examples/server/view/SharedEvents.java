package dev.wayleave.examples.server.view;

import dev.wayleave.RoutingState;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StoredEvent;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the stored events of all processes that share the tailnet into the log: each once, in their order, and not
 * before their revision is published. The store is the only source: what this process and what others did comes the
 * same way, also what was missed while this process was fenced.
 *
 * <p>Safe for use by several threads; {@link #read} does not block.
 */
public final class SharedEvents {

    private static final Logger LOG = LoggerFactory.getLogger(SharedEvents.class);

    private final History history;
    private final EventLog log;
    private final Supplier<Snapshot> published;
    private final Executor reader;
    private final AtomicBoolean asked = new AtomicBoolean();

    // used by the reader alone

    private EventPosition position = EventPosition.START;
    private Revision complete = Revision.NONE;
    private @Nullable RoutingState before;

    /**
     * Begins after the last event of the log.
     *
     * @param reader blocks on the store; one thread
     */
    public SharedEvents(History history, EventLog log, Supplier<Snapshot> published, Executor reader) {
        this.history = history;
        this.log = log;
        this.published = published;
        this.reader = reader;
        this.position = log.last().stored();
    }

    /** Reads what is new, soon. */
    public void read() {
        if (!asked.getAndSet(true)) {
            reader.execute(this::readNow);
        }
    }

    private void readNow() {
        asked.set(false);
        Snapshot now = published.get();
        if (complete.equals(now.revision())) {
            return;
        }
        try {
            readUpTo(now);
            complete = now.revision();
            before = now.state();
        } catch (StorageException e) {
            LOG.debug("the events cannot be read now: the next call reads them", e);
        }
    }

    private void readUpTo(Snapshot now) {
        RoutingState state = now.state();
        Words words = new Words(state, before == null ? state : before);
        List<StoredEvent> page;
        do {
            page = history.after(position);
            for (StoredEvent event : page) {
                if (event.position().revision().compareTo(now.revision()) > 0) {
                    return;
                }
                log.add(event, words, state.settings().grace());
                position = event.position();
            }
        } while (!page.isEmpty());
    }
}
