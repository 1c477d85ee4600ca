package dev.wayleave.storage.replicas;

import dev.wayleave.storage.replicas.ModelState.Commit;
import dev.wayleave.storage.replicas.ModelState.Connection;
import dev.wayleave.storage.replicas.ModelState.Database;
import dev.wayleave.storage.replicas.ModelState.Doubt;
import dev.wayleave.storage.replicas.ModelState.Lease;
import dev.wayleave.storage.replicas.ModelState.Process;
import dev.wayleave.storage.replicas.ModelState.Renewal;
import dev.wayleave.storage.replicas.ModelState.Replica;
import dev.wayleave.storage.replicas.ModelState.Request;
import dev.wayleave.storage.replicas.ModelState.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The protocol of {@code docs/replicas.md} for three replicas and two routers: what each part may do next in a state.
 * One action is one thing that happens at one place without interruption; all interleavings of actions are runs of the
 * protocol.
 */
final class ReplicaModel {

    static final int REPLICAS = 3;
    static final int ROUTERS = 2;

    /** The replica whose client sends a command. */
    static final int CLIENT = 0;

    /** The length of a lease, in ticks. */
    static final int LEASE = 2;

    /** After a longer time without a look at the leases, the next one begins anew: the database may have been away. */
    static final int MOST_BETWEEN_LOOKS = 1;

    /** How long an absent router stays a candidate, in ticks. */
    static final int GRACE = 1;

    /** The recovery from a disturbance takes at most three leases, the grace, and two times between looks. */
    static final int RECOVERY = 3 * LEASE + GRACE + 2 * MOST_BETWEEN_LOOKS;

    private final PlantedFault fault;
    private final Surroundings surroundings;
    private final Network network;
    private final Promises promises;

    /**
     * @param fault a fault of the implementation
     * @param disturbances what may happen to it from outside
     */
    ReplicaModel(PlantedFault fault, Set<Disturbance> disturbances) {
        this.fault = fault;
        this.surroundings = new Surroundings(fault, disturbances);
        this.promises = new Promises(this);
        this.network = new Network(this, surroundings);
    }

    /** What happens to a system from outside. */
    enum Disturbance {
        REPLICA_KILLED,
        REPLICA_FROZEN,
        REPLICA_CUT_OFF,
        ANSWER_LOST,
        DATABASE_DOWN,
        ROUTER_DIES,
        ROUTER_RECONNECTS,
        REPLICA_JOINS
    }

    /** Kinds of actions. A recovery takes those from {@link #DATABASE_UP} on in this order in each tick. */
    enum Kind {
        DISTURBANCE,

        /** A dead router comes back. */
        RETURN,
        DATABASE_UP,
        THAW,
        LINK,
        RENEWAL_ANSWER,
        LOST_COMMIT,
        OUTCOME,
        RENEWAL,
        JOIN,
        CONNECTION,
        COMMIT,
        COMMAND,
        READ,
        LEASE_END,
        TICK
    }

    /**
     * One thing that can happen.
     *
     * @param kind its kind
     * @param name in words
     * @param effect makes the state after it; throws {@link BrokenPromise} if the action breaks a promise
     */
    record Action(Kind kind, String name, Supplier<ModelState> effect) {

        ModelState next() {
            return effect.get();
        }
    }

    /** Two replicas run, each with a router; the third has not joined. */
    static ModelState begin(int faults) {
        List<Lease> leases = List.of(new Lease(1, 0), new Lease(2, 0), Lease.NONE);
        Tailnet tailnet = new Tailnet(
                List.of(new Tailnet.Router(1, 1, Tailnet.Router.NEVER), new Tailnet.Router(2, 1, Tailnet.Router.NEVER)),
                0,
                0);
        Database database = new Database(true, -LEASE, -LEASE, List.of(), leases, tailnet);
        List<Replica> replicas = List.of(
                ReplicaBuilder.joined(ReplicaBuilder.ABSENT, 1, database, 0),
                ReplicaBuilder.joined(ReplicaBuilder.ABSENT, 2, database, 0),
                ReplicaBuilder.ABSENT);
        return new ModelState(
                0, faults, 2, 0, database, replicas, List.of(new Connection(1, 1, 0), new Connection(2, 1, 0)));
    }

