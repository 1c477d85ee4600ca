package dev.wayleave.storage.jdbc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.StorageException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Fills the parameters of one statement in their order; for one thread. */
final class Parameters {

    private static final HexFormat HEX = HexFormat.of();

    private final PreparedStatement statement;
    private final Dialect dialect;
    private int last;
    private int waiting;

    Parameters(PreparedStatement statement, Dialect dialect) {
        this.statement = statement;
        this.dialect = dialect;
    }

    /** Ends the row: it goes into the batch, and the next row begins. */
    void endOfRow() throws SQLException {
        statement.addBatch();
        last = 0;
        waiting++;
    }

    /** Sends the batch if it is not empty. */
    void send() throws SQLException {
        if (waiting > 0) {
            waiting = 0;
            statement.executeBatch();
        }
    }

    @CanIgnoreReturnValue
    Parameters text(@Nullable String text) throws SQLException {
        if (text == null) {
            statement.setNull(++last, Types.VARCHAR);
        } else {
            check(text);
            statement.setString(++last, text);
        }
        return this;
    }

    @CanIgnoreReturnValue
    Parameters number(long number) throws SQLException {
        statement.setLong(++last, number);
        return this;
    }

    @CanIgnoreReturnValue
    Parameters numberOrNull(@Nullable Long number) throws SQLException {
        if (number == null) {
            statement.setNull(++last, Types.BIGINT);
            return this;
        }
        return number(number);
    }

    @CanIgnoreReturnValue
    Parameters flag(boolean flag) throws SQLException {
        statement.setBoolean(++last, flag);
        return this;
    }

    @CanIgnoreReturnValue
    Parameters time(@Nullable Instant time) throws SQLException {
        if (!dialect.hasTimes()) {
            return text(time == null ? null : TimeText.write(time));
        }
        if (time == null) {
            statement.setNull(++last, Types.TIMESTAMP_WITH_TIMEZONE);
        } else if (!time.equals(time.truncatedTo(ChronoUnit.MICROS))) {
            throw new StorageException(
                    "time `" + time + "` is finer than a microsecond: decisions are made at whole " + "milliseconds");
        } else {
            statement.setObject(++last, time.atOffset(ZoneOffset.UTC));
        }
        return this;
    }

    /** Writes a prefix, in its own type or as text. */
    @CanIgnoreReturnValue
    Parameters prefix(@Nullable Prefix prefix) throws SQLException {
        return text(prefix == null ? null : prefix.toString());
    }

    /** Makes a prefix comparable on a database without a type for it: family, first and last address. */
    @CanIgnoreReturnValue
    Parameters range(Prefix prefix) throws SQLException {
        return number(prefix.isIpv4() ? 4 : 6).text(hex(prefix.first())).text(hex(prefix.last()));
    }

    private static String hex(IpAddress address) {
        return HEX.formatHex(address.toBytes());
    }

    /** Refuses texts that one of the databases cannot keep, on all of them. */
    private static void check(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (c == 0 || (Character.isSurrogate(c) && !pair)) {
                throw new StorageException("a text holds " + (c == 0 ? "the character U+0000" : "half a surrogate pair")
                        + " at index " + i + ", which a database cannot keep: remove it");
            }
            if (pair) {
                i++;
            }
        }
    }
}
