package dev.wayleave.row;

import dev.wayleave.mesh.Node;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored facts about one node.
 *
 * @param facts what the host stated about it
 * @param drainOrNull the drain that it is in; null if it is not draining
 * @param candidate whether it was online, or in its grace, with a subnet route to carry: such a node gets the restart
 *     grace, unless its own grace had begun
 * @param absenceOrNull since when it has no session: of a router, on which a subnet route is effective, and of an
 *     ephemeral node; null for the rest, and while it has a session or is in the restart grace
 * @param sessionOrNull its session, where several processes share the tailnet; null if no other process shares the
 *     tailnet, or if nothing about its session needs to be stored
 */
public record NodeRow(
        Node facts,
        @Nullable Drain drainOrNull,
        boolean candidate,
        @Nullable Absence absenceOrNull,
        @Nullable SessionRow sessionOrNull) {

    /**
     * Checks what contradicts itself.
     *
     * @throws IllegalArgumentException if it is a candidate whose grace is over, or has a session and is absent
     */
    public NodeRow {
        Objects.requireNonNull(facts, "facts");
        if (candidate && absenceOrNull != null && absenceOrNull.graceUntil().isEmpty()) {
            throw new IllegalArgumentException("node " + facts.id() + " is a candidate, and has no session since `"
                    + absenceOrNull.since() + "`: a candidate must have a session or a grace");
        }
        if (absenceOrNull != null && sessionOrNull != null && sessionOrNull.sessionOrNull() != null) {
            throw new IllegalArgumentException("node " + facts.id() + " has session `" + sessionOrNull.sessionOrNull()
                    + "`, and has no session since `" + absenceOrNull.since() + "`: only one of them can be true");
        }
    }

    /**
     * Creates the row of a node without a stored session.
     *
     * @param facts what the host stated about it
     * @param drainOrNull the drain that it is in; null if it is not draining
     * @param candidate whether it was online, or in its grace, with a subnet route to carry
     * @param absenceOrNull since when it has no session; null where that is not stored
     */
    public NodeRow(Node facts, @Nullable Drain drainOrNull, boolean candidate, @Nullable Absence absenceOrNull) {
        this(facts, drainOrNull, candidate, absenceOrNull, null);
    }

    /** {@return the drain that it is in; empty if it is not draining} */
    public Optional<Drain> drain() {
        return Optional.ofNullable(drainOrNull);
    }

    /** {@return since when it has no session; empty if it had one, and where that is not stored} */
    public Optional<Absence> absence() {
        return Optional.ofNullable(absenceOrNull);
    }

    /** {@return its session; empty where none is stored} */
    public Optional<SessionRow> session() {
        return Optional.ofNullable(sessionOrNull);
    }
}
