package dev.wayleave;

import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.explanation.Hop.Router;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.Reachability.Note;
import dev.wayleave.explanation.Reachability.Path;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes the notes beside an answer about traffic, for example that a carrier is offline. */
final class TrafficNotes {

    private final TracedTraffic traffic;

    TrafficNotes(TracedTraffic traffic) {
        this.traffic = traffic;
    }

    List<Note> notes(List<TrafficHops.DestinationPart> parts, List<Path> paths) {
        List<Note> notes = new ArrayList<>();
        traffic.question
                .protocol()
                .filter(asked -> !traffic.question.meantProtocol().equals(Optional.of(asked)))
                .ifPresent(asked -> notes.add(new Reachability.PingOfFamily(
                        asked, traffic.question.meantProtocol().orElseThrow())));
        Via6.of(traffic.destination).ifPresent(site -> notes.add(new Reachability.MapsToSite(site)));
        if (traffic.destination.isIpv4()) {
            sitesWith(traffic.destination)
                    .forEach((site, routers) -> notes.add(new Reachability.ExistsAtSite(site, routers)));
        }
        shownExits(parts).ifPresent(notes::add);
        SortedSet<NodeId> offline = new TreeSet<>();
        for (Path path : paths) {
            path.hop()
                    .node()
                    .flatMap(traffic.state::node)
                    .filter(node -> node.liveness() == Liveness.OFFLINE)
                    .ifPresent(node -> offline.add(node.id()));
        }
        offline.forEach(node -> notes.add(new Reachability.CarrierOffline(node)));
        return notes;
    }

    private Map<Via6, SortedSet<NodeId>> sitesWith(Prefix ipv4) {
        SortedMap<Prefix, SortedSet<NodeId>> found = new TreeMap<>();
        for (PrefixAccess access : traffic.rules.prefixes()) {
            Via6.of(access.prefix())
                    .filter(site -> site.ipv4().overlaps(ipv4))
                    .map(site -> new Via6(site.site(), site.ipv4().contains(ipv4) ? ipv4 : site.ipv4()))
                    .ifPresent(site -> found.computeIfAbsent(site.toPrefix(), p -> new TreeSet<>())
                            .addAll(access.holders()));
        }
        Map<Via6, SortedSet<NodeId>> sites = new LinkedHashMap<>();
        found.forEach((prefix, holders) -> sites.put(Via6.of(prefix).orElseThrow(), holders));
        return sites;
    }

    private Optional<Note> shownExits(List<TrafficHops.DestinationPart> parts) {
        boolean byRouter = parts.stream().flatMap(part -> part.hops().stream()).anyMatch(Router.class::isInstance);
        if (!byRouter
                || traffic.source().isEmpty()
                || !traffic.state.settings().overlay().publicInternet().overlaps(traffic.destination)) {
            return Optional.empty();
        }
        SortedSet<RuleId> by = new TreeSet<>();
        SortedSet<NodeId> exitNodes = new TreeSet<>();
        traffic.view.routes().forEach((peer, routes) -> {
            if (routes.exit().stream().anyMatch(exit -> exit.isIpv4() == traffic.destination.isIpv4())) {
                traffic.matchesAt(peer).stream()
                        .filter(match -> match.admitsSource()
                                && match.targets().stream()
                                        .anyMatch(each -> !each.traffic().isEmpty()))
                        .findFirst()
                        .ifPresent(match -> {
                            by.add(match.rule());
                            exitNodes.add(peer);
                        });
            }
        });
        return by.isEmpty() ? Optional.empty() : Optional.of(new Reachability.ExitNodesShown(by.first(), exitNodes));
    }
}
