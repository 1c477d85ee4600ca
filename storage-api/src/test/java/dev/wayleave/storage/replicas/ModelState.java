package dev.wayleave.storage.replicas;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One moment of the modelled system: the database, the replicas, the routers and their connections.
 *
 * @param time in ticks, the same for all: the protocol compares no clocks, so that different ones are not modelled
 * @param faults how many more faults may happen
 * @param incarnations how many starts of replicas there were: the next one has the next number
 * @param commits how many commits were sent: the next one has the next token
 * @param database what is stored
 * @param replicas the processes
 * @param connections for each router where it is connected
 */
record ModelState(
        int time,
        int faults,
        int incarnations,
        int commits,
        Database database,
        List<Replica> replicas,
        List<Connection> connections) {

    /**
     * The database.
     *
     * @param isUp whether it answers
     * @param downSince when it went down last
     * @param upSince since when it has had no outage that is longer than the time between two looks at the leases
     * @param log the token of each commit; its size is the revision
     * @param leases for each replica its lease
     * @param tailnet the rows
     */
    record Database(boolean isUp, int downSince, int upSince, List<Integer> log, List<Lease> leases, Tailnet tailnet) {

        int revision() {
            return log.size();
        }

        boolean hasLease(int incarnation) {
            return leases.stream().anyMatch(lease -> lease.incarnation == incarnation);
        }

        Database down(int now) {
            return new Database(false, now, upSince, log, leases, tailnet);
        }

        Database up(int now) {
            boolean isSeen = now - downSince > ReplicaModel.MOST_BETWEEN_LOOKS;
            return new Database(true, downSince, isSeen ? now : upSince, log, leases, tailnet);
        }

        Database withLease(int replica, Lease lease) {
            return new Database(isUp, downSince, upSince, log, ModelState.with(leases, replica, lease), tailnet);
        }

        Database with(int token, Tailnet next) {
            List<Integer> longer = new ArrayList<>(log);
            longer.add(token);
            return new Database(isUp, downSince, upSince, List.copyOf(longer), leases, next);
        }
    }

    /**
     * The row of a lease.
     *
     * @param incarnation the start of the replica; 0 if there is no row
     * @param renewals how often it was renewed
     */
    record Lease(int incarnation, int renewals) {
        static final Lease NONE = new Lease(0, 0);
    }

    /**
     * Where a router is connected. A router that is dead is connected nowhere.
     *
     * @param incarnation the start of the replica; 0 if the router is dead
     * @param session the number of the session; if the router is dead, of its last one
     * @param before the start of the replica whose connection was closed before this one; 0 if there was none
     */
    record Connection(int incarnation, int session, int before) {

        /** The connection after this one: the router connects to a replica, or the same replica, anew. */
        Connection to(int replica) {
            return new Connection(replica, session + 1, incarnation == 0 ? before : incarnation);
        }

        /** The router dies. */
        Connection closed() {
            return new Connection(0, session, incarnation);
        }
    }

    /** What a replica's process does. */
    enum Process {
        ABSENT,

        /** It was fenced, and joins as a new one. */
        FENCED,
        RUNNING,
        FROZEN,
        DEAD
    }

    /**
     * A replica.
     *
     * @param process what its process does
     * @param hasLink whether it reaches the database
     * @param incarnation the number of this start
     * @param askedAt when it sent the last renewal that succeeded: it believes in its lease for a length from then
     * @param thawed whether it has not looked at its clock since it was frozen
     * @param renewal a renewal whose answer it has not read; null if there is none
     * @param revision the revision that it published last
     * @param tailnet the rows of that revision
     * @param leases the incarnations that had a lease when it last read the database
     * @param endedLeases the incarnations whose lease it ended
     * @param readAt when it last read the database
     * @param watches for each replica since when its lease has looked the same
     * @param commit its commit on its way; null if there is none
     * @param lost the commits whose connection was cut, and which may still reach the database
     * @param doubts the tokens of commits on the published revision of which it does not know whether they were written
     * @param request what its client knows of its one command
     */
    record Replica(
            Process process,
            boolean hasLink,
            int incarnation,
            int askedAt,
            boolean thawed,
            @Nullable Renewal renewal,
            int revision,
            Tailnet tailnet,
            List<Integer> leases,
            List<Integer> endedLeases,
            int readAt,
            List<Watch> watches,
            @Nullable Commit commit,
            List<Commit> lost,
            List<Doubt> doubts,
            Request request) {

        boolean isRunning() {
            return process == Process.RUNNING;
        }
    }

    /** The one command of a client. */
    enum Request {
        WAITING,
        ACKNOWLEDGED,

        /** The client was answered that it is not known whether the command was applied. */
        UNKNOWN
    }

    /**
     * A commit of which the writer does not know whether it was written.
     *
     * @param token its token
     * @param hasCommand whether it has the command of the client
     */
    record Doubt(int token, boolean hasCommand) {}

    /**
     * A renewal that the database has done or refused, and whose answer the replica has not read.
     *
     * @param sentAt when it was sent
     * @param isDone whether the database counted it: the lease was this replica's
     */
    record Renewal(int sentAt, boolean isDone) {}

    /**
     * What a replica has seen of another replica's lease.
     *
     * @param lease the row
     * @param since since when it has seen that row at each look
     */
    record Watch(Lease lease, int since) {
        static final Watch NONE = new Watch(Lease.NONE, 0);
    }

    /**
     * A commit on its way.
     *
     * @param incarnation the writer's
     * @param token its mark in the log
     * @param expected the revision that it was decided on
     * @param tailnet the rows that it writes
     * @param hasCommand whether it has the command of the client
     * @param answer what the database did with it, which the writer has not read; null before it arrived
     */
    record Commit(
            int incarnation,
            int token,
            int expected,
            Tailnet tailnet,
            boolean hasCommand,
            @Nullable Outcome answer) {

        Commit withAnswer(Outcome outcome) {
            return new Commit(incarnation, token, expected, tailnet, hasCommand, outcome);
        }
    }

    /** What the database did with a commit. */
    enum Outcome {
        COMMITTED,
        CONFLICT,
        FENCED
    }

    ModelState with(Database next) {
        return new ModelState(time, faults, incarnations, commits, next, replicas, connections);
    }

    ModelState with(int replica, Replica next) {
        return new ModelState(
                time, faults, incarnations, commits, database, with(replicas, replica, next), connections);
    }

    ModelState with(int router, Connection next) {
        return new ModelState(time, faults, incarnations, commits, database, replicas, with(connections, router, next));
    }

    /** One disturbance less may happen. */
    ModelState disturbed() {
        return new ModelState(time, faults - 1, incarnations, commits, database, replicas, connections);
    }

    ModelState afterTick() {
        return new ModelState(time + 1, faults, incarnations, commits, database, replicas, connections);
    }

    /** A replica starts, and has the next incarnation. */
    ModelState started() {
        return new ModelState(time, faults, incarnations + 1, commits, database, replicas, connections);
    }

    /** A commit is sent, and has the next token. */
    ModelState sent() {
        return new ModelState(time, faults, incarnations, commits + 1, database, replicas, connections);
    }

    static <T> List<T> with(List<T> list, int place, T value) {
        List<T> next = new ArrayList<>(list);
        next.set(place, value);
        return List.copyOf(next);
    }
}
