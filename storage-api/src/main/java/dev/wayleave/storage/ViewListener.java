package dev.wayleave.storage;

/**
 * Receives the views (the netmaps) of a tailnet, and then whose view changed: what a control plane sends to its nodes.
 * A {@link ViewPublisher} calls it.
 *
 * <p>Called by one thread at a time, never under a lock. It should return quickly: while it runs, nothing new is
 * published.
 *
 * <p>What it throws is logged, and repaired by the next publication: {@link #started} is called again with the whole
 * views after it, and then {@link #published} without a change of the views, with all events since the last call that
 * returned. So each event is handed over until a call with it returns; if more than 100,000 wait, the oldest are
 * dropped with a warning in the log. The same happens if views could not be computed.
 */
public interface ViewListener {

    /**
     * Receives the views that the next difference is counted from: the first ones, and after a failure the whole views
     * again.
     *
     * @param whole the views; the nodes may have any older views until now
     */
    void started(PublishedViews whole);

    /**
     * Receives the views after a publication, and what changed. Also called where no view changed, because the revision
     * or an event is new.
     *
     * @param publication the views before and after, their difference, and the events in between
     */
    void published(ViewPublication publication);
}
