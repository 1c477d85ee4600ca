package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.storage.StorageException;
import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is bound to a statement, and what is refused before a database sees it. */
class ParametersTest {

    private final List<String> calls = new ArrayList<>();

    private Parameters parameters(Dialect dialect) {
        PreparedStatement statement = (PreparedStatement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PreparedStatement.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName() + (arguments == null ? "[]" : Arrays.toString(arguments)));
                    return method.getReturnType() == int[].class ? new int[0] : null;
                });
        return new Parameters(statement, dialect);
    }

    private Parameters ofPostgres() {
        return parameters(new PostgreSqlDialect());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ünïcödé", "😀", "a😀b😀", "\u0001", "\uFFFF"})
    void textsAreBoundLetterByLetter(String text) throws SQLException {
        ofPostgres().text(text);

        assertThat(calls).containsExactly("setString[1, " + text + "]");
    }

    @ParameterizedTest
    @CsvSource({
        "'\u0000', U+0000, 0",
        "'a\u0000b', U+0000, 1",
        "'😀\u0000', U+0000, 2",
        "'\uD83D', half a surrogate pair, 0",
        "'a\uD83Db', half a surrogate pair, 1",
        "'ab\uD83D', half a surrogate pair, 2",
        "'\uDE00', half a surrogate pair, 0",
        "'\uDE00\uD83D', half a surrogate pair, 0",
        "'\uD83D\uD83D\uDE00', half a surrogate pair, 0",
        "'😀\uDE00', half a surrogate pair, 2",
    })
    void aTextThatADatabaseCannotKeepIsRefusedWithItsFaultAndTheIndex(String text, String fault, int index) {
        assertThatThrownBy(() -> ofPostgres().text("before").text(text))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll(fault, "at index " + index + ",");

        assertThat(calls).containsExactly("setString[1, before]");
    }

    @Test
    void aTimeThatIsFinerThanAColumnOfTimesIsRefused() throws SQLException {
        Instant microsecond = Instant.parse("2026-01-01T00:00:00.000001Z");
        ofPostgres().time(microsecond);
        assertThat(calls).containsExactly("setObject[1, 2026-01-01T00:00:00.000001Z]");

        assertThatThrownBy(() -> ofPostgres().time(microsecond.plusNanos(1)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("2026-01-01T00:00:00.000001001Z");
    }

    @Test
    void aRowBeginsAtTheFirstParameterAndWaitingRowsAreSentOnce() throws SQLException {
        Parameters parameters = ofPostgres();
        parameters.send();
        assertThat(calls).isEmpty();

        for (int row = 0; row < 5_001; row++) {
            parameters.number(row).flag(true).endOfRow();
        }
        assertThat(calls).filteredOn("executeBatch[]"::equals).isEmpty();
        assertThat(calls).filteredOn(call -> call.startsWith("setLong[1, ")).hasSize(5_001);
        assertThat(calls).filteredOn("setBoolean[2, true]"::equals).hasSize(5_001);

        parameters.send();
        parameters.send();
        assertThat(calls).filteredOn("executeBatch[]"::equals).hasSize(1);
    }
}
