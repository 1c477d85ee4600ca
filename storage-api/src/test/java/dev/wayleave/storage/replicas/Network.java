package dev.wayleave.storage.replicas;

import dev.wayleave.storage.replicas.ModelState.Commit;
import dev.wayleave.storage.replicas.ModelState.Database;
import dev.wayleave.storage.replicas.ModelState.Outcome;
import dev.wayleave.storage.replicas.ModelState.Process;
import dev.wayleave.storage.replicas.ModelState.Replica;
import dev.wayleave.storage.replicas.ReplicaModel.Action;
import dev.wayleave.storage.replicas.ReplicaModel.Disturbance;
import dev.wayleave.storage.replicas.ReplicaModel.Kind;
import java.util.List;

/**
 * What becomes of the commits on their way. A commit arrives, and its writer reads the answer, in one action. If the
 * writer does not run, or its time is over, the commit arrives all the same, and the answer waits.
 */
final class Network {

    private final ReplicaModel model;
    private final Surroundings surroundings;

    Network(ReplicaModel model, Surroundings surroundings) {
        this.model = model;
        this.surroundings = surroundings;
    }

    void actions(ModelState state, int replica, List<Action> all) {
        Replica me = state.replicas().get(replica);
        Commit commit = me.commit();
        if (commit != null) {
            onItsWay(state, replica, commit, all);
        }
        if (state.database().isUp()) {
            for (Commit lost : me.lost()) {
                Outcome outcome = outcome(state.database(), lost);
                all.add(new Action(
                        Kind.LOST_COMMIT,
                        "the lost commit " + lost.token() + " of replica " + replica + " is " + outcome,
                        () -> arrived(state, lost, outcome).with(replica, ReplicaBuilder.withoutLost(me, lost))));
            }
        }
    }

    private void onItsWay(ModelState state, int replica, Commit commit, List<Action> all) {
        Replica me = state.replicas().get(replica);
        Outcome answer = commit.answer();
        if (answer == null && !ReplicaModel.reaches(state, me)) {
            return;
        }
        Outcome outcome = answer == null ? outcome(state.database(), commit) : answer;
        String name = "the commit of replica " + replica + " is " + outcome;
        // to publish its own commit, and to answer the client, the replica has to be within its lease
        boolean isRead = me.isRunning() && (outcome != Outcome.COMMITTED || model.believes(state, me));
        if (isRead) {
            all.add(new Action(
                    Kind.OUTCOME,
                    name,
                    () -> arrived(state, commit, outcome).with(replica, answered(me, commit, outcome))));
        } else if (answer == null) {
            Commit next = me.process() == Process.DEAD ? null : commit.withAnswer(outcome);
            all.add(new Action(
                    Kind.OUTCOME,
                    name + ", and the answer waits",
                    () -> arrived(state, commit, outcome).with(replica, ReplicaBuilder.withCommit(me, next))));
        }
        if (me.process() != Process.DEAD && surroundings.may(state, Disturbance.ANSWER_LOST)) {
            all.add(new Action(
                    Kind.DISTURBANCE,
                    name + ", and the connection breaks before the answer",
                    () -> arrived(state.disturbed(), commit, outcome)
                            .with(replica, ReplicaBuilder.cut(me, false, model.fault()))));
        }
    }

    private static Replica answered(Replica me, Commit commit, Outcome outcome) {
        return switch (outcome) {
            case COMMITTED -> ReplicaBuilder.committed(me, commit);
            case CONFLICT -> ReplicaBuilder.withCommit(me, null);
            case FENCED -> ReplicaBuilder.left(ReplicaBuilder.withCommit(me, null));
        };
    }

    private ModelState arrived(ModelState state, Commit commit, Outcome outcome) {
        if (commit.answer() != null || outcome != Outcome.COMMITTED) {
            return state;
        }
        model.promises().written(state, commit);
        return state.with(state.database().with(commit.token(), commit.tailnet()));
    }

    private Outcome outcome(Database database, Commit commit) {
        if (!database.hasLease(commit.incarnation()) && model.fault() != PlantedFault.NO_LEASE_CHECK) {
            return Outcome.FENCED;
        }
        boolean isCurrent = commit.expected() == database.revision() || model.fault() == PlantedFault.NO_REVISION_CHECK;
        return isCurrent ? Outcome.COMMITTED : Outcome.CONFLICT;
    }
}
