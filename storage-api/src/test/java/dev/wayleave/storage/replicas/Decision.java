package dev.wayleave.storage.replicas;

import dev.wayleave.storage.replicas.ModelState.Connection;
import dev.wayleave.storage.replicas.ModelState.Replica;
import dev.wayleave.storage.replicas.Tailnet.Router;

/** What a replica decides on the revision that it published, from its own connections and the leases that it read. */
final class Decision {

    private final PlantedFault fault;
    private final ModelState state;
    private final Replica me;

    Decision(PlantedFault fault, ModelState state, Replica me) {
        this.fault = fault;
        this.state = state;
        this.me = me;
    }

    Tailnet tailnet() {
        Tailnet next = me.tailnet();
        for (int router = 0; router < ReplicaModel.ROUTERS; router++) {
            Router row = me.tailnet().routers().get(router);
            Router decided = row(router, row);
            if (!decided.equals(row)) {
                next = next.with(router, decided);
            }
        }
        return next;
    }

    private Router row(int router, Router row) {
        Connection connection = state.connections().get(router);
        boolean isHere = connection.incarnation() == me.incarnation();
        boolean isNewer = connection.session() > row.session() || !row.hasSession();
        if (isHere && isNewer) {
            return new Router(me.incarnation(), connection.session(), Router.NEVER);
        }
        if (isClosedHere(row, connection) || isOrphan(row)) {
            return new Router(0, row.session(), state.time() + ReplicaModel.GRACE);
        }
        boolean isInGrace = !row.hasSession() && row.graceUntil() != Router.NEVER;
        if (isInGrace && fault == PlantedFault.GRACE_BEGINS_AGAIN) {
            return new Router(0, row.session(), state.time() + ReplicaModel.GRACE);
        }
        if (isInGrace && row.graceUntil() <= state.time()) {
            return new Router(0, row.session(), Router.NEVER);
        }
        return row;
    }

    /** This replica had the session of the row, and its connection is closed. */
    private boolean isClosedHere(Router row, Connection connection) {
        if (!row.hasSession()) {
            return false;
        }
        if (fault == PlantedFault.ANY_SESSION_ENDED && connection.before() == me.incarnation()) {
            return true;
        }
        return row.incarnation() == me.incarnation()
                && (connection.incarnation() != row.incarnation() || connection.session() != row.session());
    }

    /** The replica of the session has no lease: the first replica that reads this ends the session. */
    private boolean isOrphan(Router row) {
        if (!row.hasSession() || me.leases().contains(row.incarnation())) {
            return false;
        }
        return fault != PlantedFault.ENDED_BY_ONE_ALONE || me.endedLeases().contains(row.incarnation());
    }
}
