package dev.wayleave.storage.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between a client and a server on this machine, and cuts the connection when the client says a certain thing. */
final class TcpProxy implements AutoCloseable {

    /** What becomes of the words before the connection is cut. */
    enum Cut {
        /** The server never hears them. */
        BEFORE,
        /** The server hears them and answers, and the client never hears that. */
        AFTER
    }

    private final ServerSocket listening;
    private final int serverPort;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private volatile String words = "";
    private volatile Cut cut = Cut.BEFORE;

    TcpProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on, the first connection whose client sends these words is cut; later ones are not. */
    void cutOnce(String said, Cut when) {
        cut = when;
        words = said;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                Pair pair = new Pair();
                threads.execute(() -> pair.pass(client, server, true));
                threads.execute(() -> pair.pass(server, client, false));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private final class Pair {

        private volatile boolean deaf;

        void pass(Socket from, Socket to, boolean fromClient) {
            byte[] buffer = new byte[1 << 16];
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (!fromClient && deaf) {
                        return; // the server has answered; nobody will know
                    }
                    if (fromClient && hears(buffer, length)) {
                        if (cut == Cut.BEFORE) {
                            return;
                        }
                        deaf = true;
                    }
                    out.write(buffer, 0, length);
                    out.flush();
                }
            } catch (IOException e) {
                // one side is gone, and so is the other when this ends
            }
        }

        private boolean hears(byte[] buffer, int length) {
            String listeningFor = words;
            if (listeningFor.isEmpty()
                    || !new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(listeningFor)) {
                return false;
            }
            words = "";
            return true;
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
