package dev.wayleave;

import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.RuleMatch;
import dev.wayleave.explanation.Hop;
import dev.wayleave.explanation.Hop.Itself;
import dev.wayleave.explanation.Hop.OwnNetwork;
import dev.wayleave.explanation.Obstacle;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.Reachability.Note;
import dev.wayleave.explanation.Reachability.Path;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.policy.Traffic;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Traces traffic from a viewer to its destination:
 *
 * <pre>
 *   destination ── longest match among what the viewer has ──► a hop for each part of it, or none
 *   hop ── the packet filter there, entry by entry ──► open, or closed
 *   closed, or no hop ──► what is missing, and the entries that come nearest
 * </pre>
 */
final class TrafficTracer {

    private final TracedTraffic traffic;
    private final ObstacleFinder obstacles;
    private final List<Path> paths = new ArrayList<>();

    TrafficTracer(RoutingViews views, ViewerRoutes view, TrafficQuestion question) {
        this.traffic = new TracedTraffic(views, view, question);
        this.obstacles = new ObstacleFinder(traffic);
    }

    Reachability trace() {
        if (traffic.source().isEmpty()) {
            return new Reachability.No(
                    traffic.question,
                    endpoints(),
                    List.of(new Obstacle.NoAddressOfFamily()),
                    List.of(),
                    new TrafficNotes(traffic).notes(List.of(), paths));
        }
        List<TrafficHops.DestinationPart> parts = new TrafficHops(traffic).parts();
        AddressSet reachable = AddressSet.empty();
        AddressSet unmatched = AddressSet.of(traffic.destination);
        for (TrafficHops.DestinationPart part : parts) {
            reachable = reachable.union(follow(part));
            unmatched = unmatched.subtract(part.addresses());
        }
        obstacles.explain(unmatched);
        return answer(reachable, new TrafficNotes(traffic).notes(parts, paths));
    }

    private Reachability answer(AddressSet reachable, List<Note> notes) {
        if (reachable.contains(traffic.destination)) {
            return new Reachability.Yes(traffic.question, endpoints(), paths, notes);
        }
        return reachable.isEmpty()
                ? new Reachability.No(traffic.question, endpoints(), obstacles.found(), obstacles.nearest(), notes)
                : new Reachability.Partly(
                        traffic.question, endpoints(), reachable, paths, obstacles.found(), obstacles.nearest(), notes);
    }

    private Reachability.Endpoints endpoints() {
        NodeId there = traffic.state.nodes().values().stream()
                .filter(node -> traffic.destination.isSingleAddress()
                        && node.facts().addresses().contains(traffic.destination.first()))
                .map(NodeState::id)
                .findFirst()
                .orElse(null);
        return new Reachability.Endpoints(traffic.viewer.addresses(), there);
    }

    /** Takes down the ways that a part has, or why it has none, and returns what is open of it. */
    private AddressSet follow(TrafficHops.DestinationPart part) {
        AddressSet open = AddressSet.empty();
        for (Hop hop : part.hops()) {
            open = open.union(follow(part.addresses(), hop));
        }
        AddressSet closed = part.addresses().subtract(open);
        if (!closed.isEmpty()) {
            obstacles.explainClosed(part, closed);
        }
        return open;
    }

    private AddressSet follow(AddressSet part, Hop hop) {
        if (hop instanceof Itself) {
            paths.add(new Path(hop, part, Collections.emptySortedSet(), List.of()));
            return part;
        }
        if (hop instanceof OwnNetwork own) {
            if (KnownRanges.VIA6.contains(own.prefix())) {
                return AddressSet.empty();
            }
            AddressSet behind = own.prefix().isExitRoute()
                    ? part.intersect(traffic.state.settings().overlay().publicInternet())
                    : part;
            if (!behind.isEmpty()) {
                paths.add(new Path(hop, behind, Collections.emptySortedSet(), List.of()));
            }
            return behind;
        }
        AddressSet open = AddressSet.empty();
        SortedSet<RuleId> by = new TreeSet<>();
        Set<Traffic> passing = new LinkedHashSet<>();
        for (RuleMatch match : traffic.matchesAt(hop.node().orElseThrow())) {
            for (RuleMatch.Target target : match.targets()) {
                AddressSet opened = match.admitsSource() && traffic.admits(target)
                        ? target.destinations().intersect(part)
                        : AddressSet.empty();
                if (!opened.isEmpty()) {
                    open = open.union(opened);
                    by.add(match.rule());
                    target.traffic().stream().filter(traffic::goesThere).forEach(passing::add);
                }
            }
        }
        if (!open.isEmpty()) {
            paths.add(new Path(hop, open, by, List.copyOf(passing)));
        }
        return open;
    }
}
