package dev.wayleave.storage.jdbc.headscale;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads times as Go's database drivers write them into text columns. */
final class GoTime {

    /**
     * {@code 2022-02-26 18:11:55.92837512+01:00}, also with a T, a Z, a blank before the offset, or a zone's name
     * behind.
     */
    private static final Pattern FORM = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?) ?(Z|[+-]\\d\\d:?\\d\\d)?(?: .*)?");

    /** Go's zero time is in year 1, and means no time. */
    private static final Instant NOT_ZERO = Instant.parse("0002-01-01T00:00:00Z");

    private GoTime() {}

    /** A time without an offset is in UTC. */
    static Optional<Instant> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            String offset = matcher.group(3);
            return Optional.of(LocalDateTime.parse(matcher.group(1) + "T" + matcher.group(2))
                    .toInstant(offset == null ? ZoneOffset.UTC : ZoneOffset.of(offset)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Cuts to whole milliseconds, which every store can keep. */
    static Optional<Instant> notZero(Instant instant) {
        return instant.isBefore(NOT_ZERO) ? Optional.empty() : Optional.of(instant.truncatedTo(ChronoUnit.MILLIS));
    }
}
