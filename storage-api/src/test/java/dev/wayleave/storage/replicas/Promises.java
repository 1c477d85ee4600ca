package dev.wayleave.storage.replicas;

import dev.wayleave.storage.replicas.ModelState.Commit;
import dev.wayleave.storage.replicas.ModelState.Connection;
import dev.wayleave.storage.replicas.ModelState.Replica;
import dev.wayleave.storage.replicas.ModelState.Request;
import dev.wayleave.storage.replicas.Tailnet.Router;

/** The promises of {@code docs/replicas.md}, as checks of states and of changes of the database. */
final class Promises {

    private final ReplicaModel model;

    Promises(ReplicaModel model) {
        this.model = model;
    }

    /** Checks what holds in every state. */
    void check(ModelState state) {
        Tailnet stored = state.database().tailnet();
        for (int place = 0; place < ReplicaModel.REPLICAS; place++) {
            Replica replica = state.replicas().get(place);
            require(
                    !replica.isRunning()
                            || !model.believes(state, replica)
                            || state.database().hasLease(replica.incarnation()),
                    "a replica acts on a lease that was ended");
            int revision = state.database().revision();
            require(replica.revision() <= revision, "a replica published what is not stored");
            require(
                    replica.revision() < revision
                            || replica.incarnation() == 0
                            || replica.tailnet().equals(stored),
                    "a replica published other rows than the stored ones");
        }
        Request request = state.replicas().get(ReplicaModel.CLIENT).request();
        require(stored.events() <= 1, "a command is in the events twice");
        require(request != Request.ACKNOWLEDGED || stored.events() == 1, "an acknowledged command was lost");
        boolean isServed = stored.primary() != Tailnet.NO_PRIMARY
                && stored.routers().get(stored.primary()).isCandidate();
        require(
                isServed == stored.routers().stream().anyMatch(Router::isCandidate),
                "the primary is not a candidate, or a candidate does not serve");
    }

    /** Checks a commit that the database writes. */
    void written(ModelState state, Commit commit) {
        require(state.database().hasLease(commit.incarnation()), "a replica whose lease was ended wrote a commit");
        for (int router = 0; router < ReplicaModel.ROUTERS; router++) {
            Router before = state.database().tailnet().routers().get(router);
            Router after = commit.tailnet().routers().get(router);
            Connection connection = state.connections().get(router);
            boolean isConnected =
                    connection.incarnation() == before.incarnation() && connection.session() == before.session();
            require(
                    !before.hasSession()
                            || !isConnected
                            || !state.database().hasLease(before.incarnation())
                            || after.equals(before),
                    "the session of a router that is connected to a replica with a lease was ended or replaced");
            require(
                    before.hasSession()
                            || after.hasSession()
                            || after.graceUntil() == Router.NEVER
                            || after.graceUntil() == before.graceUntil(),
                    "the grace of an absent router began again");
        }
    }

    /** Checks the end of a lease by another replica. An outage between two looks may remain unnoticed. */
    void leaseEnds(ModelState state, Replica by, int replica) {
        require(
                state.database().hasLease(by.incarnation()),
                "a replica whose lease was ended ended the lease of replica " + replica);
        require(
                state.database().upSince() <= state.time() - ReplicaModel.LEASE,
                "an outage of the database ended the lease of replica " + replica);
    }

    /** Checks a state in which nothing was disturbed for {@link ReplicaModel#RECOVERY}. */
    void recovered(ModelState state) {
        Tailnet stored = state.database().tailnet();
        boolean anyLives = false;
        for (int router = 0; router < ReplicaModel.ROUTERS; router++) {
            Router row = stored.routers().get(router);
            Connection connection = state.connections().get(router);
            boolean lives = connection.incarnation() != 0;
            anyLives |= lives;
            require(
                    !lives || (row.incarnation() == connection.incarnation() && row.session() == connection.session()),
                    "a router that is connected has no session");
            require(lives || !row.isCandidate(), "a router that is dead is still a candidate");
        }
        require(!anyLives || stored.primary() != Tailnet.NO_PRIMARY, "a prefix with a healthy router is unserved");
    }

    static void require(boolean holds, String promise) {
        if (!holds) {
            throw new BrokenPromise(promise);
        }
    }
}
