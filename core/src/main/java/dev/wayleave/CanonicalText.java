package dev.wayleave;

import dev.wayleave.election.Candidate;
import dev.wayleave.json.engine.Codecs;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.User;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A state as lines of text, in the order of the keys: what is equal on every machine for equal states. */
final class CanonicalText {

    private final RoutingState state;
    private final StringBuilder out = new StringBuilder();

    private CanonicalText(RoutingState state) {
        this.state = state;
    }

    static String of(RoutingState state) {
        return new CanonicalText(state).text();
    }

    static String digest(RoutingState state) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(of(state).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private String text() {
        line("tailnet", state.tailnet(), "at", state.now());
        if (state.fields.sessions.withoutSessions()) {
            line("sessions", "elsewhere");
        }
        line("settings", state.settings());
        line("policy", state.policy().toJson());
        for (User user : state.users().all()) {
            line("user", json(User.class, user));
        }
        state.nodes().values().forEach(this::node);
        for (RouteRow row : state.rows().routes()) {
            line("route", json(RouteRow.class, row));
        }
        state.routes().values().forEach(this::prefix);
        state.fields.repairs.prefixes().forEach(prefix -> line("unsettled", prefix));
        state.fields.repairs.nodes().keySet().forEach(node -> line("unsaved", node));
        return out.toString();
    }

    private void node(NodeState node) {
        line("node", json(NodeRow.class, node.row()));
        line(
                " ",
                node.liveness(),
                node.graceUntil().map(Object::toString).orElse("-"),
                node.session().map(session -> json(SessionId.class, session)).orElse("-"),
                state.lastHeard(node.id()).map(Object::toString).orElse("-"),
                node.liveness() == Liveness.ONLINE
                        ? "-"
                        : Times.instant(node.presence().absentSince()),
                node.health(),
                node.unhealthyPrefixes(),
                node.isKeyExpired() ? "expired" : "valid");
        if (node.presence().holder() != null) {
            line("  held by", node.presence().holder(), node.presence().isElsewhere() ? "elsewhere" : "here");
        }
    }

    private void prefix(RouteState route) {
        line("prefix", route.prefix(), route.primary().map(Object::toString).orElse("-"), route.isKept() ? "kept" : "");
        for (Candidate candidate : route.candidates()) {
            line(" ", candidate);
        }
    }

    private static String json(Class<?> type, Object value) {
        return Codecs.LIBRARY.text(type, value);
    }

    private void line(Object... words) {
        for (int i = 0; i < words.length; i++) {
            out.append(i == 0 ? "" : " ").append(words[i]);
        }
        out.append('\n');
    }
}
