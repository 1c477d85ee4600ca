package dev.wayleave.storage.jdbc;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Times as texts that a database compares rightly: whole milliseconds have the same width. Finer ones are kept, too. */
final class TimeText {

    private static final int MILLISECOND = 1_000_000;
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private TimeText() {}

    static String write(Instant time) {
        return time.getNano() % MILLISECOND == 0 ? MILLIS.format(time) : time.toString();
    }
}
