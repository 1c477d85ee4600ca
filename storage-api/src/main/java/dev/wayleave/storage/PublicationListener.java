package dev.wayleave.storage;

/**
 * Is told of every publication of a {@link RouteController}, in their order, after the commit.
 *
 * <p>Called by one thread at a time, never under a lock. It should return quickly: while it runs, nothing new is
 * published. What it throws is logged and goes no further. Each publication is told at most once in a process; after a
 * restart a host reads {@link RouteController#current} again.
 */
@FunctionalInterface
public interface PublicationListener {

    /**
     * Takes notice of a publication.
     *
     * @param publication what was published
     */
    void published(Publication publication);
}
