package dev.wayleave;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.command.Submission;
import dev.wayleave.election.Candidate;
import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.SortedPairs;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The next state while a step builds it; for one thread.
 *
 * <p>All changes of nodes go through {@link #put} and {@link #remove}, which update what is derived from a node:
 *
 * <pre>
 *   node ──► host key, own addresses
 *     ├────► deadline: the earliest thing that is due about it
 *     └────► for each effective subnet route: holder; while it is present also candidate, with its class
 * </pre>
 */
final class StateBuilder {

    /** If more than this part of all nodes changed, building the tree anew costs less than changing a path for each. */
    private static final int REBUILD_FRACTION = 16;

    final RoutingState before;
    final long now;
    final Instant nowInstant;

    /** The fields so far: an object that only this builder writes to. */
    StateFields fields;

    /** The prefixes so far; {@link StateFields#routes} stays as it was until the end. */
    final PrefixEdits edits;

    /** Whether a policy is refused because of its own tests, where the settings ask for that. */
    final boolean evaluatesPolicyTests;

    /** The fields before the current submission. */
    private StateFields mark;

    private @Nullable StepLog log;
    private @Nullable StepLog openLog;
    private @Nullable Submission open;
    private @Nullable Origin origin;

    private final CandidateCache candidates = new CandidateCache();

    StateBuilder(RoutingState before, long now, boolean evaluatesPolicyTests) {
        this.before = before;
        this.fields = before.fields.copy();
        this.mark = fields;
        this.edits = new PrefixEdits(before.fields.routes);
        this.now = now;
        this.nowInstant = Times.instant(now);
        this.evaluatesPolicyTests = evaluatesPolicyTests;
    }

    /** Starts a submission; {@link #undo} comes back to here. */
    void begin(Submission submission) {
        mark = fields;
        fields = mark.copy();
        edits.begin();
        open = submission;
        origin = null;
    }

    /** Accepts the changes since {@link #begin}. */
    void accept() {
        appendLog();
        edits.accept();
        end();
    }

    /** Accepts changes that were made without {@link #begin}, because they are never undone: of timers and of rows. */
    void acceptDirectChanges() {
        appendLog();
        end();
    }

    private void appendLog() {
        if (log == null) {
            log = openLog;
        } else if (openLog != null) {
            log.addAll(openLog);
        }
    }

    /** Takes back the changes since {@link #begin}. */
    void undo() {
        fields = mark;
        edits.undo();
        end();
    }

    private void end() {
        openLog = null;
        open = null;
        origin = null;
    }

    /**
     * The next state.
     *
     * @param elected every prefix of {@link #edits} that needed an election, in their order
     * @param repairs what the next step has to repair in the store
     */
    RoutingState finish(List<ElectedPrefix> elected, StateFields.Repairs repairs) {
        fields.routes = edits.build(elected);
        for (ElectedPrefix route : elected) {
            moveFailBack(route.prefix(), failBackAt(route.before()), failBackAt(route.after()));
        }
        fields.repairs = repairs;
        return new RoutingState(fields, now);
    }

    /** Made when it is first needed: a keep-alive has no event. */
    Origin origin() {
        Origin made = origin;
        if (made == null) {
            made = open == null ? Origin.time() : Origin.of(open);
            origin = made;
        }
        return made;
    }

    private StepLog pendingLog() {
        if (openLog == null) {
            openLog = new StepLog();
        }
        return openLog;
    }

    /** {@return the log of what was kept so far} */
    StepLog log() {
        return log == null ? new StepLog() : log;
    }

    boolean wasRemoved(NodeId node) {
        return (log != null && log.removed.contains(node)) || (openLog != null && openLog.removed.contains(node));
    }

    void happened(RouteEvent event) {
        pendingLog().events.add(event);
    }

    void noteLivenessCause(NodeId node, Reason reason) {
        pendingLog().liveness.put(node, new StepLog.Cause(reason, origin()));
    }

    /** The primary of the prefix is elected again at the end of the step. */
    void requestElection(Prefix prefix) {
        edits.requestElection(edits.of(prefix), origin());
    }

    /**
     * Puts a node whose change was due at a moment in the past. Its candidates count as steady since that moment,
     * unless their class or grace changed later.
     */
    void putAsOf(NodeState state, Instant at) {
        NodeState previous = fields.nodes.get(state.id());
        put(previous, withDerivedFacts(previous, state, at), at);
    }

    /**
     * Applies a change to each node with a route that waits for a decision. Then adds each prefix once that becomes
     * effective on some of these nodes. Only approvals change: the keys are updated once, at the end.
     */
    void putUndecided(UnaryOperator<NodeState> change) {
        HolderBatch effective = new HolderBatch();
        List<NodeState> changed = new ArrayList<>();
        List<NodeId> undecided = new ArrayList<>();
        for (NodeId id : fields.keys.undecided()) {
            NodeState previous = Objects.requireNonNull(fields.nodes.get(id));
            NodeState next = change.apply(previous);
            if (next.durable().hasUndecidedRoute()) {
                undecided.add(id);
            }
            if (next != previous) {
                next = withDerivedFacts(previous, next, nowInstant);
                changed.add(next);
                reindex(previous, next, nowInstant, effective);
            }
        }
        effective.applyTo(edits, origin());
        putNodes(changed);
        fields.keys = fields.keys.withUndecided(undecided);
    }

    /** One pass over the tree if that costs less than a path for each of them. */
    private void putNodes(List<NodeState> changed) {
        if (changed.size() <= fields.nodes.size() / REBUILD_FRACTION) {
            for (NodeState node : changed) {
                fields.nodes = fields.nodes.plus(node.id(), node);
            }
            return;
        }
        List<NodeState> all = new ArrayList<>(fields.nodes.size());
        int next = 0;
        for (NodeState node : fields.nodes.values()) {
            boolean isChanged = next < changed.size() && changed.get(next).id().equals(node.id());
            all.add(isChanged ? changed.get(next++) : node);
        }
        fields.nodes = TreePMap.fromSortedMap(SortedPairs.of(all, NodeState::id));
    }

    void put(NodeState state) {
        putAsOf(state, nowInstant);
    }

    /** Puts a node as rows have it. */
    void putStored(NodeState state) {
        put(fields.nodes.get(state.id()), state, nowInstant);
    }

    private void put(@Nullable NodeState previous, NodeState next, Instant since) {
        fields.nodes = fields.nodes.plus(next.id(), next);
        fields.keys = fields.keys.after(previous == null ? null : previous.durable(), next.durable());
        reindex(previous, next, since, null);
    }

    /** Updates whether the key is expired, and, where processes share the tailnet, since when the node is steady. */
    private NodeState withDerivedFacts(@Nullable NodeState previous, NodeState state, Instant since) {
        NodeState next = state.withKeyAt(now);
        if (!next.presence().isShared()) {
            return next;
        }
        NodeState steady =
                previous == null ? next : next.steadyAsOf(previous, since).steadyAsOfItsSession(previous);
        NodeState stored = steady.asFarAsStored();
        return fields.sessions.self() == null ? stored : SharedPresence.withIdleTime(stored, now);
    }

    /** Takes from rows since when a holder is steady as a candidate. */
    void takeSteadySince(NodeState node, Prefix prefix, Instant stored) {
        PrefixEdits.Edit edit = edits.of(prefix);
        RouteState route = known(edit);
        Candidate old = route.candidate(node.id());
        if (old != null && !old.isInGrace() && !old.steadySince().equals(stored)) {
            Candidate next = old.toBuilder().steadySince(stored).build();
            edits.put(edit, route.withCandidate(node.id(), next), origin());
        }
    }

    /**
     * Updates what is derived from a node: the count of its process, deadline, holders and candidates.
     *
     * @param since since when the node has its new election facts
     * @param batch takes the prefixes that become effective, or null to add each at once
     */
    private void reindex(@Nullable NodeState previous, NodeState next, Instant since, @Nullable HolderBatch batch) {
        pendingLog().nodes.add(next.id());
        fields.sessions = fields.sessions.withHolder(
                previous == null ? null : previous.presence().holder(),
                next.presence().holder());
        moveDeadline(
                next.id(),
                previous == null ? Deadline.NEVER : previous.due(fields.settings),
                next.due(fields.settings));
        moveCandidacies(next.id(), previous, next, since, batch);
    }

    void remove(NodeState node, Reason reason) {
        remove(node);
        happened(new RouteEvent.NodeRemoved(origin(), node.id(), reason));
    }

    /** Removes a node of which another process removed the row. */
    void remove(NodeState node) {
        fields.nodes = fields.nodes.minus(node.id());
        StepLog touched = pendingLog();
        touched.nodes.add(node.id());
        touched.removed.add(node.id());
        touched.liveness.remove(node.id());
        if (node.isListening()) {
            fields.heard = fields.heard.without(node.slot());
        }
        fields.keys = fields.keys.after(node.durable(), null);
        fields.sessions = fields.sessions.withHolder(node.presence().holder(), null);
        moveDeadline(node.id(), node.due(fields.settings), Deadline.NEVER);
        moveCandidacies(node.id(), node, null, nowInstant, null);
    }

    void moveDeadline(NodeId node, long old, long next) {
        if (old == next) {
            return;
        }
        if (old != Deadline.NEVER) {
            fields.deadlines = fields.deadlines.minus(new Deadline(old, node));
        }
        if (next != Deadline.NEVER) {
            fields.deadlines = fields.deadlines.plus(new Deadline(next, node));
        }
    }

    private void moveCandidacies(
            NodeId node,
            @Nullable NodeState previous,
            @Nullable NodeState next,
            Instant since,
            @Nullable HolderBatch batch) {
        ImmutableSortedSet<Prefix> old = previous == null ? ImmutableSortedSet.of() : previous.effectiveSet();
        ImmutableSortedSet<Prefix> effective = next == null ? ImmutableSortedSet.of() : next.effectiveSet();
        boolean sameFacts = previous != null && next != null && previous.hasSameElectionFacts(next);
        if (sameFacts && old.equals(effective)) {
            return;
        }
        for (Prefix prefix : old) {
            if (!prefix.isExitRoute() && !effective.contains(prefix)) {
                removeHolder(node, prefix);
            }
        }
        if (next != null) {
            for (Prefix prefix : effective) {
                if (prefix.isExitRoute()) {
                    continue;
                }
                if (!old.contains(prefix)) {
                    addHolder(next, prefix, since, batch);
                } else if (!sameFacts) {
                    updateHolder(next, prefix, since);
                }
            }
        }
    }

    private static RouteState known(PrefixEdits.Edit edit) {
        RouteState route = edit.now();
        if (route == null) {
            throw new IllegalStateException("no entry for " + edit.prefix);
        }
        return route;
    }

    private void removeHolder(NodeId node, Prefix prefix) {
        PrefixEdits.Edit edit = edits.of(prefix);
        RouteState route = known(edit);
        edits.put(edit, route.withoutHolder(node), origin());
    }

    /** Makes a node the holder of a prefix that becomes effective on it, and while it is present a candidate. */
    private void addHolder(NodeState node, Prefix prefix, Instant since, @Nullable HolderBatch batch) {
        Candidate candidate = node.isPresent() ? candidates.of(node, prefix, fields.settings, null, since) : null;
        if (batch != null) {
            batch.add(node.id(), prefix, candidate);
            return;
        }
        PrefixEdits.Edit edit = edits.of(prefix);
        ImmutableList<Candidate> present = candidate == null ? ImmutableList.of() : ImmutableList.of(candidate);
        edits.put(edit, edit.nowOrEmpty().withHolders(ImmutableList.of(node.id()), present), origin());
    }

    /** Makes a holder of a prefix the candidate that it is now, or none. */
    void updateHolder(NodeState node, Prefix prefix) {
        updateHolder(node, prefix, nowInstant);
    }

    private void updateHolder(NodeState node, Prefix prefix, Instant since) {
        PrefixEdits.Edit edit = edits.of(prefix);
        RouteState route = known(edit);
        Candidate old = route.candidate(node.id());
        Candidate next = node.isPresent() ? candidates.of(node, prefix, fields.settings, old, since) : null;
        if (!Objects.equals(old, next)) {
            edits.put(edit, route.withCandidate(node.id(), next), origin());
        }
    }

    private static long failBackAt(@Nullable RouteState route) {
        return route == null ? Deadline.NEVER : route.failBackAt();
    }

    private void moveFailBack(Prefix prefix, long old, long next) {
        if (old == next) {
            return;
        }
        if (old != Deadline.NEVER) {
            fields.failBacks = fields.failBacks.minus(new StateFields.FailBackDeadline(old, prefix));
        }
        if (next != Deadline.NEVER) {
            fields.failBacks = fields.failBacks.plus(new StateFields.FailBackDeadline(next, prefix));
        }
    }
}
