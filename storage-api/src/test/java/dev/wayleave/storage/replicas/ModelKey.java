package dev.wayleave.storage.replicas;

import dev.wayleave.storage.replicas.ModelState.Commit;
import dev.wayleave.storage.replicas.ModelState.Connection;
import dev.wayleave.storage.replicas.ModelState.Database;
import dev.wayleave.storage.replicas.ModelState.Doubt;
import dev.wayleave.storage.replicas.ModelState.Lease;
import dev.wayleave.storage.replicas.ModelState.Process;
import dev.wayleave.storage.replicas.ModelState.Replica;
import dev.wayleave.storage.replicas.ModelState.Watch;
import dev.wayleave.storage.replicas.Tailnet.Router;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a state that decides what can happen later. States with the same key have the same future, so that one of
 * them is enough:
 *
 * <ul>
 *   <li>times count from now, and what is longer ago than a lease is all the same;
 *   <li>starts of replicas, sessions and revisions count in their order: their numbers mean nothing;
 *   <li>a replica reads the revision, the rows and the leases anew in each action that uses them, so that those of an
 *       earlier read make no difference; {@link Promises} compares them with the stored ones when they are published,
 *       and {@link Exploration} asks that of each action, before it drops a state as known;
 *   <li>the rows of a commit on an outdated revision are never written; its writer and its command count;
 *   <li>tokens show only which doubt belongs to which commit.
 * </ul>
 *
 * <p>So the model has finitely many states, and a search ends.
 */
final class ModelKey {

    private final StringBuilder text = new StringBuilder(120);
    private final Map<Integer, Integer> incarnations = new HashMap<>();
    private final ModelState state;
    private final PlantedFault fault;

    private ModelKey(ModelState state, PlantedFault fault) {
        this.state = state;
        this.fault = fault;
        incarnations.put(0, 0);
    }

    static String of(ModelState state, PlantedFault fault) {
        return new ModelKey(state, fault).text();
    }

    private String text() {
        Database database = state.database();
        number(state.faults());
        flag(database.isUp());
        number(database.isUp() ? 0 : age(database.downSince(), ReplicaModel.MOST_BETWEEN_LOOKS + 1));
        number(age(database.upSince(), ReplicaModel.LEASE));
        database.leases().forEach(lease -> incarnation(lease.incarnation()));
        tailnet(database.tailnet());
        for (int replica = 0; replica < ReplicaModel.REPLICAS; replica++) {
            replica(state.replicas().get(replica));
        }
        return text.toString();
    }

    /** How long ago, as far as it matters. */
    private int age(int time, int most) {
        return Math.min(state.time() - time, most);
    }

    private void number(int number) {
        text.append((char) (number + 1));
    }

    private void flag(boolean flag) {
        number(flag ? 1 : 0);
    }

    private void incarnation(int incarnation) {
        Integer known = incarnations.get(incarnation);
        if (known == null) {
            known = incarnations.size();
            incarnations.put(incarnation, known);
        }
        number(known);
    }

    private void tailnet(Tailnet tailnet) {
        for (int router = 0; router < ReplicaModel.ROUTERS; router++) {
            Router row = tailnet.routers().get(router);
            Connection connection = state.connections().get(router);
            incarnation(row.incarnation());
            incarnation(connection.incarnation());
            incarnation(fault == PlantedFault.ANY_SESSION_ENDED ? connection.before() : 0);
            number(Integer.signum(connection.session() - row.session()) + 1);
            number(row.graceUntil() == Router.NEVER ? 0 : 1 + Math.max(0, row.graceUntil() - state.time()));
        }
        number(tailnet.primary() + 1);
        number(tailnet.events());
    }

    private void replica(Replica replica) {
        number(replica.process().ordinal());
        flag(replica.hasLink());
        number(replica.request().ordinal());
        commit(replica.commit());
        number(replica.lost().size());
        replica.lost().forEach(this::commit);
        if (replica.process() != Process.RUNNING && replica.process() != Process.FROZEN) {
            return;
        }
        incarnation(replica.incarnation());
        number(age(replica.askedAt(), ReplicaModel.LEASE));
        flag(replica.thawed());
        if (replica.renewal() == null) {
            number(0);
        } else {
            number(replica.renewal().isDone() ? 2 : 1);
            number(age(replica.renewal().sentAt(), ReplicaModel.LEASE));
        }
        number(age(replica.readAt(), ReplicaModel.MOST_BETWEEN_LOOKS + 1));
        for (int other = 0; other < ReplicaModel.REPLICAS; other++) {
            watch(
                    replica,
                    replica.watches().get(other),
                    state.database().leases().get(other));
        }
        number(replica.endedLeases().size());
        replica.endedLeases().forEach(this::incarnation);
        number(replica.doubts().size());
        replica.doubts().forEach(doubt -> doubt(replica, doubt));
    }

    /** A look at a lease that has changed since, or that was interrupted, begins anew: it proves nothing. */
    private void watch(Replica replica, Watch watch, Lease stored) {
        boolean isUseful = fault == PlantedFault.LEASE_ENDED_UNSEEN
                || fault == PlantedFault.OUTAGE_IS_SILENCE
                || fault == PlantedFault.LEASES_READ_BEFORE_ROWS
                || (watch.lease().equals(stored) && state.time() - replica.readAt() <= ReplicaModel.MOST_BETWEEN_LOOKS);
        if (!isUseful || watch.lease().incarnation() == replica.incarnation()) {
            number(0);
            return;
        }
        number(watch.lease().equals(stored) ? 1 : 2);
        incarnation(watch.lease().incarnation());
        number(age(watch.since(), ReplicaModel.LEASE));
    }

    private void doubt(Replica replica, Doubt doubt) {
        Database database = state.database();
        boolean isOpen = replica.revision() == database.revision();
        boolean isWritten = !isOpen && database.log().get(replica.revision()) == doubt.token();
        number(isOpen ? 0 : isWritten ? 1 : 2);
        flag(doubt.hasCommand());
        List<Integer> lost = replica.lost().stream().map(Commit::token).toList();
        number(lost.indexOf(doubt.token()) + 1);
    }

    private void commit(@Nullable Commit commit) {
        if (commit == null) {
            number(0);
            return;
        }
        number(commit.expected() == state.database().revision() ? 1 : 2);
        incarnation(commit.incarnation());
        number(commit.answer() == null ? 0 : 1 + commit.answer().ordinal());
        flag(commit.hasCommand());
        if (commit.expected() == state.database().revision() || fault == PlantedFault.NO_REVISION_CHECK) {
            tailnet(commit.tailnet());
        }
    }
}
