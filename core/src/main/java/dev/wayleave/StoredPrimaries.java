package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes the primaries of prefixes as they are stored, and notes each that an election would replace: the first step
 * holds that election. For one thread.
 */
final class StoredPrimaries {

    private final RoutingSettings settings;
    private final Instant now;
    private final List<Prefix> repairs = new ArrayList<>();

    StoredPrimaries(RoutingSettings settings, Instant now) {
        this.settings = settings;
        this.now = now;
    }

    /** {@return the prefixes whose stored primary an election would replace} */
    SortedSet<Prefix> repairs() {
        return ImmutableSortedSet.copyOf(repairs);
    }

    /** Whether a primary is one of the candidates, or the last one where there is none. */
    private static boolean isPossible(List<Candidate> candidates, @Nullable NodeId primary) {
        return candidates.isEmpty()
                || candidates.stream().anyMatch(candidate -> candidate.node().equals(primary));
    }

    /**
     * A prefix with its stored primary.
     *
     * @param route its holders and candidates: at least one holder
     * @param primary the stored primary, or null
     * @param isElected whether the process that wrote the primary elected among the same candidates: its clock may be a
     *     little ahead of this one, and what it decided stays
     */
    RouteState route(RouteState route, @Nullable NodeId primary, boolean isElected) {
        Prefix prefix = route.prefix();
        List<Candidate> candidates = route.candidates();
        boolean right = (isElected && isPossible(candidates, primary))
                || (candidates.size() == 1
                        ? candidates.get(0).node().equals(primary)
                        : PrimaryElection.primary(prefix, candidates, primary, settings.election(), now)
                                .equals(Optional.ofNullable(primary)));
        if (!right) {
            repairs.add(prefix);
        }
        long failBackAt =
                right ? PrimaryElections.failBackAt(prefix, candidates, primary, settings, now) : Deadline.NEVER;
        return route.withPrimary(primary, candidates.isEmpty() && primary != null, failBackAt);
    }
}
