package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.StoredTailnet;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool between host and server that gives each transaction another connection, as PgBouncer does. */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class TransactionPoolTest {

    /** The transaction does not run on the connection whose isolation was set; before its nth query a call is made. */
    private static DataSource pool(String url, int nth, Runnable call) {
        return DataSources.of(() -> {
            Connection connection = DriverManager.getConnection(url);
            AtomicInteger queries = new AtomicInteger();
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("setTransactionIsolation")) {
                            return null;
                        }
                        if (method.getName().equals("prepareStatement") && queries.incrementAndGet() == nth) {
                            call.run();
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        });
    }

    /** A load is not torn even if the pool sends a setting of the connection to another server connection. */
    @Test
    void aLoadSeesOneRevisionAlthoughAnotherProcessCommitsInItsMiddle() {
        String url = PostgresServer.newDatabaseUrl();
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        Host writer = Host.ofNew(JdbcRoutingStore.open(DataSources.ofUrl(url))).router(1, "10.1.0.0/16");
        StoredTailnet before =
                JdbcRoutingStore.open(DataSources.ofUrl(url)).load(Host.TAILNET).orElseThrow();
        int selectOfRoutes = 4;
        JdbcRoutingStore pooled = JdbcRoutingStore.open(
                pool(url, selectOfRoutes, () -> writer.advertises(1, "10.2.0.0/16", "10.3.0.0/16")));

        assertThat(pooled.load(Host.TAILNET)).contains(before);

        assertThat(writer.revision()).isEqualTo(before.revision().next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P05", "26000", "08P01"})
    void anErrorOfAPreparedStatementSaysWhatTheDriverNeeds(String state) {
        String url = PostgresServer.newDatabaseUrl();
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        boolean[] isOpen = {false};
        JdbcRoutingStore store = JdbcRoutingStore.open(DataSources.of(() -> (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new Failing(DriverManager.getConnection(url), isOpen, state)::invoke)));
        isOpen[0] = true;

        assertThatThrownBy(() -> store.load(Host.TAILNET))
                .isInstanceOf(state.startsWith("08") ? StorageUnavailableException.class : StorageException.class)
                .hasMessageContaining("prepared statement \"S_1\"")
                .hasMessageContaining("`prepareThreshold=0`");
    }

    /** A connection that fails with a state once the store is open. */
    private record Failing(Connection connection, boolean[] isOpen, String state) {

        Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
            if (isOpen[0] && method.getName().equals("prepareStatement")) {
                throw new SQLException("""
                        ERROR: prepared statement "S_1" already exists""", state);
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
