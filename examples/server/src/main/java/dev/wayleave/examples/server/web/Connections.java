package dev.wayleave.examples.server.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/** The connections that are open: no more than a limit, and none whose client is late. */
final class Connections implements Connection.Listener {

    private final int most;
    private final Duration longestRequest;
    private final Map<Connection, TimedConnection> open = new ConcurrentHashMap<>();

    Connections(int most, Duration longestRequest) {
        this.most = most;
        this.longestRequest = longestRequest;
    }

    @Override
    public void onOpened(Connection connection) {
        if (open.size() >= most) {
            connection.getEndPoint().close();
        } else {
            var unused = of(connection);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    TimedConnection of(Connection connection) {
        return open.computeIfAbsent(connection, key -> new TimedConnection(key, longestRequest));
    }

    void cutLate() {
        long now = System.nanoTime();
        open.values().stream().filter(connection -> connection.isLate(now)).forEach(TimedConnection::cut);
    }
}
