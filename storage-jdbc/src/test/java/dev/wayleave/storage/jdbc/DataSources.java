package dev.wayleave.storage.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Data sources that give out connections, and do nothing else. */
public final class DataSources {

    private DataSources() {}

    /** Makes a connection, or throws the reason why not. */
    @FunctionalInterface
    interface Connecting {
        Connection connect() throws SQLException;
    }

    static DataSource of(Connecting connecting) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return connecting.connect();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    /** A new connection each time. */
    public static DataSource ofUrl(String url) {
        return of(() -> DriverManager.getConnection(url));
    }

    /** A new connection each time, which from some moment on throws an exception after it was closed. */
    static DataSource breakingWhenClosed(String url, BooleanSupplier from) {
        return of(() -> {
            Connection connection = DriverManager.getConnection(url);
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        try {
                            Object result = method.invoke(connection, arguments);
                            if (method.getName().equals("close") && from.getAsBoolean()) {
                                throw new SQLException("it broke when it was given back");
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        });
    }

    /** One connection for one thread at a time, which stays open when it is given back, and is replaced if it broke. */
    static DataSource keeping(String url) {
        AtomicReference<@Nullable Connection> kept = new AtomicReference<>();
        return of(() -> {
            Connection connection = kept.get();
            if (connection == null || connection.isClosed()) {
                connection = DriverManager.getConnection(url);
                kept.set(connection);
            }
            return over(connection).getConnection();
        });
    }

    /** The smallest pool: one connection, which stays open when it is given back. */
    public static DataSource over(Connection connection) {
        Connection kept = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return of(() -> kept);
    }
}
