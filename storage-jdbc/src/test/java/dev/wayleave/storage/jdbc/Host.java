package dev.wayleave.storage.jdbc;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredTailnet;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** The simplest host: it keeps a state, takes a step for each submission, and commits what changed. */
final class Host {

    static final TailnetId TAILNET = new TailnetId("example.com");
    static final TailnetId OTHER = new TailnetId("other.example.com");
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final RoutingStore store;
    private RoutingState state;
    private Revision revision;
    private Instant now = START;

    private Host(RoutingStore store, RoutingState state, Revision revision) {
        this.store = store;
        this.state = state;
        this.revision = revision;
    }

    /** A host of a tailnet that is not stored yet. Its first step stores it. */
    static Host ofNew(RoutingStore store, TailnetId tailnet) {
        return new Host(store, RoutingState.empty(tailnet, RoutingSettings.DEFAULT, START), Revision.NONE);
    }

    static Host ofNew(RoutingStore store) {
        return ofNew(store, TAILNET);
    }

    /** A host that starts again. */
    static Host restarted(RoutingStore store, TailnetId tailnet) {
        StoredTailnet stored = store.load(tailnet).orElseThrow();
        return new Host(store, RoutingState.restore(stored.rows(), START), stored.revision());
    }

    RoutingState state() {
        return state;
    }

    Revision revision() {
        return revision;
    }

    Host at(Instant instant) {
        now = instant;
        return this;
    }

    /** A router that is online, with routes. */
    Host router(long id, String... prefixes) {
        NodeId node = new NodeId(id);
        return does(
                registered(node),
                new Command.ConnectSession(node, new SessionId("session-" + id)),
                new Command.AdvertiseRoutes(node, prefixes(prefixes)));
    }

    static Command registered(NodeId node) {
        return new Command.RegisterNode(
                Node.builder(node, "router-" + node, Owner.tags("tag:router")).build());
    }

    Host advertises(long node, String... prefixes) {
        return does(new Command.AdvertiseRoutes(new NodeId(node), prefixes(prefixes)));
    }

    Host approves(long node, String... prefixes) {
        return does(new Command.SetApprovedRoutes(new NodeId(node), prefixes(prefixes)));
    }

    Host does(Command... commands) {
        Commit commit = commit(commands);
        CommitOutcome outcome = store.commit(commit);
        if (!(outcome instanceof CommitOutcome.Committed committed)) {
            throw new IllegalStateException("not committed: " + outcome);
        }
        revision = committed.revision();
        return this;
    }

    /** Takes notice that the commit that was made last is stored. */
    Host committed(Revision made) {
        revision = made;
        return this;
    }

    /** Takes a step and makes the commit of it, without storing it. */
    Commit commit(Command... commands) {
        Submission submission = new Submission(new Actor("alice"), "request-1", List.of(commands));
        Step step = Routing.step(state, List.of(submission), now);
        if (!(step.results().get(0) instanceof SubmissionResult.Accepted)) {
            throw new IllegalStateException("refused: " + step.results());
        }
        boolean isNew = revision.equals(Revision.NONE);
        state = step.next();
        return new Commit(
                state.tailnet(),
                revision,
                null,
                token(),
                now,
                isNew
                        ? new RowChanges(
                                state.rows().tailnet(),
                                step.rowChanges().users(),
                                step.rowChanges().nodes(),
                                step.rowChanges().routes())
                        : step.rowChanges(),
                step.events());
    }

    static CommitToken token() {
        return new CommitToken(UUID.randomUUID().toString());
    }

    static List<Prefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(Prefix::parse).toList();
    }
}
