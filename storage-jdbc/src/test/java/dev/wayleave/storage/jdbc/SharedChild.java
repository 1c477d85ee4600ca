package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The other end of a {@link SharedProcess}: passes the questions of many agents on, and the answers back. A frozen
 * process blocks no agent: what it is asked waits.
 */
final class SharedChild {

    private static final String[] GONE = {"failed", "", "Gone"};

    private final Child child;
    private final int index;
    private final BlockingQueue<String> unsent = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<String[]>> asked = new ConcurrentHashMap<>();
    private final Map<Long, Agent> streaming = new ConcurrentHashMap<>();

    /** What each controller of the process published: a new one begins after a fence. */
    private final List<EventLog> logs = new CopyOnWriteArrayList<>();

    /** What it printed about itself: {@code fenced}, {@code back}, and why a controller ended. */
    private final List<String> notes = new CopyOnWriteArrayList<>();

    private volatile boolean isGone;
    private volatile boolean isClosing;

    /**
     * The events that one controller published.
     *
     * @param after the revision that it began with
     * @param events position and kind of each, as it printed them
     */
    record EventLog(long after, List<String> events) {

        /** The stored events that it must have published if it lives. */
        List<String> expected(List<StoredEvent> stored) {
            return stored.stream()
                    .filter(event -> event.position().revision().value() > after)
                    .map(event -> event.position() + "=" + event.kind())
                    .toList();
        }

        /**
         * Compares what it published with what is stored: each event once, and in order.
         *
         * @param lives whether it must have published all of them, and may have published later ones
         */
        List<String> contradictions(List<StoredEvent> stored, boolean lives) {
            List<String> expected = expected(stored);
            List<String> published = List.copyOf(events);
            int common = Math.min(published.size(), expected.size());
            for (int i = 0; i < common; i++) {
                if (!published.get(i).equals(expected.get(i))) {
                    return List.of("published " + published.get(i) + " where " + expected.get(i) + " is stored");
                }
            }
            if (lives && common < expected.size()) {
                return List.of("did not publish " + expected.get(common));
            }
            return lives || common == published.size()
                    ? List.of()
                    : List.of("published " + published.get(common) + ", which is not stored");
        }
    }

    private SharedChild(int index, Path errors, String... arguments) throws IOException {
        this.index = index;
        this.child = Child.start(errors, this::hear, SharedProcess.class, arguments);
    }

    /** Starts a process, and returns at once. */
    static SharedChild start(int index, Path errors, String... arguments) throws IOException {
        SharedChild started = new SharedChild(index, errors, arguments);
        Thread writing = new Thread(started::write, "questions of " + index);
        writing.setDaemon(true);
        writing.start();
        Thread ending = new Thread(started::end, "end of " + index);
        ending.setDaemon(true);
        ending.start();
        return started;
    }

    private void write() {
        try {
            while (true) {
                child.send(unsent.take());
            }
        } catch (IOException | InterruptedException e) {
            // the process is gone
        }
    }

    /** Nothing that waits is answered any more. */
    private void end() {
        try {
            child.awaitEnd();
        } catch (InterruptedException e) {
            return;
        }
        isGone = true;
        asked.values().forEach(answer -> answer.complete(GONE));
        List.copyOf(streaming.values()).forEach(agent -> agent.lost(this));
    }

    private void hear(String line) {
        String[] words = line.split(" ", 4);
        switch (words[0]) {
            case "answer", "failed", "state" -> {
                CompletableFuture<String[]> answer = asked.remove(words[1]);
                if (answer != null) {
                    answer.complete(words);
                }
            }
            case "open" -> logs.add(new EventLog(Long.parseLong(words[1]), new CopyOnWriteArrayList<>()));
            case "events" -> events(line);
            case "whole", "changed" -> {
                for (String node : words[1].split(",")) {
                    Agent agent = streaming.get(Long.parseLong(node));
                    if (agent != null) {
                        agent.stream().hear(words[0], words.length < 4 ? "" : words[3]);
                    }
                }
            }
            case "lost" -> {
                Agent agent = streaming.get(Long.parseLong(words[1]));
                if (agent != null && agent.isOn(words[2])) {
                    agent.lost(this);
                }
            }
            default -> notes.add(line);
        }
    }

    /** A killed process may have printed the last line in part. */
    private void events(String line) {
        if (line.endsWith(" .")) {
            String[] words = line.split(" ");
            logs.get(logs.size() - 1).events().addAll(List.of(words).subList(1, words.length - 1));
        }
    }

    // ---- for agents

    int index() {
        return index;
    }

    boolean isOpen() {
        return !isGone && !isClosing && !logs.isEmpty();
    }

    /** Asks, and returns the words of the answer once it comes; {@code failed} when the process is gone. */
    CompletableFuture<String[]> ask(String what, String id, String rest) {
        CompletableFuture<String[]> answer = new CompletableFuture<>();
        asked.put(id, answer);
        unsent.add(what + " " + id + " " + rest);
        if (isGone) {
            answer.complete(GONE);
        }
        return answer;
    }

    void stream(long node, String session, Agent agent) {
        streaming.put(node, agent);
        unsent.add("stream " + node + " " + session);
        if (isGone) {
            agent.lost(this);
        }
    }

    void leave(long node) {
        if (streaming.remove(node) != null) {
            unsent.add("leave " + node);
        }
    }

    // ---- for tests

    List<EventLog> logs() {
        return List.copyOf(logs);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    String errors() {
        return child.errors();
    }

    SharedChild awaitOpen() {
        PostgresCluster.until(() -> {
            if (isGone) {
                throw new AssertionError("process " + index + " ended: " + errors());
            }
            return isOpen();
        });
        return this;
    }

    void close() throws InterruptedException {
        isClosing = true;
        unsent.add("close");
        child.awaitEnd();
    }

    void kill() throws InterruptedException {
        child.kill();
    }

    void signal(String name) throws IOException, InterruptedException {
        child.signal(name);
    }
}
