package dev.wayleave.storage.jdbc;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;

/** Times as texts that a database compares rightly: whole milliseconds have the same width. Finer ones are kept, too. */
final class TimeText {

    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private TimeText() {}

    static String write(Instant time) {
        return time.equals(time.truncatedTo(ChronoUnit.MILLIS)) ? MILLIS.format(time) : time.toString();
    }
}