    /** {@return all that can happen next; in the same order each time} */
    List<Action> actions(ModelState state) {
        List<Action> all = new ArrayList<>();
        for (int replica = 0; replica < REPLICAS; replica++) {
            ofReplica(state, replica, all);
            network.actions(state, replica, all);
        }
        surroundings.actions(state, all);
        return all;
    }

    // ---- what a replica does

    private void ofReplica(ModelState state, int replica, List<Action> all) {
        Replica me = state.replicas().get(replica);
        String name = "replica " + replica;
        boolean mayJoin = me.process() == Process.FENCED
                || (me.process() == Process.ABSENT && surroundings.may(state, Disturbance.REPLICA_JOINS));
        if (mayJoin && reaches(state, me)) {
            all.add(new Action(Kind.JOIN, name + " joins", () -> join(state, replica)));
        }
        if (!me.isRunning()) {
            return;
        }
        Renewal renewal = me.renewal();
        if (renewal != null) {
            all.add(new Action(
                    Kind.RENEWAL_ANSWER,
                    name + " reads that its renewal was " + (renewal.isDone() ? "done" : "refused"),
                    () -> renewed(state, replica, renewal)));
        } else if (reaches(state, me)) {
            all.add(new Action(Kind.RENEWAL, name + " renews its lease", () -> renew(state, replica)));
        }
        boolean mayAct = believes(state, me) || fault == PlantedFault.LEASE_ENDED_WITHOUT_BELIEF;
        if (mayAct && reaches(state, me)) {
            readsAndEnds(state, replica, all);
        }
    }

    /** What only a replica within its lease does: it publishes what it reads, decides, and ends other leases. */
    private void readsAndEnds(ModelState state, int replica, List<Action> all) {
        Replica me = state.replicas().get(replica);
        String name = "replica " + replica;
        if (me.commit() == null) {
            ModelState read = read(state, replica);
            all.add(new Action(Kind.READ, name + " reads the database", () -> read));
            decide(read, replica, false, name + " reads the database and commits what is due", all);
            if (replica == CLIENT && read.replicas().get(replica).request() == Request.WAITING) {
                decide(read, replica, true, name + " reads the database and commits its client's command", all);
            }
        }
        for (int place = 0; place < REPLICAS; place++) {
            int other = place;
            if (other != replica && mayEnd(state, me, other)) {
                all.add(new Action(
                        Kind.LEASE_END,
                        name + " ends the lease of replica " + other,
                        () -> end(state, replica, other)));
            }
        }
    }

    static boolean reaches(ModelState state, Replica replica) {
        return replica.hasLink() && state.database().isUp();
    }

    /** Whether a replica decides, publishes, answers a client, or ends another lease. */
    boolean believes(ModelState state, Replica replica) {
        return replica.incarnation() != 0
                && (state.time() < replica.askedAt() + LEASE
                        || (replica.thawed() && fault == PlantedFault.BELIEF_AFTER_FREEZE));
    }

    private static ModelState join(ModelState state, int replica) {
        Replica me = state.replicas().get(replica);
        int incarnation = state.incarnations() + 1;
        Database database = state.database().withLease(replica, new Lease(incarnation, 0));
        Replica joined = ReplicaBuilder.joined(me, incarnation, database, state.time());
        return state.started().with(database).with(replica, joined);
    }

    private ModelState renewed(ModelState state, int replica, Renewal renewal) {
        Replica me = state.replicas().get(replica);
        if (!renewal.isDone()) {
            // the lease was ended: all that this start believed is void
            return state.with(replica, ReplicaBuilder.left(me));
        }
        int from = fault == PlantedFault.BELIEF_FROM_ANSWER ? state.time() : renewal.sentAt();
        return state.with(replica, ReplicaBuilder.renewed(me, from));
    }

