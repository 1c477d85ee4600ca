package dev.wayleave.storage;

/**
 * Receives the views (the netmaps) of a tailnet, and then whose view changed: what a control plane sends to its nodes.
 * A {@link ViewPublisher} calls it.
 *
 * <p>Called by one thread at a time, never under a lock. It should return quickly: while it runs, nothing new is
 * published.
 */
public interface ViewListener {

    /**
     * Receives the views that the first difference is counted from.
     *
     * @param first the views when the publisher started
     */
    void started(PublishedViews first);

    /**
     * Receives the views after a publication, and what changed. Also called where no view changed, because the revision
     * or an event is new.
     *
     * @param publication the views before and after, their difference, and the events in between
     */
    void published(ViewPublication publication);
}
