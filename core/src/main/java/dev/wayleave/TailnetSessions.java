package dev.wayleave;

import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.TailnetId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Which sessions a state has: all of its tailnet, some of them, or none.
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

    /** A node is held by another process than before, or by none. */
    TailnetSessions moved(@Nullable SessionHolder last, @Nullable SessionHolder next) {
        if (Objects.equals(last, next)) {
            return this;
        }
        TreePMap<SessionHolder, Integer> moved = holders;
        if (last != null) {
            int left = moved.getOrDefault(last, 1) - 1;
            moved = left == 0 ? moved.minus(last) : moved.plus(last, left);
        }
        if (next != null) {
            moved = moved.plus(next, moved.getOrDefault(next, 0) + 1);
        }
        return new TailnetSessions(tailnet, withoutSessions, self, moved);
    }
}
