package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import dev.wayleave.row.StateRows;
import java.time.Instant;
import java.util.Optional;

/** Opens a controller: decides who may have its sessions, loads the tailnet, and makes the first state. */
final class ControllerOpener {

    private final RouteControllerBuilder builder;

    ControllerOpener(RouteControllerBuilder builder) {
        this.builder = builder;
    }

    SessionGuard guard() {
        if (builder.isShared && (builder.withoutSessions || builder.replica == null)) {
            throw new IllegalStateException("a controller shares tailnet `" + builder.tailnet
                    + "` with its sessions and a replica: give it one, and do not open it without sessions");
        }
        if (builder.withoutSessions && (builder.replica != null || builder.takeOver)) {
            throw new IllegalStateException("a controller of tailnet `" + builder.tailnet
                    + "` without sessions does not own it: give it no replica, and let it take nothing over");
        }
        if (builder.takeOver && builder.replica == null) {
            throw new IllegalStateException("a controller of tailnet `" + builder.tailnet
                    + "` can take it over only with a replica: give it one");
        }
        if (builder.withoutSessions) {
            return OwnerGuard.withoutSessions(builder.store, builder.tailnet);
        }
        if (builder.replica == null) {
            return OwnerGuard.withoutReplica(builder.store, builder.tailnet);
        }
        return builder.isShared
                ? SharedGuard.of(builder.store, builder.tailnet, builder.replica, builder.takeOver, builder.pause)
                : OwnerGuard.of(builder.store, builder.tailnet, builder.replica, builder.takeOver, builder.pause);
    }

    RouteController open(SessionGuard owner) {
        HostClock ofHost = hostClock();
        Optional<StoredTailnet> stored = builder.store.load(builder.tailnet);
        if (stored.isEmpty() && builder.mustBeStored) {
            throw new UnknownTailnetException(builder.tailnet);
        }
        // read after the load: a slow store must not use up the restart grace of the nodes
        HostClock.Reading reading = ofHost.read();
        Instant now = reading.on(reading.steps());
        RoutingState state = stored.isPresent() ? restored(stored.get(), now) : empty(now);
        Revision revision = stored.map(StoredTailnet::revision).orElse(Revision.NONE);
        RouteController controller = new RouteController(
                builder,
                owner,
                ofHost,
                reading.steps(),
                new Snapshot(revision, state),
                stored.map(StoredTailnet::token).orElse(null));
        controller.start(builder.sessionChannel);
        return controller;
    }

    private HostClock hostClock() {
        if (builder.hostClock != null) {
            return builder.hostClock;
        }
        return builder.isShared && builder.replica != null
                ? HostClock.ofStore(builder.replica, false)
                : new HostClock(builder.clock, builder.steadyNanos, false);
    }

    private RoutingState empty(Instant now) {
        if (builder.isShared && builder.replica != null) {
            return RoutingState.emptyShared(builder.tailnet, builder.newTailnet, builder.replica.holder(), now);
        }
        return builder.withoutSessions
                ? RoutingState.emptyWithoutSessions(builder.tailnet, builder.newTailnet, now)
                : RoutingState.empty(builder.tailnet, builder.newTailnet, now);
    }

    private RoutingState restored(StoredTailnet stored, Instant now) {
        StateRows rows = stored.rows();
        if (builder.isShared && builder.replica != null) {
            return RoutingState.restoreShared(rows, builder.replica.holder(), now);
        }
        if (builder.withoutSessions) {
            return RoutingState.restoreWithoutSessions(rows, now);
        }
        return stored.revision().equals(builder.dormantAt)
                ? RoutingState.restoreDormant(rows, now)
                : RoutingState.restore(rows, now);
    }
}
