package dev.wayleave.storage.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes times as texts that a database orders correctly: whole milliseconds have one width. Finer times are kept too.
 */
final class TimeText {

    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private TimeText() {}

    static String write(Instant time) {
        return time.equals(time.truncatedTo(ChronoUnit.MILLIS)) ? MILLIS.format(time) : time.toString();
    }

    /** {@return a time of the store, from a column of text or time} */
    static @Nullable Instant read(ResultSet row, int column, Dialect dialect) throws SQLException {
        if (!dialect.hasTimes()) {
            String text = row.getString(column);
            return text == null ? null : Instant.parse(text);
        }
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
