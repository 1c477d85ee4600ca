package dev.wayleave.command;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Notices that a wall clock was stepped, by comparing it with a count of steady nanoseconds: for hosts that call
 * {@link dev.wayleave.Routing#step} themselves. What it returns is for {@link Command.StepClock}.
 *
 * <pre>{@code
 * ClockStepDetector detector = new ClockStepDetector(clock.instant(), System.nanoTime());
 * // before each step, and at least every ten seconds
 * Instant now = clock.instant();
 * Duration by = detector.compare(now, System.nanoTime());
 * if (!by.isZero()) {
 *     submissions.add(Submission.of(new Actor("clock"), new Command.StepClock(by)));
 * }
 * step = Routing.step(state, submissions, now);
 * }</pre>
 *
 * <p><b>Steps and slews.</b> A wall clock that differs from the steady count by {@link #THRESHOLD} or more within a
 * {@link #WINDOW} was stepped. One that differs by less was slewed, as NTP does to correct small errors, or was read a
 * little late: the difference is accepted. So small differences never add up to a step, whether there are many
 * comparisons or few. They add up to less than a twentieth of the time that passes, so a timer ends at most 5 % early
 * or late.
 *
 * <p><b>Sleep.</b> Where the steady count stops while a machine sleeps, as {@link System#nanoTime} does on Linux, the
 * wall clock is ahead when it resumes: a step like any other, after which every session has as much time left to be
 * heard as before. Where the count goes on, time has passed, and sessions that were not heard are silent.
 *
 * <p>For one thread; time and memory are constant. Read the two values right after each other: a thread that is held up
 * between them sees a step, and the opposite one at the next comparison. A host that stamps keep-alives compares
 * whenever it reads the wall clock for one, so that a stamp and its place before or after the step of the clock agree.
 */
public final class ClockStepDetector {

    /** From this difference on, either way, a wall clock was stepped: 500 milliseconds. */
    public static final Duration THRESHOLD = Duration.ofMillis(500);

    /** How long differences are summed up before they count as a slew, and how often to compare at least: 10 s. */
    public static final Duration WINDOW = Duration.ofSeconds(10);

    private Instant wallClock;
    private long steadyNanos;

    /**
     * Begins to watch a wall clock.
     *
     * @param wallClock what it shows
     * @param steadyNanos a count of nanoseconds at the same moment that nothing sets, from any origin, for example
     *     {@link System#nanoTime}
     */
    public ClockStepDetector(Instant wallClock, long steadyNanos) {
        this.wallClock = Objects.requireNonNull(wallClock, "wallClock");
        this.steadyNanos = steadyNanos;
    }

    /**
     * Returns by how much the wall clock was stepped since the last comparison. Each step is returned once.
     *
     * @param wallClock what the wall clock shows
     * @param steadyNanos the count of nanoseconds at the same moment; it may overflow
     * @return the new time less the old one, in whole milliseconds: positive if the clock is ahead of what it was, zero
     *     if it was not stepped
     */
    public Duration compare(Instant wallClock, long steadyNanos) {
        Duration shown = Duration.between(this.wallClock, Objects.requireNonNull(wallClock, "wallClock"));
        Duration passed = Duration.ofNanos(steadyNanos - this.steadyNanos);
        Duration by = shown.minus(passed);
        boolean stepped = by.abs().compareTo(THRESHOLD) >= 0;
        if (stepped || passed.compareTo(WINDOW) >= 0) {
            this.wallClock = wallClock;
            this.steadyNanos = steadyNanos;
        }
        return stepped ? by.truncatedTo(ChronoUnit.MILLIS) : Duration.ZERO;
    }
}
