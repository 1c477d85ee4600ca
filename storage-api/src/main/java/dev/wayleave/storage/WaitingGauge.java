package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;

/** Calls the observers with the number of submissions that wait. For the thread that runs the loop. */
final class WaitingGauge {

    private final TailnetId tailnet;
    private final SubmissionQueue queue;
    private final Listeners listeners;

    /** The number that the observers got last. */
    private int observed;

    WaitingGauge(TailnetId tailnet, SubmissionQueue queue, Listeners listeners) {
        this.tailnet = tailnet;
        this.queue = queue;
        this.listeners = listeners;
    }

    /** Calls them if the number changed. */
    void observeChange() {
        if (queue.size() != observed) {
            observe();
        }
    }

    void observe() {
        int waiting = queue.size();
        observed = waiting;
        listeners.observe(observer -> observer.queued(tailnet, waiting));
    }
}
