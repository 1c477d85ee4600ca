package dev.wayleave.storage.replicas;

import java.util.ArrayList;
import java.util.List;

/**
 * The durable part of the modelled tailnet: two routers that advertise one prefix, and how often the command of
 * the client is in the events.
 *
 * @param routers the rows of the two routers
 * @param primary the router that carries the prefix, 0 or 1; {@link #NO_PRIMARY} if the prefix is unserved
 * @param events how many events the one command of the client has
 */
record Tailnet(List<Router> routers, int primary, int events) {

    static final int NO_PRIMARY = -1;

    /**
     * The row of a router.
     *
     * @param incarnation the start of a replica that has its session; 0 if no replica has
     * @param session the number of the session
     * @param graceUntil when it stops being a candidate; {@link #NEVER} if it has a session, or no grace
     */
    record Router(int incarnation, int session, int graceUntil) {

        static final int NEVER = -1;
        static final Router GONE = new Router(0, 0, NEVER);

        boolean hasSession() {
            return incarnation != 0;
        }

        boolean isCandidate() {
            return hasSession() || graceUntil != NEVER;
        }
    }

    Tailnet with(int router, Router row) {
        List<Router> next = new ArrayList<>(routers);
        next.set(router, row);
        return new Tailnet(List.copyOf(next), primary, events).elected();
    }

    /**
     * The election: the primary stays while it is a candidate; then a router with a session is better than one in
     * grace.
     */
    private Tailnet elected() {
        if (primary != NO_PRIMARY && routers.get(primary).isCandidate()) {
            return this;
        }
        int best = NO_PRIMARY;
        for (int router = routers.size() - 1; router >= 0; router--) {
            Router row = routers.get(router);
            if (row.isCandidate()
                    && (best == NO_PRIMARY
                            || row.hasSession()
                            || !routers.get(best).hasSession())) {
                best = router;
            }
        }
        return new Tailnet(routers, best, events);
    }

    Tailnet withEvent() {
        return new Tailnet(routers, primary, events + 1);
    }
}
