package dev.wayleave.storage.jdbc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures when this process did not run although it was to: a thread sleeps for a moment, again and again, and notes
 * by the steady clock how much later it woke. An agent of the same process does nothing in this time, whatever the
 * processes do that are tested.
 */
final class PauseMeter implements AutoCloseable {

    private static final long SLEEP_MILLIS = 20;

    /** A thread that waits so long for the processor is nothing special. */
    private static final long USUAL_MILLIS = 100;

    private final List<Unserved.Span> pauses = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::measure, "pauses");
    private volatile boolean isOver;

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void measure() {
        while (!isOver) {
            long begun = System.nanoTime();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SLEEP_MILLIS));
            woken(System.currentTimeMillis(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        }
    }

    /** Notes a sleep that took so long, by the wall clock that marks of agents have, too. */
    void woken(long now, long tookMillis) {
        long late = tookMillis - SLEEP_MILLIS;
        if (late > USUAL_MILLIS) {
            pauses.add(new Unserved.Span(now - late, now));
        }
    }

    /** {@return when this process did not run} */
    List<Unserved.Span> pauses() {
        return List.copyOf(pauses);
    }

    @Override
    public void close() {
        isOver = true;
        LockSupport.unpark(thread);
    }
}
