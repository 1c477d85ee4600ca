package dev.wayleave;

import com.google.common.collect.ImmutableList;
import dev.wayleave.election.Candidate;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subnet prefix that is effective on some node: who could carry it, and who does.
 */
public final class RouteState {

    private final Prefix prefix;

    /** Everything that an election asks of the candidates, so that a flip of one node reads no other node. */
    private final ImmutableList<Candidate> candidates;

    private final ImmutableList<NodeId> holders;
    private final @Nullable NodeId primary;
    private final boolean kept;

    /**
     * When the prefix moves only because time passes, in milliseconds; {@link Deadline#NEVER} under all rules but one.
     */
    private final long failBackAt;

    RouteState(
            Prefix prefix,
            ImmutableList<NodeId> holders,
            ImmutableList<Candidate> candidates,
            @Nullable NodeId primary,
            boolean kept,
            long failBackAt) {
        this.prefix = prefix;
        this.holders = holders;
        this.candidates = candidates;
        this.primary = primary;
        this.kept = kept;
        this.failBackAt = failBackAt;
    }

    static RouteState withoutHolders(Prefix prefix) {
        return new RouteState(prefix, ImmutableList.of(), ImmutableList.of(), null, false, Deadline.NEVER);
    }

    /** {@return the prefix that is elected for, never an exit route} */
    public Prefix prefix() {
        return prefix;
    }

    /**
     * {@return the nodes on which the prefix is effective, whether or not they are online; at least one, in the order
     * of their numbers; immutable}
     */
    public List<NodeId> holders() {
        return holders;
    }

    /** {@return the holders that are online or in their grace, in order; immutable} */
    public List<Candidate> candidates() {
        return candidates;
    }

    /** {@return the primary, even one that is only kept; empty if the prefix is unserved} */
    public Optional<NodeId> primary() {
        return Optional.ofNullable(primary);
    }

    /** {@return whether the primary is the last one of a prefix whose candidates are all gone} */
    public boolean isKept() {
        return kept;
    }

    /**
     * {@return when the prefix fails back to another candidate if nothing happens until then; empty unless fail-back
     * waits for stability and a better candidate waits}
     */
    public Optional<Instant> failsBackAt() {
        return failBackAt == Deadline.NEVER ? Optional.empty() : Optional.of(Times.instant(failBackAt));
    }

    @Nullable
    NodeId primaryOrNull() {
        return primary;
    }

    long failBackAt() {
        return failBackAt;
    }

    boolean isHeldBy(NodeId node) {
        return holders.contains(node);
    }

    @Nullable
    Candidate candidate(NodeId node) {
        for (Candidate candidate : candidates) {
            if (candidate.node().equals(node)) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * The state with more holders, which it did not have, and with candidates for those that are there.
     *
     * @param added in the order of their numbers
     * @param present candidates of them, in the same order
     */
    RouteState withHolders(ImmutableList<NodeId> added, ImmutableList<Candidate> present) {
        return with(
                merged(holders, added, Comparator.naturalOrder()),
                merged(candidates, present, Comparator.comparing(Candidate::node)));
    }

    private static <E> ImmutableList<E> merged(ImmutableList<E> one, ImmutableList<E> other, Comparator<E> order) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        ImmutableList.Builder<E> merged = ImmutableList.builderWithExpectedSize(one.size() + other.size());
        int next = 0;
        for (E element : one) {
            while (next < other.size() && order.compare(other.get(next), element) < 0) {
                merged.add(other.get(next++));
            }
            merged.add(element);
        }
        return merged.addAll(other.subList(next, other.size())).build();
    }

    /** The state without a holder, and without its candidate. */
    RouteState withoutHolder(NodeId node) {
        ImmutableList.Builder<NodeId> next = ImmutableList.builderWithExpectedSize(holders.size());
        for (NodeId holder : holders) {
            if (!holder.equals(node)) {
                next.add(holder);
            }
        }
        return with(next.build(), candidates(node, null));
    }

    /** The state with a candidate in the place of the one that the node had, or without one. */
    RouteState withCandidate(NodeId node, @Nullable Candidate changed) {
        return with(holders, candidates(node, changed));
    }

    private RouteState with(ImmutableList<NodeId> nextHolders, ImmutableList<Candidate> nextCandidates) {
        return new RouteState(prefix, nextHolders, nextCandidates, primary, kept, failBackAt);
    }

    private ImmutableList<Candidate> candidates(NodeId node, @Nullable Candidate changed) {
        ImmutableList.Builder<Candidate> next = ImmutableList.builderWithExpectedSize(candidates.size() + 1);
        Candidate toPlace = changed;
        for (Candidate candidate : candidates) {
            int order = candidate.node().compareTo(node);
            if (toPlace != null && order >= 0) {
                next.add(toPlace);
                toPlace = null;
            }
            if (order != 0) {
                next.add(candidate);
            }
        }
        if (toPlace != null) {
            next.add(toPlace);
        }
        return next.build();
    }

    RouteState withPrimary(@Nullable NodeId elected, boolean isKept, long nextFailBack) {
        return new RouteState(prefix, holders, candidates, elected, isKept, nextFailBack);
    }

    /** The state on a clock that was stepped by so many milliseconds, with the candidates that are so on that clock. */
    RouteState shifted(ImmutableList<Candidate> nextCandidates, long by) {
        return new RouteState(prefix, holders, nextCandidates, primary, kept, Times.shifted(failBackAt, by));
    }

    /** {@return everything for a person to read, for example {@code 10.0.0.0/8 via 3}} */
    @Override
    public String toString() {
        return prefix + (primary == null ? " unserved" : (kept ? " kept by " : " via ") + primary);
    }
}
