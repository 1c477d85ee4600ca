package dev.wayleave.storage;

import java.util.Objects;

/**
 * Receives the current snapshot of a {@link RouteController}, and then every publication, in their order, after the
 * commit.
 *
 * <p>Called by one thread at a time, never under a lock. It should return quickly: while it runs, nothing new is
 * published. What it throws is logged and goes no further. A process gets each publication at most once; after a
 * restart a listener starts again with the snapshot of then.
 */
@FunctionalInterface
public interface PublicationListener {

    /**
     * Receives the snapshot that is published when the listener is added: {@link Publication#before} of its first
     * publication. A listener of the builder gets it before {@link RouteControllerBuilder#open} returns. Does nothing
     * unless implemented.
     *
     * @param current the snapshot
     */
    default void started(Snapshot current) {
        Objects.requireNonNull(current, "current");
    }

    /**
     * Receives a publication.
     *
     * @param publication the snapshots before and after, with the events between them, including those of other
     *     processes. A controller without a listener does not read the events of other processes
     */
    void published(Publication publication);
}
