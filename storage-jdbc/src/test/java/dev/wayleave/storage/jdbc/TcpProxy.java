package dev.wayleave.storage.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Passes data between a client and a server on this machine, and spoils the connection when the client sends certain
 * words. Closing it cuts every connection.
 */
final class TcpProxy implements AutoCloseable {

    /** What becomes of the words and of the connection. */
    enum Cut {
        /** Cut before the server hears them. */
        BEFORE,
        /** Cut after the server has heard them and answered, and before the client hears that. */
        AFTER,
        /** Not cut: the server never hears them, and the client waits for an answer. */
        NEVER
    }

    private final ServerSocket listening;
    private final int serverPort;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Both ends of every connection; null once this is closed. Guarded by this. */
    private Set<Socket> open = new HashSet<>();

    private volatile String words = "";
    private volatile Cut cut = Cut.BEFORE;

    /** Whether requests reach the server, and answers the client. Guarded by this. */
    private boolean passesRequests = true;

    private boolean passesAnswers = true;

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

    /** From now on, the first connection whose client sends these words is spoiled; later ones are not. */
    void cutOnce(String said, Cut when) {
        cut = when;
        words = said;
    }

    /**
     * Sets what passes from now on, on connections that there are and on new ones. No connection is closed: what does
     * not pass waits, as in a network that lost its way, and goes on later if its connection is still open then.
     */
    synchronized void pass(boolean requests, boolean answers) {
        passesRequests = requests;
        passesAnswers = answers;
        notifyAll();
    }

    private synchronized void awaitPass(boolean isRequest) throws InterruptedException {
        while (open != null && !(isRequest ? passesRequests : passesAnswers)) {
            wait();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                connect(client, server);
            }
        } catch (IOException e) {
            // closed
        }
    }

    /** A client that connects while this closes is cut too: no server would ever answer it. */
    private synchronized void connect(Socket client, Socket server) throws IOException {
        if (open == null) {
            client.close();
            server.close();
            return;
        }
        open.add(client);
        open.add(server);
        Pair pair = new Pair();
        threads.execute(() -> pair.pass(client, server, true));
        threads.execute(() -> pair.pass(server, client, false));
    }

    private synchronized void forget(Socket socket) {
        if (open != null) {
            open.remove(socket);
        }
    }

    private final class Pair {

        private volatile boolean deaf;
        private volatile boolean dumb;

        void pass(Socket from, Socket to, boolean fromClient) {
            byte[] buffer = new byte[1 << 16];
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (!fromClient && deaf) {
                        return; // the server has answered; the client does not learn of it
                    }
                    if (fromClient && hears(buffer, length)) {
                        if (cut == Cut.BEFORE) {
                            return;
                        }
                        deaf = cut == Cut.AFTER;
                        dumb = cut == Cut.NEVER;
                    }
                    if (!dumb) {
                        awaitPass(fromClient);
                        out.write(buffer, 0, length);
                        out.flush();
                    }
                }
                awaitPass(fromClient); // the end of a connection does not pass either
            } catch (IOException | InterruptedException e) {
                // one side is gone, and so is the other when this ends
            } finally {
                forget(from);
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
    public synchronized void close() {
        if (open == null) {
            return;
        }
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open = null;
            notifyAll();
            threads.shutdown();
        }
    }
}
