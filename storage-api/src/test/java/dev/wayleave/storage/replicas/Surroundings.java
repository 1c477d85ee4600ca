package dev.wayleave.storage.replicas;

import dev.wayleave.storage.replicas.ModelState.Connection;
import dev.wayleave.storage.replicas.ModelState.Process;
import dev.wayleave.storage.replicas.ModelState.Replica;
import dev.wayleave.storage.replicas.ReplicaModel.Action;
import dev.wayleave.storage.replicas.ReplicaModel.Disturbance;
import dev.wayleave.storage.replicas.ReplicaModel.Kind;
import java.util.List;
import java.util.Set;

/** What happens to the replicas from outside: disturbances, the recovery from them, what routers do, and time. */
final class Surroundings {

    private final PlantedFault fault;
    private final Set<Disturbance> disturbances;

    Surroundings(PlantedFault fault, Set<Disturbance> disturbances) {
        this.fault = fault;
        this.disturbances = disturbances;
    }

    void actions(ModelState state, List<Action> all) {
        disturb(state, all);
        recoveries(state, all);
        all.add(new Action(Kind.TICK, "a tick passes", tick(state)));
    }

    /** Joining is no fault: it costs nothing of what may happen. */
    boolean may(ModelState state, Disturbance disturbance) {
        return disturbances.contains(disturbance) && (state.faults() > 0 || disturbance == Disturbance.REPLICA_JOINS);
    }

    static ModelState oneLess(ModelState state) {
        return new ModelState(
                state.time(),
                state.faults() - 1,
                state.incarnations(),
                state.database(),
                state.replicas(),
                state.connections());
    }

    private void disturb(ModelState state, List<Action> all) {
        ModelState less = oneLess(state);
        for (int replica = 0; replica < ReplicaModel.REPLICAS; replica++) {
            Replica me = state.replicas().get(replica);
            if (!me.isRunning()) {
                continue;
            }
            String name = "replica " + replica;
            if (may(state, Disturbance.REPLICA_KILLED)) {
                all.add(new Action(
                        Kind.DISTURBANCE, name + " is killed", less.with(replica, Replicas.with(me, Process.DEAD))));
            }
            if (may(state, Disturbance.REPLICA_FROZEN)) {
                all.add(new Action(
                        Kind.DISTURBANCE, name + " freezes", less.with(replica, Replicas.with(me, Process.FROZEN))));
            }
            if (me.hasLink() && may(state, Disturbance.REPLICA_CUT_OFF)) {
                all.add(new Action(
                        Kind.DISTURBANCE, name + " is cut off", less.with(replica, Replicas.cut(me, true, fault))));
            }
        }
        if (state.database().isUp() && may(state, Disturbance.DATABASE_DOWN)) {
            all.add(new Action(
                    Kind.DISTURBANCE,
                    "the database goes down",
                    less.with(state.database().down(state.time()))));
        }
        for (int router = 0; router < ReplicaModel.ROUTERS; router++) {
            if (state.connections().get(router).incarnation() != 0 && may(state, Disturbance.ROUTER_DIES)) {
                all.add(new Action(Kind.DISTURBANCE, "router " + router + " dies", less.with(router, Connection.NONE)));
            }
        }
    }

    /** Routers connect to another replica; frozen replicas, links and the database come back. */
    private void recoveries(ModelState state, List<Action> all) {
        for (int replica = 0; replica < ReplicaModel.REPLICAS; replica++) {
            Replica me = state.replicas().get(replica);
            if (me.process() == Process.FROZEN) {
                all.add(new Action(
                        Kind.THAW, "replica " + replica + " thaws", state.with(replica, Replicas.thawed(me, fault))));
            }
            if (!me.hasLink() && (me.isRunning() || me.process() == Process.FENCED)) {
                all.add(new Action(
                        Kind.LINK,
                        "replica " + replica + " is linked again",
                        state.with(replica, Replicas.linked(me))));
            }
            for (int router = 0; router < ReplicaModel.ROUTERS; router++) {
                Connection now = state.connections().get(router);
                boolean isElsewhere = now.incarnation() != 0 && now.incarnation() != me.incarnation();
                if (me.isRunning() && isElsewhere && !isHeld(state, now)) {
                    Connection next = new Connection(me.incarnation(), now.session() + 1);
                    all.add(new Action(
                            Kind.CONNECTION,
                            "router " + router + " connects to replica " + replica,
                            state.with(router, next)));
                }
            }
        }
        if (!state.database().isUp()) {
            all.add(new Action(
                    Kind.DATABASE_UP,
                    "the database comes back",
                    state.with(state.database().up(state.time()))));
        }
    }

    /** A router stays where it is, while that replica runs and reaches the database. */
    private static boolean isHeld(ModelState state, Connection connection) {
        return state.replicas().stream()
                .anyMatch(replica ->
                        replica.isRunning() && replica.hasLink() && replica.incarnation() == connection.incarnation());
    }

    private static ModelState tick(ModelState state) {
        return new ModelState(
                state.time() + 1,
                state.faults(),
                state.incarnations(),
                state.database(),
                state.replicas(),
                state.connections());
    }
}
