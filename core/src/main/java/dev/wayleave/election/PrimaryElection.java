package dev.wayleave.election;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Elects the primary of one subnet prefix: which of its candidates carries it for the tailnet.
 *
 * <p>Pure functions: the same arguments give the same outcome, in any order of the candidates. Costs are
 * {@code O(n)} in the candidates, {@code O(n log n)} with all reasons.
 *
 * <p>The comparisons, in this order. A later one counts only between candidates that are equal in all earlier ones:
 *
 * <ol>
 *   <li><b>Grace.</b> A candidate in its grace keeps what it has and gets nothing new while another candidate can have
 *       the prefix: one that is out of grace, or the incumbent.
 *   <li><b>Class.</b> Of the rest the best {@link CandidateClass} wins, even over the incumbent.
 *   <li><b>Incumbent.</b> Within a class the incumbent stays, except where {@link FailBack} lets one that goes before
 *       it in the order take its place.
 *   <li><b>Order.</b> {@code CandidateOrder}: higher priority, registered first, lower number.
 * </ol>
 *
 * <p>So a prefix with any candidate is served. One without is unserved, or kept, by {@link OfflineRule}.
 *
 * <p>Candidates compete for exactly one prefix: the caller groups nodes by equal prefixes, and a prefix inside another
 * is a different one. Exit routes are never elected: every exit node offers its own.
 */
public final class PrimaryElection {

    private PrimaryElection() {}

    /**
     * Elects, with the reasons.
     *
     * @param prefix a subnet prefix
     * @param candidates the nodes on which it is effective and that are online or in their grace; each once, in any
     *     order
     * @param incumbent the primary so far, whether or not it is still a candidate; null if there was none, or if the
     *     prefix is no longer effective on it (else a removed or disapproved node would be kept)
     * @param rule the tailnet's rule
     * @param now the time of the election; read by {@link FailBack.After} only
     * @return the winner and the reason for each candidate, or kept, or unserved
     * @throws IllegalArgumentException if the prefix is an exit route, or a node is listed twice among the candidates
     */
    public static Outcome elect(
            Prefix prefix, List<Candidate> candidates, @Nullable NodeId incumbent, ElectionRule rule, Instant now) {
        Objects.requireNonNull(prefix, "prefix");
        Copies.refuseNull(candidates, "candidates");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(now, "now");
        refuseExitRoute(prefix);
        boolean inOrder = isInOrder(candidates);
        if (!inOrder) {
            refuseDuplicates(prefix, candidates);
        }
        if (candidates.isEmpty()) {
            return withoutCandidates(incumbent, rule);
        }
        Ballot ballot = new Ballot(candidates, incumbent, rule, now);
        List<Loss> losers = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            if (!candidate.equals(ballot.winner())) {
                losers.add(ballot.lossOf(candidate));
            }
        }
        if (!inOrder) {
            losers.sort(Comparator.comparing(Loss::node));
        }
        return new Outcome.Elected(ballot.winner().node(), ballot.reason(), losers);
    }

    /**
     * Elects without reasons, for callers that only need the primary: the node that {@link #elect} names.
     *
     * @param prefix a subnet prefix
     * @param candidates as for {@link #elect}; a node that is listed twice is not noticed
     * @param incumbent as for {@link #elect}
     * @param rule the tailnet's rule
     * @param now the time of the election
     * @return the primary, or empty if the prefix is unserved
     * @throws IllegalArgumentException if the prefix is an exit route
     */
    public static Optional<NodeId> primary(
            Prefix prefix, List<Candidate> candidates, @Nullable NodeId incumbent, ElectionRule rule, Instant now) {
        Objects.requireNonNull(prefix, "prefix");
        Copies.refuseNull(candidates, "candidates");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(now, "now");
        refuseExitRoute(prefix);
        if (candidates.isEmpty()) {
            return withoutCandidates(incumbent, rule).primary();
        }
        return Optional.of(new Ballot(candidates, incumbent, rule, now).winner().node());
    }

    /**
     * Returns when the prefix will next move only because time passes: the first instant at which an election of the
     * same candidates has another winner than one held now.
     *
     * @param prefix a subnet prefix
     * @param candidates as for {@link #elect}
     * @param incumbent as for {@link #elect}
     * @param rule the tailnet's rule
     * @param now the time to start from
     * @return an instant after {@code now}; empty if time changes nothing, which is always so except under
     *     {@link FailBack.After}
     * @throws IllegalArgumentException if the prefix is an exit route
     */
    public static Optional<Instant> nextFailBack(
            Prefix prefix, List<Candidate> candidates, @Nullable NodeId incumbent, ElectionRule rule, Instant now) {
        Objects.requireNonNull(prefix, "prefix");
        Copies.refuseNull(candidates, "candidates");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(now, "now");
        refuseExitRoute(prefix);
        if (candidates.isEmpty() || !(rule.failBack() instanceof FailBack.After)) {
            return Optional.empty();
        }
        Ballot ballot = new Ballot(candidates, incumbent, rule, now);
        return candidates.stream()
                .flatMap(candidate -> ballot.waitsUntil(candidate).stream())
                .min(Comparator.naturalOrder());
    }

    private static Outcome withoutCandidates(@Nullable NodeId incumbent, ElectionRule rule) {
        return incumbent != null && rule.offline() == OfflineRule.KEEP_LAST
                ? new Outcome.Kept(incumbent)
                : new Outcome.Unserved();
    }

    private static void refuseExitRoute(Prefix prefix) {
        if (prefix.isExitRoute()) {
            throw new IllegalArgumentException(
                    "`" + prefix + "` is an exit route and is never elected: every exit node offers its own");
        }
    }

    private static void refuseDuplicates(Prefix prefix, List<Candidate> candidates) {
        Set<NodeId> seen = new HashSet<>();
        for (Candidate candidate : candidates) {
            if (!seen.add(candidate.node())) {
                throw new IllegalArgumentException("node " + candidate.node()
                        + " is listed twice among the candidates of `" + prefix + "`: name each node once");
            }
        }
    }

    /** Whether each has a greater number than the one before, so that no node is listed twice. */
    private static boolean isInOrder(List<Candidate> candidates) {
        for (int i = 1; i < candidates.size(); i++) {
            if (candidates.get(i - 1).node().compareTo(candidates.get(i).node()) >= 0) {
                return false;
            }
        }
        return true;
    }
}
