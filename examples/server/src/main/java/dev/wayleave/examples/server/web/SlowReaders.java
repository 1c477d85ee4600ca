package dev.wayleave.examples.server.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads that send documents now. One whose reader does not read is interrupted, which closes the socket that it
 * writes to. Safe for use by several threads; does not block.
 */
final class SlowReaders {

    private final Duration longest;
    private final Map<Thread, Sending> sending = new ConcurrentHashMap<>();

    SlowReaders(Duration longest) {
        this.longest = longest;
    }

    /** One document on its way. */
    private static final class Sending {

        private final long since = System.nanoTime();
        private boolean over;

        /** No later than this thread may have gone on to something else. */
        synchronized void cutIfStuck(Thread thread, long now, Duration longest) {
            if (!over && now - since > longest.toNanos()) {
                thread.interrupt();
            }
        }

        synchronized void end() {
            over = true;
        }
    }

    /** Sends, on this thread, for as long as it may take. */
    void watched(Runnable send) {
        Thread thread = Thread.currentThread();
        Sending now = new Sending();
        sending.put(thread, now);
        try {
            send.run();
        } finally {
            now.end();
            sending.remove(thread);
            // whoever was cut has closed its socket by now: the next request on this thread is another's
            boolean ignored = Thread.interrupted();
        }
    }

    /** Cuts those that take too long. */
    void cutStuck() {
        long now = System.nanoTime();
        sending.forEach((thread, since) -> since.cutIfStuck(thread, now, longest));
    }
}
