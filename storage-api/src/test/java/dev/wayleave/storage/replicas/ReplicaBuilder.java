package dev.wayleave.storage.replicas;

import dev.wayleave.storage.replicas.ModelState.Commit;
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
import org.jspecify.annotations.Nullable;

/** Makes the replica that it is after an action. */
final class ReplicaBuilder {

    /** A process that has not joined. */
    static final Replica ABSENT = new Replica(
            Process.ABSENT,
            true,
            0,
            0,
            false,
            null,
            0,
            new Tailnet(List.of(Tailnet.Router.GONE, Tailnet.Router.GONE), Tailnet.NO_PRIMARY, 0),
            List.of(),
            List.of(),
            0,
            List.of(Watch.NONE, Watch.NONE, Watch.NONE),
            null,
            List.of(),
            List.of(),
            Request.WAITING);

    private Process process;
    private boolean hasLink;
    private int incarnation;
    private int askedAt;
    private boolean thawed;
    private @Nullable Renewal renewal;
    private int revision;
    private Tailnet tailnet;
    private List<Integer> leases;
    private List<Integer> endedLeases;
    private int readAt;
    private List<Watch> watches;
    private @Nullable Commit commit;
    private List<Commit> lost;
    private List<Doubt> doubts;
    private Request request;

    private ReplicaBuilder(Replica from) {
        process = from.process();
        hasLink = from.hasLink();
        incarnation = from.incarnation();
        askedAt = from.askedAt();
        thawed = from.thawed();
        renewal = from.renewal();
        revision = from.revision();
        tailnet = from.tailnet();
        leases = from.leases();
        endedLeases = from.endedLeases();
        readAt = from.readAt();
        watches = from.watches();
        commit = from.commit();
        lost = from.lost();
        doubts = from.doubts();
        request = from.request();
    }

    private Replica done() {
        return new Replica(
                process,
                hasLink,
                incarnation,
                askedAt,
                thawed,
                renewal,
                revision,
                tailnet,
                leases,
                endedLeases,
                readAt,
                watches,
                commit,
                lost,
                doubts,
                request);
    }

    static Replica joined(Replica before, int incarnation, Database database, int now) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.process = Process.RUNNING;
        next.incarnation = incarnation;
        next.askedAt = now;
        next.revision = database.revision();
        next.tailnet = database.tailnet();
        next.leases = incarnations(database.leases());
        next.readAt = now;
        next.watches =
                database.leases().stream().map(lease -> new Watch(lease, now)).toList();
        return next.done();
    }

    private static List<Integer> incarnations(List<Lease> leases) {
        return leases.stream()
                .map(Lease::incarnation)
                .filter(number -> number != 0)
                .toList();
    }

    static Replica with(Replica before, Process process) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.process = process;
        return next.done();
    }

    static Replica thawed(Replica before, PlantedFault fault) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.process = Process.RUNNING;
        next.thawed = fault == PlantedFault.BELIEF_AFTER_FREEZE;
        return next.done();
    }

    static Replica withRenewal(Replica before, Renewal renewal) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.renewal = renewal;
        return next.done();
    }

    static Replica renewed(Replica before, int askedAt) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.renewal = null;
        next.askedAt = askedAt;
        next.thawed = false;
        return next.done();
    }

    /** The lease was ended: the process gives up all that it believes, and joins as a new one. */
    static Replica left(Replica before) {
        ReplicaBuilder next = new ReplicaBuilder(ABSENT);
        next.process = Process.FENCED;
        next.hasLink = before.hasLink();
        Commit commit = before.commit();
        next.lost = commit == null || commit.answer() != null ? before.lost() : plus(before.lost(), commit);
        boolean isUnknown = (commit != null && commit.hasCommand())
                || before.doubts().stream().anyMatch(Doubt::hasCommand);
        next.request = before.request() == Request.WAITING && isUnknown ? Request.UNKNOWN : before.request();
        return next.done();
    }

    static Replica read(
            Replica before,
            Database database,
            int now,
            List<Integer> leases,
            List<Watch> watches,
            List<Doubt> doubts,
            Request request) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.thawed = false;
        next.revision = database.revision();
        next.tailnet = database.tailnet();
        next.leases = leases;
        next.readAt = now;
        next.watches = List.copyOf(watches);
        next.doubts = doubts;
        next.request = request;
        return next.done();
    }

    static List<Integer> leasesOf(Database database) {
        return incarnations(database.leases());
    }

    static Replica ended(Replica before, int incarnation) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.endedLeases = plus(before.endedLeases(), incarnation);
        return next.done();
    }

    static Replica sent(Replica before, Commit commit, PlantedFault fault) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.commit = commit;
        if (fault == PlantedFault.PUBLISHED_TOO_EARLY) {
            next.revision = commit.expected() + 1;
            next.tailnet = commit.tailnet();
        }
        return next.done();
    }

    static Replica withCommit(Replica before, @Nullable Commit commit) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.commit = commit;
        return next.done();
    }

    static Replica withoutLost(Replica before, Commit commit) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.lost = before.lost().stream().filter(lost -> !lost.equals(commit)).toList();
        return next.done();
    }

    private static <T> List<T> plus(List<T> list, T value) {
        List<T> next = new ArrayList<>(list);
        next.add(value);
        return List.copyOf(next);
    }

    static Replica committed(Replica before, Commit commit) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.commit = null;
        next.doubts = List.of();
        next.revision = commit.expected() + 1;
        next.tailnet = commit.tailnet();
        next.request = commit.hasCommand() ? Request.ACKNOWLEDGED : before.request();
        return next.done();
    }

    /** No answer comes any more; a commit that is on its way may still arrive. */
    static Replica cut(Replica before, boolean mayArrive, PlantedFault fault) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.hasLink = false;
        next.renewal = null;
        Commit commit = before.commit();
        if (commit != null) {
            next.commit = null;
            next.lost = mayArrive && commit.answer() == null ? plus(before.lost(), commit) : before.lost();
            if (fault != PlantedFault.DOUBT_FORGOTTEN) {
                next.doubts = plus(before.doubts(), new Doubt(commit.token(), commit.hasCommand()));
            }
        }
        return next.done();
    }

    static Replica linked(Replica before) {
        ReplicaBuilder next = new ReplicaBuilder(before);
        next.hasLink = true;
        return next.done();
    }
}
