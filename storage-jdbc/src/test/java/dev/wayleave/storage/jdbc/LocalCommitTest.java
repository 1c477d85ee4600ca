package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** A primary whose wait for its standby was cancelled reports it in a warning, and nowhere else. */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class LocalCommitTest {

    /** Commits succeed and have a warning. */
    private static DataSource warning(String url, String state) {
        return DataSources.of(() -> {
            Connection connection = DriverManager.getConnection(url);
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("getWarnings")) {
                            SQLWarning first = new SQLWarning("something else", "00000");
                            first.setNextWarning(new SQLWarning("attente annulée", state));
                            return first;
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        });
    }

    @Test
    void aCommitThatIsDurableOnThePrimaryOnlyIsInDoubt() {
        String url = PostgresServer.newDatabaseUrl();
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        JdbcRoutingStore store = JdbcRoutingStore.open(warning(url, "01000"));
        Commit commit = Host.ofNew(store).commit();

        assertThat(store.commit(commit))
                .isInstanceOfSatisfying(
                        CommitOutcome.Unknown.class,
                        unknown -> assertThat(unknown.cause()).hasMessage("attente annulée"));

        assertThat(store.load(Host.TAILNET).orElseThrow().token()).isEqualTo(commit.token());
    }

    @Test
    void aHostThatCommitsItsOwnTransactionGetsTheDoubt() throws SQLException {
        String url = PostgresServer.newDatabaseUrl();
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        for (String state : List.of("01000", "00000")) {
            DataSource dataSource = warning(url, state);
            JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                connection.clearWarnings();
                connection.commit();
                assertThat(store.doubt(connection).isPresent()).isEqualTo(state.equals("01000"));
            }
        }
    }

    @Test
    void aNoticeIsNoDoubt() {
        String url = PostgresServer.newDatabaseUrl();
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        JdbcRoutingStore store = JdbcRoutingStore.open(warning(url, "00000"));

        assertThat(store.commit(Host.ofNew(store).commit())).isInstanceOf(CommitOutcome.Committed.class);
    }
}
