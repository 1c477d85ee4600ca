package dev.wayleave.storage;

/**
 * Receives every publication of a {@link RouteController}, in their order, after the commit.
 *
 * <p>Called by one thread at a time, never under a lock. It should return quickly: while it runs, nothing new is
 * published. What it throws is logged and goes no further. A process gets each publication at most once; after a
 * restart a host reads {@link RouteController#current} again.
 */
@FunctionalInterface
public interface PublicationListener {

    /**
     * Receives a publication.
     *
     * @param publication the snapshots before and after, with the events between them
     */
    void published(Publication publication);
}