    /** Reads rows, log and leases in one transaction, and settles with the log what is in doubt. */
    private ModelState read(ModelState state, int replica) {
        Replica me = state.replicas().get(replica);
        Database database = state.database();
        List<Watch> watches = new ArrayList<>();
        for (int other = 0; other < REPLICAS; other++) {
            watches.add(seen(me, other, database.leases().get(other), state.time()));
        }
        Request request = me.request();
        List<Doubt> doubts = me.doubts();
        if (database.revision() > me.revision()) {
            // the next revision is known: it is one of the commits in doubt, or none of them was written
            int next = database.log().get(me.revision());
            if (doubts.stream().anyMatch(doubt -> doubt.token() == next && doubt.hasCommand())) {
                request = Request.ACKNOWLEDGED;
            }
            doubts = List.of();
        }
        List<Integer> leases = ReplicaBuilder.leasesOf(database);
        if (fault == PlantedFault.LEASES_READ_BEFORE_ROWS) {
            leases = me.watches().stream()
                    .map(watch -> watch.lease().incarnation())
                    .toList();
        }
        return state.with(replica, ReplicaBuilder.read(me, database, state.time(), leases, watches, doubts, request));
    }

    private Watch seen(Replica me, int other, Lease lease, int now) {
        Watch before = me.watches().get(other);
        boolean isContinued = now - me.readAt() <= MOST_BETWEEN_LOOKS || fault == PlantedFault.OUTAGE_IS_SILENCE;
        return new Watch(lease, isContinued && before.lease().equals(lease) ? before.since() : now);
    }

    /** A lease may be ended that has looked the same for its length, while the database answered throughout. */
    private static boolean mayEnd(ModelState state, Replica me, int other) {
        Watch watch = me.watches().get(other);
        return watch.lease().incarnation() != 0 && me.readAt() == state.time() && state.time() - watch.since() >= LEASE;
    }

    private ModelState end(ModelState state, int replica, int other) {
        Database database = state.database();
        Lease seen = state.replicas().get(replica).watches().get(other).lease();
        Lease stored = database.leases().get(other);
        boolean isSame = fault == PlantedFault.LEASE_ENDED_UNSEEN
                ? stored.incarnation() == seen.incarnation()
                : stored.equals(seen);
        if (!isSame) {
            return state;
        }
        Replica me = state.replicas().get(replica);
        promises.leaseEnds(state, me, other);
        ModelState next = state.with(database.withLease(other, Lease.NONE));
        return fault == PlantedFault.ENDED_BY_ONE_ALONE
                ? next.with(replica, ReplicaBuilder.ended(me, seen.incarnation()))
                : next;
    }

    // ---- decisions

    /** Decides on the published revision, and sends the commit: what is due, and perhaps the command of the client. */
    private void decide(ModelState state, int replica, boolean withCommand, String name, List<Action> all) {
        Replica me = state.replicas().get(replica);
        if (!believes(state, me)) {
            return;
        }
        Tailnet next = new Decision(fault, state, me).tailnet();
        if (withCommand) {
            next = next.withEvent();
        }
        boolean hasSomething = !next.equals(me.tailnet()) || !me.doubts().isEmpty();
        if (!hasSomething) {
            return;
        }
        ModelState sent = state.sent();
        Commit commit = new Commit(me.incarnation(), sent.commits(), me.revision(), next, withCommand, null);
        all.add(new Action(
                withCommand ? Kind.COMMAND : Kind.COMMIT,
                name,
                () -> sent.with(replica, ReplicaBuilder.sent(me, commit, fault))));
    }

    private static ModelState renew(ModelState state, int replica) {
        Replica me = state.replicas().get(replica);
        Lease lease = state.database().leases().get(replica);
        boolean isMine = lease.incarnation() == me.incarnation();
        ModelState next = isMine
                ? state.with(state.database().withLease(replica, new Lease(lease.incarnation(), lease.renewals() + 1)))
                : state;
        return next.with(replica, ReplicaBuilder.withRenewal(me, new Renewal(state.time(), isMine)));
    }

    Promises promises() {
        return promises;
    }

    PlantedFault fault() {
        return fault;
    }
}
