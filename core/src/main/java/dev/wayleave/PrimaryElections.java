package dev.wayleave;

import dev.wayleave.election.Candidate;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Elects each touched prefix once, among the candidates at the end of the step. */
final class PrimaryElections {

    private final StateBuilder builder;
    private final List<RouteEvent> events = new ArrayList<>();

    private PrimaryElections(StateBuilder builder) {
        this.builder = builder;
    }

    /**
     * The results of the elections of a step.
     *
     * @param prefixes the prefixes that had an election, in order
     * @param events what happened to their primaries, in the same order
     */
    record Results(List<ElectedPrefix> prefixes, List<RouteEvent> events) {}

    /** Elects the prefixes; the builder is read and not changed. */
    static Results elect(StateBuilder builder, List<PrefixEdits.Edit> toElect) {
        PrimaryElections elections = new PrimaryElections(builder);
        List<ElectedPrefix> prefixes = new ArrayList<>(toElect.size());
        for (PrefixEdits.Edit edit : toElect) {
            prefixes.add(new ElectedPrefix(edit.prefix, edit.before, elections.elect(edit)));
        }
        return new Results(prefixes, elections.events);
    }

    /** The primary at the start of the step, if it still has a claim. */
    static @Nullable NodeId incumbent(StateBuilder builder, @Nullable RouteState start, RouteState route) {
        NodeId primary = start == null ? null : start.primaryOrNull();
        if (primary == null || !route.isHeldBy(primary) || builder.wasRemoved(primary)) {
            return null;
        }
        return primary;
    }

    private @Nullable RouteState elect(PrefixEdits.Edit edit) {
        Prefix prefix = edit.prefix;
        Origin requested = edit.origin();
        Origin origin = requested == null ? Origin.time() : requested;
        RouteState start = edit.before;
        NodeId last = start == null ? null : start.primaryOrNull();
        RouteState route = edit.now();
        if (route == null) {
            if (last != null) {
                events.add(new RouteEvent.PrefixUnserved(origin, prefix, last, new Outcome.Unserved()));
            }
            return null;
        }
        NodeId incumbent = incumbent(builder, start, route);
        // compute the reasons only if there will be an event; a new prefix always has one
        Outcome outcome = start == null ? outcome(route, incumbent) : null;
        NodeId primary = (outcome != null ? outcome.primary() : primary(route, incumbent)).orElse(null);
        boolean kept = primary != null && route.candidates().isEmpty();
        long failBackAt = failBackAt(prefix, route.candidates(), primary, builder.fields.settings, builder.nowInstant);
        if (!Objects.equals(primary, route.primaryOrNull())
                || kept != route.isKept()
                || failBackAt != route.failBackAt()) {
            route = route.withPrimary(primary, kept, failBackAt);
        }
        boolean wasKept = start != null && start.isKept();
        boolean wasRemoved = last != null && builder.wasRemoved(last);
        if (outcome == null && (!Objects.equals(primary, last) || kept != wasKept || wasRemoved)) {
            outcome = outcome(route, incumbent);
        }
        if (outcome != null) {
            events.add(event(prefix, origin, last, primary, outcome));
        }
        return route;
    }

    private Outcome outcome(RouteState route, @Nullable NodeId incumbent) {
        return PrimaryElection.elect(
                route.prefix(), route.candidates(), incumbent, builder.fields.settings.election(), builder.nowInstant);
    }

    private Optional<NodeId> primary(RouteState route, @Nullable NodeId incumbent) {
        return PrimaryElection.primary(
                route.prefix(), route.candidates(), incumbent, builder.fields.settings.election(), builder.nowInstant);
    }

    /** The time at which the prefix leaves its primary only because time passes. */
    static long failBackAt(
            Prefix prefix,
            List<Candidate> candidates,
            @Nullable NodeId primary,
            RoutingSettings settings,
            Instant now) {
        if (!(settings.election().failBack() instanceof FailBack.After)) {
            return Deadline.NEVER;
        }
        return PrimaryElection.nextFailBack(prefix, candidates, primary, settings.election(), now)
                .map(Times::ceilingMillis)
                .orElse(Deadline.NEVER);
    }

    private static RouteEvent event(
            Prefix prefix, Origin origin, @Nullable NodeId last, @Nullable NodeId primary, Outcome outcome) {
        if (primary == null) {
            return new RouteEvent.PrefixUnserved(origin, prefix, last, outcome);
        }
        if (outcome instanceof Outcome.Kept) {
            return new RouteEvent.PrimaryKept(origin, prefix, primary, outcome);
        }
        return last == null || last.equals(primary)
                ? new RouteEvent.PrimaryElected(origin, prefix, primary, outcome)
                : new RouteEvent.PrimaryMoved(origin, prefix, last, primary, outcome);
    }
}
