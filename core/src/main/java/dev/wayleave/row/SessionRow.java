package dev.wayleave.row;

import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored facts about the session of a router or an ephemeral node, where several processes share the tailnet. They
 * are all that an election reads, so that each process elects the same.
 *
 * @param holderOrNull the process that has the session, or had the last one; null if there was none, or that process
 *     is gone
 * @param sessionOrNull the session that is live; null if none is
 * @param health what was reported about the node as a whole
 * @param steadySinceOrNull since when the node is out of its grace and its health, key and drain are as they are; null
 *     without a live session
 */
public record SessionRow(
        @Nullable SessionHolder holderOrNull,
        @Nullable SessionId sessionOrNull,
        Health health,
        @Nullable Instant steadySinceOrNull) {

    /**
     * Checks what contradicts itself.
     *
     * @throws IllegalArgumentException if there is a session without a holder, or only one of session and time
     */
    public SessionRow {
        Objects.requireNonNull(health, "health");
        if (sessionOrNull != null && holderOrNull == null) {
            throw new IllegalArgumentException("session `" + sessionOrNull + "` has no holder: name the process");
        }
        if ((sessionOrNull == null) != (steadySinceOrNull == null)) {
            throw new IllegalArgumentException("session `" + sessionOrNull + "` is steady since `" + steadySinceOrNull
                    + "`: a live session has a time, and no session has none");
        }
    }

    /** {@return the process that has the session, or had the last one; empty if it is gone, or there was none} */
    public Optional<SessionHolder> holder() {
        return Optional.ofNullable(holderOrNull);
    }

    /** {@return the live session; empty if there is none} */
    public Optional<SessionId> session() {
        return Optional.ofNullable(sessionOrNull);
    }

    /** {@return since when the facts that an election reads have not changed; empty without a live session} */
    public Optional<Instant> steadySince() {
        return Optional.ofNullable(steadySinceOrNull);
    }
}
