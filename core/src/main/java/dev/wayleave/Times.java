package dev.wayleave;

import com.google.common.math.LongMath;
import java.time.Duration;
import java.time.Instant;

/** Time inside a state: whole milliseconds since the epoch, which sort fast and survive every store. */
final class Times {

    /** The ends of time: they leave room for every sum of a time and a duration that is asked for. */
    private static final long MOST = Long.MAX_VALUE / 2000 * 1000;

    private Times() {}

    /** The millisecond that an instant lies in; the ends of time stay within the numbers. */
    static long millis(Instant instant) {
        long seconds = instant.getEpochSecond();
        if (seconds >= MOST / 1000 || seconds <= -MOST / 1000) {
            return seconds > 0 ? MOST : -MOST;
        }
        return seconds * 1000 + instant.getNano() / 1_000_000;
    }

    /** The first millisecond that is not before an instant: what is due then is not done early. */
    static long ceilingMillis(Instant instant) {
        long floor = millis(instant);
        return instant(floor).isBefore(instant) ? floor + 1 : floor;
    }

    static Instant instant(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    /** Some time later, or never. */
    static long plus(long millis, Duration duration) {
        long later = millis + duration.toMillis();
        return later < millis ? Deadline.NEVER : later;
    }

    /** The same moment on a clock that was stepped; {@link Deadline#NEVER} stays. */
    static long shifted(long millis, long by) {
        return millis == Deadline.NEVER ? millis : Math.max(-MOST, Math.min(MOST, LongMath.saturatedAdd(millis, by)));
    }

    /** The same moment on a clock that was stepped, to the nanosecond. */
    static Instant shifted(Instant at, long by) {
        long millis = millis(at);
        return Math.abs(millis) == MOST ? at : at.plusMillis(shifted(millis, by) - millis);
    }
}
