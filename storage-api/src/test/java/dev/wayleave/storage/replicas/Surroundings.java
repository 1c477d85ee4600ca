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
        all.add(new Action(Kind.TICK, "a tick passes", state::afterTick));
    }

    /** Joining is not a fault: it costs nothing of what may happen. */
    boolean may(ModelState state, Disturbance disturbance) {
        return disturbances.contains(disturbance) && (state.faults() > 0 || disturbance == Disturbance.REPLICA_JOINS);
    }

    private void disturb(ModelState state, List<Action> all) {
        for (int replica = 0; replica < ReplicaModel.REPLICAS; replica++) {
            if (state.replicas().get(replica).isRunning()) {
                disturbReplica(state, replica, all);
            }
        }
        if (state.database().isUp() && may(state, Disturbance.DATABASE_DOWN)) {
            all.add(new Action(
                    Kind.DISTURBANCE,
                    "the database goes down",
                    () -> state.disturbed().with(state.database().down(state.time()))));
        }
        for (int router = 0; router < ReplicaModel.ROUTERS; router++) {
            disturbRouter(state, router, all);
        }
    }

    private void disturbReplica(ModelState state, int replica, List<Action> all) {
        Replica me = state.replicas().get(replica);
        ModelState less = state.disturbed();
        String name = "replica " + replica;
        if (may(state, Disturbance.REPLICA_KILLED)) {
            all.add(new Action(
                    Kind.DISTURBANCE,
                    name + " is killed",
                    () -> less.with(replica, ReplicaBuilder.with(me, Process.DEAD))));
        }
        if (may(state, Disturbance.REPLICA_FROZEN)) {
            all.add(new Action(
                    Kind.DISTURBANCE,
                    name + " freezes",
                    () -> less.with(replica, ReplicaBuilder.with(me, Process.FROZEN))));
        }
        if (me.hasLink() && may(state, Disturbance.REPLICA_CUT_OFF)) {
            all.add(new Action(
                    Kind.DISTURBANCE,
                    name + " is cut off",
                    () -> less.with(replica, ReplicaBuilder.cut(me, true, fault))));
        }
    }

    private void disturbRouter(ModelState state, int router, List<Action> all) {
        Connection now = state.connections().get(router);
        if (now.incarnation() != 0 && may(state, Disturbance.ROUTER_DIES)) {
            all.add(new Action(
                    Kind.DISTURBANCE,
                    "router " + router + " dies",
                    () -> state.disturbed().with(router, now.closed())));
        }
        boolean isOpen = state.replicas().stream()
                .anyMatch(replica -> replica.isRunning() && replica.incarnation() == now.incarnation());
        if (isOpen && may(state, Disturbance.ROUTER_RECONNECTS)) {
            all.add(new Action(
                    Kind.DISTURBANCE,
                    "router " + router + " connects again to its replica",
                    () -> state.disturbed().with(router, now.to(now.incarnation()))));
        }
    }

    /** Routers connect to another replica, or come back; frozen replicas, links and the database come back. */
    private void recoveries(ModelState state, List<Action> all) {
        for (int replica = 0; replica < ReplicaModel.REPLICAS; replica++) {
            comeBack(state, replica, all);
            for (int router = 0; router < ReplicaModel.ROUTERS; router++) {
                if (state.replicas().get(replica).isRunning()) {
                    connect(state, router, replica, all);
                }
            }
        }
        if (!state.database().isUp()) {
            all.add(new Action(
                    Kind.DATABASE_UP,
                    "the database comes back",
                    () -> state.with(state.database().up(state.time()))));
        }
    }

    private void comeBack(ModelState state, int replica, List<Action> all) {
        Replica me = state.replicas().get(replica);
        if (me.process() == Process.FROZEN) {
            all.add(new Action(
                    Kind.THAW,
                    "replica " + replica + " thaws",
                    () -> state.with(replica, ReplicaBuilder.thawed(me, fault))));
        }
        if (!me.hasLink() && (me.isRunning() || me.process() == Process.FENCED)) {
            all.add(new Action(
                    Kind.LINK,
                    "replica " + replica + " is linked again",
                    () -> state.with(replica, ReplicaBuilder.linked(me))));
        }
    }

    private static void connect(ModelState state, int router, int replica, List<Action> all) {
        Connection now = state.connections().get(router);
        int incarnation = state.replicas().get(replica).incarnation();
        boolean isDead = now.incarnation() == 0;
        if (isDead || (now.incarnation() != incarnation && !isHeld(state, now))) {
            all.add(new Action(
                    isDead ? Kind.RETURN : Kind.CONNECTION,
                    "router " + router + (isDead ? " comes back" : " connects") + " to replica " + replica,
                    () -> state.with(router, now.to(incarnation))));
        }
    }

    /** A router stays where it is, while that replica runs and reaches the database. */
    private static boolean isHeld(ModelState state, Connection connection) {
        return state.replicas().stream()
                .anyMatch(replica ->
                        replica.isRunning() && replica.hasLink() && replica.incarnation() == connection.incarnation());
    }
}
