package dev.wayleave;

import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.TailnetId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The sessions of its tailnet that a state has: all of them, some, or none.
 *
 * @param tailnet the tailnet
 * @param withoutSessions whether another process has the sessions, so that nothing follows from their silence here
 * @param self this process, where several share the tailnet; null otherwise
 * @param holders how many nodes name each process as the holder of their session
 */
record TailnetSessions(
        TailnetId tailnet,
        boolean withoutSessions,
        @Nullable SessionHolder self,
        TreePMap<SessionHolder, Integer> holders) {

    /** The counts after the session of a node moved from one process to another; null is no process. */
    TailnetSessions withHolder(@Nullable SessionHolder last, @Nullable SessionHolder next) {
        if (Objects.equals(last, next)) {
            return this;
        }
        TreePMap<SessionHolder, Integer> counts = holders;
        if (last != null) {
            int left = counts.getOrDefault(last, 1) - 1;
            counts = left == 0 ? counts.minus(last) : counts.plus(last, left);
        }
        if (next != null) {
            counts = counts.plus(next, counts.getOrDefault(next, 0) + 1);
        }
        return new TailnetSessions(tailnet, withoutSessions, self, counts);
    }
}
