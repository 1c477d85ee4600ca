package dev.wayleave.foresight;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.access.RuleId;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.ViewChanges;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The consequences that some submissions would have if they were applied now: approvals, primaries, and what each
 * viewer would gain, lose or get from another node, each with its reason.
 *
 * <p>A plan changes nothing. The same submissions, given to the same state at the same time, give exactly
 * {@link #step} and {@link #viewChanges}. What is due at that time follows as well, such as the end of a grace: it
 * would happen anyway, and its event has no actor.
 *
 * <p>The lists of impacts are made when they are asked for. Making a plan costs what the step and the difference of the
 * views cost; listing {@link #viewers} costs what it lists, and {@link #traffic} writes the packet filters of those
 * nodes whose filters change, one for each kind of nodes without routes.
 */
public final class RoutePlan {

    /** The result of a plan. */
    public enum Verdict {
        /**
         * No viewer and no administrator notices anything: the same nodes, drains, approvals, primaries, peers and
         * routes, and packet filters let the same packets in. Packet filters may be written in another way.
         */
        NOTHING_CHANGES,
        /** Something changes, and no viewer loses a peer, a route or traffic. */
        NO_LOSS,
        /** Some viewer loses a peer, a route, or traffic that it may send. */
        LOSS
    }

    private final RoutingViews before;
    private final Step step;
    private final RoutingViews after;
    private final ViewChanges viewChanges;
    private final SortedMap<RuleId, RuleFate> fates;
    private final List<RouteEvent> events;

    private final Supplier<List<ViewerImpact>> viewers =
            Suppliers.memoize(() -> List.copyOf(new ViewerImpacts(this).list()));
    private final Supplier<List<TrafficImpact>> traffic =
            Suppliers.memoize(() -> List.copyOf(new TrafficImpacts(this).list()));

    private RoutePlan(RoutingViews before, Step step) {
        this.before = before;
        this.step = step;
        this.after = before.after(step);
        this.viewChanges = after.changesSince(before);
        this.events = LastingEvents.of(before.state(), step);
        this.fates = before.state().policy().equals(after.state().policy())
                ? ImmutableSortedMap.of()
                : ImmutableSortedMap.copyOfSorted(
                        RuleFates.of(before.state().policy(), after.state().policy()));
    }

    /**
     * Works out what would follow.
     *
     * @param views the tailnet as it is
     * @param submissions what would be submitted
     * @param now when, as {@link Routing#step} reads it
     * @return the plan
     */
    public static RoutePlan of(RoutingViews views, List<Submission> submissions, Instant now) {
        Objects.requireNonNull(views, "views");
        return new RoutePlan(views, Routing.step(views.state(), submissions, now));
    }

    /** {@return the tailnet as it is} */
    public RoutingViews before() {
        return before;
    }

    /** {@return the step that the submissions would be, with all events} */
    public Step step() {
        return step;
    }

    /** {@return the tailnet as it would be} */
    public RoutingViews after() {
        return after;
    }

    /** {@return whose netmap would change, and how: what a host would send} */
    public ViewChanges viewChanges() {
        return viewChanges;
    }

    /** {@return the submissions that would be refused, by their place in the list} */
    public SortedMap<Integer, SubmissionResult.Refused> refusals() {
        ImmutableSortedMap.Builder<Integer, SubmissionResult.Refused> refusals = ImmutableSortedMap.naturalOrder();
        for (int i = 0; i < step.results().size(); i++) {
            if (step.results().get(i) instanceof SubmissionResult.Refused refused) {
                refusals.put(i, refused);
            }
        }
        return refusals.buildOrThrow();
    }

    /**
     * {@return the events of nodes, routes, approvals, primaries, users and settings that would last, in their order;
     * not those that begin and end in the step itself, of routes of nodes that would be removed, and of the policy}
     */
    public List<RouteEvent> events() {
        return events;
    }

    /**
     * {@return the approvals that would come, go or be denied: those of the {@link #events} that are of the kinds
     * {@code route-approved}, {@code route-revoked} and {@code route-denied}}
     */
    public List<RouteEvent.OfRoute> approvals() {
        return events.stream()
                .filter(event -> event instanceof RouteEvent.RouteApproved
                        || event instanceof RouteEvent.RouteRevoked
                        || event instanceof RouteEvent.RouteDenied)
                .map(RouteEvent.OfRoute.class::cast)
                .toList();
    }

    /**
     * {@return the prefixes of which the primary would change, which would become served or unserved, each with the
     * election, in their order}
     */
    public List<RouteEvent.OfElection> primaries() {
        return step.events().stream()
                .filter(RouteEvent.OfElection.class::isInstance)
                .map(RouteEvent.OfElection.class::cast)
                .filter(event -> !(event instanceof RouteEvent.PrimaryKept))
                .toList();
    }

    /** {@return the nodes that would be removed, in their order} */
    public List<NodeId> removedNodes() {
        return step.touched().nodes().stream()
                .filter(node -> after.state().node(node).isEmpty()
                        && before.state().node(node).isPresent())
                .toList();
    }

    /** {@return the prefixes that would have no primary and have one now, in order} */
    public SortedSet<Prefix> unserved() {
        return primaries().stream()
                .filter(RouteEvent.PrefixUnserved.class::isInstance)
                .map(RouteEvent.OfElection::prefix)
                .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
    }

    /**
     * {@return the prefixes that nodes would still carry after drains of them that would begin, because no other node
     * can, by node and in order; a drain that leaves a prefix there is refused unless it is forced}
     */
    public SortedMap<NodeId, SortedSet<Prefix>> staying() {
        SortedMap<NodeId, SortedSet<Prefix>> staying = new TreeMap<>();
        RoutingState state = after.state();
        for (RouteEvent event : events) {
            if (event instanceof RouteEvent.DrainStarted drain) {
                for (Prefix prefix : state.node(drain.node()).orElseThrow().effective()) {
                    state.primary(prefix)
                            .filter(node ->
                                    state.node(node).orElseThrow().drain().isPresent())
                            .ifPresent(node -> staying.computeIfAbsent(node, n -> new TreeSet<>())
                                    .add(prefix));
                }
            }
        }
        return ImmutableSortedMap.copyOfSorted(staying);
    }

    /**
     * {@return what viewers would gain, lose, or get from another node: losses first, then by the number of viewers; no
     * viewer is in two of them}
     */
    public List<ViewerImpact> viewers() {
        return viewers.get();
    }

    /** {@return what nodes would let in more or less, losses first; no node is in two of them} */
    public List<TrafficImpact> traffic() {
        return traffic.get();
    }

    /**
     * {@return what the new policy does to each entry of the old one, in the order of the old one; empty if the policy
     * stays}
     */
    public SortedMap<RuleId, RuleFate> fates() {
        return fates;
    }

    /** {@return what the plan comes to; lists impacts} */
    public Verdict verdict() {
        boolean loss = viewers().stream().anyMatch(ViewerImpact::isLoss)
                || traffic().stream().anyMatch(impact -> !impact.lost().isEmpty());
        if (loss) {
            return Verdict.LOSS;
        }
        boolean change = !viewers().isEmpty()
                || !traffic().isEmpty()
                || !events.isEmpty()
                || step.touched().nodes().stream().anyMatch(this::isChanged);
        return change ? Verdict.NO_LOSS : Verdict.NOTHING_CHANGES;
    }

    private boolean isChanged(NodeId node) {
        Optional<Node> old = before.state().node(node).map(NodeState::facts);
        Optional<Node> now = after.state().node(node).map(NodeState::facts);
        if (old.isEmpty() || now.isEmpty()) {
            return !old.equals(now);
        }
        return !NodeFact.changed(old.get(), now.get()).isEmpty();
    }

    /**
     * {@return what the new policy does to an entry of the old one that could take something away; null if the policy
     * or this entry stays}
     */
    @Nullable
    RuleFate change(RuleId rule) {
        RuleFate fate = fates.get(rule);
        boolean same = fate instanceof RuleFate.Kept kept && kept.redefined().isEmpty();
        return same ? null : fate;
    }
}
