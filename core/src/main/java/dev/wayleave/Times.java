package dev.wayleave;

import java.time.Duration;
import java.time.Instant;

/** Time inside a state: whole milliseconds since the epoch, which sort fast and survive every store. */
final class Times {

    private Times() {}

    /** The millisecond that an instant lies in; the ends of time stay within the numbers. */
    static long millis(Instant instant) {
        long seconds = instant.getEpochSecond();
        long most = Long.MAX_VALUE / 2000;
        if (seconds >= most || seconds <= -most) {
            return seconds > 0 ? most * 1000 : -most * 1000;
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
}
