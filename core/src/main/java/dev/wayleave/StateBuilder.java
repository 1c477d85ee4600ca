package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.command.Submission;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A state in the making, for one step and one thread.
 *
 * <p>All changes of nodes go through {@link #put} and {@link #remove}, which keep what follows from a node in step with
 * it:
 *
 * <pre>
 *   node ──► host key
 *     ├────► deadline: the earliest thing that is due about it
 *     └────► for each effective subnet route: holder; while it is present also candidate, with its class
 * </pre>
 */
final class StateBuilder extends StateFields {

    final RoutingState before;
    final long now;
    final Instant nowInstant;

    /** The prefixes as they are now; {@link #routes} stays as it was until the end. */
    final PrefixEdits edits;

    /** By how many milliseconds the clock is stepped by submissions that stand after the one at hand. */
    long stepsToCome;

    private RoutingState mark;
    private boolean changed;
    private @Nullable StepLog notes;
    private @Nullable StepLog kept;
    private @Nullable List<PrefixEdits.Edit> toElect;
    private @Nullable Submission open;
    private @Nullable Origin origin;

    /** Since when what is being put is so: now, but for what was due before. */
    private Instant since;

    /** The last candidate made: the prefixes of a node share one. */
    private @Nullable Candidate shared;

    StateBuilder(RoutingState before, long now) {
        super(before);
        this.before = before;
        this.edits = new PrefixEdits(before.routes);
        this.mark = before;
        this.now = now;
        this.nowInstant = Times.instant(now);
        this.since = nowInstant;
    }

    /** Starts a submission; {@link #undo} comes back to here. */
    void begin(Submission submission) {
        if (changed) {
            mark = new RoutingState(this, now);
            changed = false;
        }
        edits.begin();
        open = submission;
        origin = null;
    }

    /** Accepts what was done since {@link #begin}. */
    void keep() {
        if (notes != null) {
            if (kept == null) {
                kept = notes;
            } else {
                kept.addAll(notes);
            }
            notes = null;
        }
        edits.keep();
        open = null;
        origin = null;
    }

    /** Forgets what was done since {@link #begin}. */
    void undo() {
        load(mark);
        edits.undo();
        changed = false;
        notes = null;
        open = null;
        origin = null;
    }

    RoutingState finish() {
        routes = edits.build(toElect());
        return new RoutingState(this, now);
    }

    /** The prefixes that need an election, in their order; asked when no more will come. */
    List<PrefixEdits.Edit> toElect() {
        List<PrefixEdits.Edit> inOrder = toElect;
        if (inOrder == null) {
            inOrder = edits.toElect(before.unsettled);
            toElect = inOrder;
        }
        return inOrder;
    }

    /** Made when somebody asks: a keep-alive has no event. */
    Origin origin() {
        Origin made = origin;
        if (made == null) {
            made = open == null ? Origin.time() : Origin.of(open);
            origin = made;
        }
        return made;
    }

    /** What is open, or what was kept so far. */
    StepLog notes() {
        if (notes == null) {
            notes = new StepLog();
        }
        return notes;
    }

    /** What was kept, or null if nothing was touched. */
    @Nullable
    StepLog kept() {
        return kept;
    }

    boolean wasRemoved(NodeId node) {
        return (kept != null && kept.removed.contains(node)) || (notes != null && notes.removed.contains(node));
    }

    void happened(RouteEvent event) {
        notes().events.add(event);
    }

    void caused(NodeId node, Reason reason) {
        notes().liveness.put(node, new StepLog.Cause(reason, origin()));
    }

    /** The prefix may have another primary now. */
    void election(Prefix prefix) {
        edits.cause(edits.of(prefix), origin());
    }

    /** Anything that is no node. */
    void changing() {
        changed = true;
    }

    void heard(LastHeardTimes next) {
        heard = next;
        changed = true;
    }

    /** Puts what has been so since a moment that was due, unless the node became the candidate that it was later. */
    void putAsOf(NodeState state, Instant at) {
        since = at;
        put(state);
        since = nowInstant;
    }

    void put(NodeState state) {
        NodeState is = state;
        boolean expired = isKeyExpired(is.facts(), now);
        if (expired != is.isKeyExpired()) {
            is = is.edit().keyExpired(expired).build();
        }
        NodeState was = nodes.get(is.id());
        changed = true;
        nodes = nodes.plus(is.id(), is);
        notes().nodes.add(is.id());
        moveHostKey(was, is);
        moveDeadline(is.id(), was == null ? Deadline.NEVER : was.due(settings), is.due(settings));
        moveCandidacies(is.id(), was, is);
    }

    static boolean isKeyExpired(Node facts, long now) {
        return facts.keyExpiry().isPresent()
                && Times.ceilingMillis(facts.keyExpiry().get()) <= now;
    }

    void remove(NodeState was, Reason reason) {
        changed = true;
        nodes = nodes.minus(was.id());
        StepLog touched = notes();
        touched.nodes.add(was.id());
        touched.removed.add(was.id());
        touched.liveness.remove(was.id());
        if (was.isListening()) {
            heard = heard.without(was.slot());
        }
        moveHostKey(was, null);
        moveDeadline(was.id(), was.due(settings), Deadline.NEVER);
        moveCandidacies(was.id(), was, null);
        happened(new RouteEvent.NodeRemoved(origin(), was.id(), reason));
    }

    private void moveHostKey(@Nullable NodeState was, @Nullable NodeState is) {
        String old = was == null ? null : was.facts().hostKey();
        String next = is == null ? null : is.facts().hostKey();
        if (Objects.equals(old, next)) {
            return;
        }
        if (was != null && was.id().equals(hostKeys.get(was.facts().hostKey()))) {
            hostKeys = hostKeys.minus(was.facts().hostKey());
        }
        if (is != null) {
            hostKeys = hostKeys.plus(is.facts().hostKey(), is.id());
        }
    }

    void moveDeadline(NodeId node, long old, long next) {
        if (old == next) {
            return;
        }
        changed = true;
        if (old != Deadline.NEVER) {
            deadlines = deadlines.minus(new Deadline(old, node));
        }
        if (next != Deadline.NEVER) {
            deadlines = deadlines.plus(new Deadline(next, node));
        }
    }

    private void moveCandidacies(NodeId node, @Nullable NodeState was, @Nullable NodeState is) {
        ImmutableSortedSet<Prefix> old = was == null ? ImmutableSortedSet.of() : was.effectiveSet();
        ImmutableSortedSet<Prefix> next = is == null ? ImmutableSortedSet.of() : is.effectiveSet();
        boolean standsAlike = was != null && is != null && was.standsAs(is);
        if (standsAlike && old.equals(next)) {
            return;
        }
        for (Prefix prefix : old) {
            if (!prefix.isExitRoute() && !next.contains(prefix)) {
                leave(node, prefix);
            }
        }
        if (is != null) {
            for (Prefix prefix : next) {
                boolean held = old.contains(prefix);
                if (!prefix.isExitRoute() && !(held && standsAlike)) {
                    stand(is, prefix, held);
                }
            }
        }
    }

    private void leave(NodeId node, Prefix prefix) {
        PrefixEdits.Edit edit = edits.of(prefix);
        RouteState route = edit.now();
        if (route == null) {
            throw new IllegalStateException("no entry for " + prefix);
        }
        RouteState next = route.withoutHolder(node);
        if (next.holders().isEmpty()) {
            moveFailBack(prefix, route.failBackAt(), Deadline.NEVER);
        }
        edits.put(edit, next, origin());
    }

    /** Makes a node the holder, and as it is now the candidate, of a prefix that is effective on it. */
    void stand(NodeState node, Prefix prefix, boolean held) {
        PrefixEdits.Edit edit = edits.of(prefix);
        RouteState known = edit.now();
        RouteState route = known == null ? RouteState.heldByNobody(prefix) : known;
        Candidate old = held ? route.candidate(node.id()) : null;
        Candidate stands = node.isPresent() ? candidate(node, prefix, old) : null;
        if (held && Objects.equals(old, stands)) {
            return;
        }
        changed = true;
        RouteState next = held ? route.withCandidate(node.id(), stands) : route.withHolder(node.id(), stands);
        edits.put(edit, next, origin());
    }

    private Candidate candidate(NodeState node, Prefix prefix, @Nullable Candidate old) {
        Candidate made = candidate(node, prefix, settings, old, since);
        Candidate last = shared;
        if (last != null && made.equals(last)) {
            return last;
        }
        shared = made;
        return made;
    }

    static Candidate candidate(
            NodeState node, Prefix prefix, RoutingSettings settings, @Nullable Candidate old, Instant at) {
        CandidateClass candidateClass =
                CandidateClass.of(node.isKeyExpired(), node.health(prefix), node.drainOrNull() != null);
        boolean inGrace = node.liveness() == Liveness.GRACE;
        // nobody reads since when a candidate in its grace is steady
        Instant since = inGrace ? Instant.EPOCH : at;
        if (!inGrace
                && old != null
                && !old.isInGrace()
                && (old.candidateClass() == candidateClass || old.steadySince().isAfter(at))) {
            since = old.steadySince();
        }
        return Candidate.builder(node.id(), node.facts().registeredAt())
                .priority(settings.priority(node.id(), prefix))
                .candidateClass(candidateClass)
                .inGrace(inGrace)
                .steadySince(since)
                .build();
    }

    void moveFailBack(Prefix prefix, long old, long next) {
        if (old == next) {
            return;
        }
        if (old != Deadline.NEVER) {
            failBacks = failBacks.minus(new RoutingState.FailBackDeadline(old, prefix));
        }
        if (next != Deadline.NEVER) {
            failBacks = failBacks.plus(new RoutingState.FailBackDeadline(next, prefix));
        }
    }
}
