package dev.wayleave.storage;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A message of one process to the other processes about sessions of nodes of which nothing is stored. As a text it has
 * lines: the kind, the process, for a range its two ends, then for each node its number and, if there is one, the
 * session.
 *
 * @param kind what it says
 * @param holder the process that says it
 * @param from the first node of a range; {@link #FIRST} for other kinds
 * @param to the last node of a range; {@link #LAST} for other kinds
 * @param sessions the nodes that it is about, each with the session that the process has
 */
record ReportMessage(
        Kind kind, SessionHolder holder, NodeId from, NodeId to, SortedMap<NodeId, Optional<SessionId>> sessions) {

    static final NodeId FIRST = new NodeId(1);
    static final NodeId LAST = new NodeId(Long.MAX_VALUE);

    /** The kind of a message. */
    enum Kind {
        /** Which sessions of these nodes do you have? An empty list means all nodes. */
        ASK,
        /** These are my sessions of these nodes. */
        SOME,
        /** These are all my sessions of the nodes in the range. */
        RANGE
    }

    static ReportMessage ask(SessionHolder holder, Iterable<NodeId> nodes) {
        SortedMap<NodeId, Optional<SessionId>> asked = new TreeMap<>();
        nodes.forEach(node -> asked.put(node, Optional.empty()));
        return new ReportMessage(Kind.ASK, holder, FIRST, LAST, asked);
    }

    static ReportMessage some(SessionHolder holder, SortedMap<NodeId, Optional<SessionId>> sessions) {
        return new ReportMessage(Kind.SOME, holder, FIRST, LAST, sessions);
    }

    /** The number of bytes of a message that an entry takes. */
    static int size(NodeId node, @Nullable SessionId session) {
        return entry(node, session).getBytes(StandardCharsets.UTF_8).length + 1;
    }

    private static String entry(NodeId node, @Nullable SessionId session) {
        return session == null ? String.valueOf(node.value()) : node.value() + " " + session;
    }

    private static NodeId node(String number) {
        return new NodeId(Long.parseLong(number));
    }

    /** {@return whether it is a range that says of this process that it has no session of the node} */
    boolean hasNone(NodeId node, SessionHolder process) {
        return kind == Kind.RANGE
                && holder.equals(process)
                && from.compareTo(node) <= 0
                && to.compareTo(node) >= 0
                && !sessions.containsKey(node);
    }

    String text() {
        List<String> lines = new ArrayList<>(List.of(kind.name(), holder.value()));
        if (kind == Kind.RANGE) {
            lines.add(from.value() + " " + to.value());
        }
        sessions.forEach((node, session) -> lines.add(entry(node, session.orElse(null))));
        return String.join("\n", lines);
    }

    /** Reads a message; empty if it has another form: any program may send one. */
    static Optional<ReportMessage> parse(String text) {
        List<String> lines = List.of(text.split("\n", -1));
        try {
            Kind kind = Kind.valueOf(lines.get(0));
            SessionHolder holder = new SessionHolder(lines.get(1));
            int first = kind == Kind.RANGE ? 3 : 2;
            NodeId from = FIRST;
            NodeId to = LAST;
            if (kind == Kind.RANGE) {
                String[] ends = lines.get(2).split(" ", 2);
                from = node(ends[0]);
                to = node(ends[1]);
            }
            SortedMap<NodeId, Optional<SessionId>> sessions = new TreeMap<>();
            for (String line : lines.subList(first, lines.size())) {
                String[] entry = line.split(" ", 2);
                sessions.put(
                        node(entry[0]), entry.length == 1 ? Optional.empty() : Optional.of(new SessionId(entry[1])));
            }
            return Optional.of(new ReportMessage(kind, holder, from, to, sessions));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
