package dev.wayleave;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.access.engine.RuleMatch;
import dev.wayleave.explanation.Hop;
import dev.wayleave.explanation.Hop.ExitNode;
import dev.wayleave.explanation.Hop.Itself;
import dev.wayleave.explanation.Hop.OwnNetwork;
import dev.wayleave.explanation.Hop.Peer;
import dev.wayleave.explanation.Hop.Router;
import dev.wayleave.explanation.Missing;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.NearRule.Difference;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.Reachability.Note;
import dev.wayleave.explanation.Reachability.Path;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.ViewerRoutes;
import dev.wayleave.visibility.Withheld;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
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

    private final RoutingState state;
    private final AccessRules rules;
    private final ViewerRoutes view;
    private final Node viewer;
    private final TrafficQuestion question;
    private final Prefix destination;

    private final List<Path> paths = new ArrayList<>();
    private final Set<Missing> missing = new LinkedHashSet<>();
    private final SortedMap<RuleId, List<Difference>> near = new TreeMap<>();
    private final Map<NodeId, List<RuleMatch>> matches = new HashMap<>();

    TrafficTracer(RoutingViews views, ViewerRoutes view, TrafficQuestion question) {
        this.state = views.state();
        this.rules = views.visibility().rules();
        this.view = view;
        this.viewer = view.self().node();
        this.question = question;
        this.destination = question.destination();
    }

    /** A part of the destination, and the hops that are equally good for it. */
    private record Stretch(Prefix match, AddressSet part, List<Hop> hops) {}

    Reachability trace() {
        Optional<IpAddress> source = source();
        if (source.isEmpty()) {
            return new Reachability.No(
                    question, endpoints(), List.of(new Missing.NoAddressOfFamily()), List.of(), notes(List.of()));
        }
        Tracing tracing = new Tracing(source.get());
        List<Stretch> stretches = stretches();
        List<AddressSet> open = new ArrayList<>();
        AddressSet unmatched = AddressSet.of(destination);
        for (Stretch stretch : stretches) {
            open.add(tracing.follow(stretch));
            unmatched = unmatched.subtract(stretch.part());
        }
        tracing.explain(unmatched);
        AddressSet reachable = open.stream().reduce(AddressSet.empty(), AddressSet::union);
        List<Note> notes = notes(stretches);
        if (reachable.contains(destination)) {
            return new Reachability.Yes(question, endpoints(), paths, notes);
        }
        return reachable.isEmpty()
                ? new Reachability.No(question, endpoints(), List.copyOf(missing), nearest(), notes)
                : new Reachability.Partly(
                        question, endpoints(), reachable, paths, List.copyOf(missing), nearest(), notes);
    }

    private Reachability.Endpoints endpoints() {
        NodeId there = state.nodes().values().stream()
                .filter(node -> destination.isSingleAddress()
                        && node.facts().addresses().contains(destination.first()))
                .map(NodeState::id)
                .findFirst()
                .orElse(null);
        return new Reachability.Endpoints(viewer.addresses(), there);
    }

    private Optional<IpAddress> source() {
        Optional<IpAddress> source = question.behind().or(() -> destination.isIpv4() ? viewer.ipv4() : viewer.ipv6());
        return source.filter(address -> address.isIpv4() == destination.isIpv4());
    }

    // Hops

    /** The parts of the destination that match something, the longest match first. */
    private List<Stretch> stretches() {
        SortedMap<Prefix, List<Hop>> matching = new TreeMap<>();
        viewer.addresses().forEach(address -> match(matching, address.toPrefix(), new Itself()));
        for (Prefix own : view.self().effective()) {
            if (!own.isExitRoute()) {
                match(matching, own, new OwnNetwork(own));
            }
        }
        for (NodeAccess peer : rules.nodes()) {
            for (IpAddress address : peer.routes().node().addresses()) {
                if (destination.contains(address) && view.sees(peer.id())) {
                    match(matching, address.toPrefix(), new Peer(peer.id()));
                }
            }
        }
        view.routes().forEach((peer, routes) -> {
            for (Prefix route : routes.primary()) {
                match(matching, route, new Router(peer, route, isPrimary(peer, route)));
            }
            for (Prefix route : routes.exit()) {
                match(matching, route, new ExitNode(peer, route));
            }
        });
        List<Stretch> stretches = divide(matching);
        stretches.sort(
                Comparator.comparing((Stretch stretch) -> -stretch.match().length())
                        .thenComparing(Stretch::match));
        return stretches;
    }

    /** What the viewer has itself goes before what peers have; only exit nodes share a prefix. */
    private void match(SortedMap<Prefix, List<Hop>> matching, Prefix prefix, Hop hop) {
        if (prefix.overlaps(destination)) {
            List<Hop> hops = matching.computeIfAbsent(prefix, p -> new ArrayList<>());
            if (hops.isEmpty() || hop instanceof ExitNode) {
                hops.add(hop);
            }
        }
    }

    private boolean isPrimary(NodeId peer, Prefix route) {
        return state.primary(route).filter(peer::equals).isPresent();
    }

    /** Leaves each prefix what no longer one takes. In the order of prefixes, what lies inside one follows it. */
    private List<Stretch> divide(SortedMap<Prefix, List<Hop>> matching) {
        List<Stretch> stretches = new ArrayList<>();
        Map<Prefix, List<Prefix>> inside = new HashMap<>();
        Deque<Prefix> around = new ArrayDeque<>();
        for (Prefix prefix : matching.keySet()) {
            while (!around.isEmpty() && !around.peek().contains(prefix)) {
                around.pop();
            }
            if (!around.isEmpty()) {
                inside.computeIfAbsent(around.peek(), p -> new ArrayList<>()).add(prefix);
            }
            around.push(prefix);
        }
        matching.forEach((prefix, hops) -> {
            AddressSet taken = AddressSet.ofPrefixes(inside.getOrDefault(prefix, List.of()));
            AddressSet part = AddressSet.of(prefix.contains(destination) ? destination : prefix)
                    .subtract(taken);
            if (!part.isEmpty()) {
                stretches.add(new Stretch(prefix, part, hops));
            }
        });
        return stretches;
    }

    /** Follows the traffic of one address that sends. */
    private final class Tracing {

        private final IpAddress source;

        Tracing(IpAddress source) {
            this.source = source;
        }

        /** Takes down the ways that a stretch has, or why it has none, and returns what is open of it. */
        AddressSet follow(Stretch stretch) {
            AddressSet open = AddressSet.empty();
            for (Hop hop : stretch.hops()) {
                open = open.union(follow(stretch.part(), hop));
            }
            AddressSet closed = stretch.part().subtract(open);
            if (!closed.isEmpty() && stretch.match().isExitRoute()) {
                explainClosedExits(stretch, closed);
            } else if (!closed.isEmpty()) {
                stretch.hops().forEach(hop -> explainClosed(stretch, hop, closed));
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
                paths.add(new Path(hop, part, Collections.emptySortedSet(), List.of()));
                return part;
            }
            AddressSet open = AddressSet.empty();
            SortedSet<RuleId> by = new TreeSet<>();
            Set<Traffic> traffic = new LinkedHashSet<>();
            for (RuleMatch match : matchesAt(hop.node().orElseThrow())) {
                for (RuleMatch.Opening opening : match.openings()) {
                    AddressSet opened = match.admitsSource() && admits(opening)
                            ? opening.destinations().intersect(part)
                            : AddressSet.empty();
                    if (!opened.isEmpty()) {
                        open = open.union(opened);
                        by.add(match.rule());
                        opening.traffic().stream()
                                .filter(TrafficTracer.this::goesThere)
                                .forEach(traffic::add);
                    }
                }
            }
            if (!open.isEmpty()) {
                paths.add(new Path(hop, open, by, List.copyOf(traffic)));
            }
            return open;
        }

        private List<RuleMatch> matchesAt(NodeId node) {
            return matches.computeIfAbsent(node, at -> rules.matches(at, source, destination));
        }

        // What is missing

        /**
         * An exit node takes whatever nothing narrower does; only for public addresses is a rule there what is missing.
         */
        private void explainClosedExits(Stretch stretch, AddressSet closed) {
            AddressSet internet = state.settings().overlay().publicInternet();
            AddressSet asked = closed.intersect(internet);
            if (!asked.isEmpty()) {
                stretch.hops().forEach(hop -> explainClosed(stretch, hop, asked));
            }
            explain(closed.subtract(internet));
        }

        private void explainClosed(Stretch stretch, Hop hop, AddressSet closed) {
            if (hop instanceof OwnNetwork) {
                Prefix asked = stretch.match().contains(destination) ? destination : stretch.match();
                Via6.of(asked).ifPresent(site -> missing.add(new Missing.OwnSite(site)));
                return;
            }
            missing.add(new Missing.NoRuleAt(hop));
            explainWithheld(closed, stretch.match().length());
            explainLifted(hop, closed);
            findNear(hop.node().orElseThrow(), closed);
            if (hop instanceof Router router) {
                findOtherAddresses(router, closed);
            }
        }

        /** Explains the addresses to which the viewer has no way. */
        void explain(AddressSet unmatched) {
            if (unmatched.isEmpty()) {
                return;
            }
            AddressSet left = unmatched;
            for (NodeAccess node : rules.nodes()) {
                for (IpAddress address : node.routes().node().addresses()) {
                    if (left.contains(address)) {
                        missing.add(new Missing.NotSeen(node.id()));
                        findNear(node.id(), AddressSet.of(address.toPrefix()));
                        left = left.subtract(AddressSet.of(address.toPrefix()));
                    }
                }
            }
            left = left.subtract(explainWithheld(left, -1));
            AddressSet internet = state.settings().overlay().publicInternet();
            if (left.overlaps(internet)) {
                left = left.subtract(explainExits(left).intersect(internet));
            }
            left = left.subtract(explainUnapproved(left, internet));
            if (!left.isEmpty()) {
                missing.add(new Missing.NoRoute(left.overlaps(internet)));
            }
        }

        /**
         * Explains effective subnet routes to some addresses that the viewer does not get; returns what they cover. Of
         * those that hold the whole destination the longest counts.
         */
        @CanIgnoreReturnValue
        private AddressSet explainWithheld(AddressSet addresses, int longerThan) {
            List<PrefixAccess> withheld = rules.prefixes().stream()
                    .filter(access -> access.prefix().length() > longerThan && addresses.overlaps(access.prefix()))
                    .toList();
            int longest = withheld.stream()
                    .map(PrefixAccess::prefix)
                    .filter(prefix -> prefix.contains(destination))
                    .mapToInt(Prefix::length)
                    .max()
                    .orElse(-1);
            List<Prefix> explained = new ArrayList<>();
            for (PrefixAccess access : withheld) {
                Prefix prefix = access.prefix();
                if (!prefix.contains(destination) || prefix.length() == longest) {
                    explained.add(prefix);
                    access.holders().forEach(holder -> explainWithheld(holder, prefix, addresses));
                }
            }
            return AddressSet.ofPrefixes(explained);
        }

        private void explainWithheld(NodeId holder, Prefix prefix, AddressSet addresses) {
            if (view.explain(holder, prefix) instanceof Withheld answer
                    && !(answer.reason() instanceof Withheld.OwnRoute)) {
                missing.add(new Missing.RouteWithheld(holder, prefix, answer.reason()));
                findNear(holder, addresses);
            }
        }

        private AddressSet explainExits(AddressSet addresses) {
            Prefix exit = destination.isIpv4() ? KnownRanges.EXIT_IPV4 : KnownRanges.EXIT_IPV6;
            boolean found = false;
            for (NodeAccess node : rules.nodes()) {
                if (node.routes().effective().contains(exit) && !node.id().equals(viewer.id())) {
                    found = true;
                    explainWithheld(node.id(), exit, addresses);
                }
            }
            return found ? AddressSet.of(exit) : AddressSet.empty();
        }

        private AddressSet explainUnapproved(AddressSet addresses, AddressSet internet) {
            List<Prefix> explained = new ArrayList<>();
            for (NodeState node : state.nodes().values()) {
                for (Prefix prefix : node.advertised()) {
                    boolean leads = prefix.isExitRoute()
                            ? prefix.isIpv4() == destination.isIpv4() && addresses.overlaps(internet)
                            : addresses.overlaps(prefix);
                    if (leads && !node.effective().contains(prefix)) {
                        explained.add(prefix);
                        missing.add(new Missing.NotApproved(
                                node.id(),
                                prefix,
                                state.autoApproval().review(node.facts(), prefix, node.approvals())));
                    }
                }
            }
            AddressSet covered = AddressSet.ofPrefixes(explained);
            return explained.stream().anyMatch(Prefix::isExitRoute) ? covered.intersect(internet) : covered;
        }

        /**
         * Finds the rules with via that would let the traffic in at another router, if the viewer did not have this hop
         * because of a plain rule.
         */
        private void explainLifted(Hop hop, AddressSet closed) {
            Optional<RuleId> plain = plainRule(hop);
            if (plain.isEmpty()) {
                return;
            }
            NodeId carrier = hop.node().orElseThrow();
            int length = hop.route().map(Prefix::length).orElse(destination.isIpv4() ? 32 : 128);
            for (NodeAccess other : rules.nodes()) {
                boolean hasWider = other.routes().effective().stream()
                        .anyMatch(prefix -> prefix.length() <= length && closed.overlaps(prefix));
                if (hasWider && !other.id().equals(carrier) && !other.id().equals(viewer.id())) {
                    for (RuleMatch match : matchesAt(other.id())) {
                        if (!match.via().isEmpty() && opens(match, closed)) {
                            missing.add(new Missing.SteeringLifted(match.rule(), other.id(), plain.get(), carrier));
                        }
                    }
                }
            }
        }

        /** The plain rule because of which the viewer sees a peer, or sends a route to its router. */
        private Optional<RuleId> plainRule(Hop hop) {
            Optional<RuleId> rule = Optional.empty();
            if (hop instanceof Peer peer) {
                rule = view.seenByRule(peer.peer());
            } else if (hop instanceof Router router) {
                rule = rules.matches(router.carrier(), source, router.prefix()).stream()
                        .filter(match -> match.admitsSource() && match.via().isEmpty())
                        .map(RuleMatch::rule)
                        .findFirst()
                        .or(() -> ruleOf(view.explain(router.carrier(), router.prefix())));
            }
            return rule.filter(found -> !hasVia(found));
        }

        private Optional<RuleId> ruleOf(RouteAnswer answer) {
            if (answer instanceof RouteAnswer.Given given) {
                if (given.reason() instanceof RouteAnswer.Admitted admitted) {
                    return Optional.of(admitted.rule());
                }
                if (given.reason() instanceof RouteAnswer.ReturnPath back) {
                    return Optional.of(back.rule());
                }
            }
            return Optional.empty();
        }

        private boolean opens(RuleMatch match, AddressSet addresses) {
            return match.admitsSource()
                    && match.openings().stream()
                            .anyMatch(opening ->
                                    admits(opening) && opening.destinations().overlaps(addresses));
        }

        // What is near

        private void findNear(NodeId node, AddressSet closed) {
            for (RuleMatch match : matchesAt(node)) {
                List<RuleMatch.Opening> openings = match.openings().stream()
                        .filter(opening -> opening.destinations().overlaps(closed))
                        .toList();
                if (!openings.isEmpty()) {
                    keepNearer(match.rule(), differences(match, openings));
                }
            }
        }

        private List<Difference> differences(RuleMatch match, List<RuleMatch.Opening> openings) {
            List<Difference> differences = new ArrayList<>();
            if (!match.namesSource()) {
                differences.add(new NearRule.OtherSources(sources(match.rule())));
            }
            if (!match.sameUser()) {
                differences.add(new NearRule.SameUserOnly());
            }
            if (!match.inForce()) {
                differences.add(new NearRule.ThroughTags(match.via(), tagged(match.via())));
            }
            if (openings.stream().noneMatch(TrafficTracer.this::admits)) {
                List<Traffic> open = openings.stream()
                        .flatMap(opening -> opening.traffic().stream())
                        .distinct()
                        .toList();
                differences.add(open.isEmpty() ? new NearRule.CapabilitiesOnly() : new NearRule.OtherTraffic(open));
            }
            return differences;
        }

        private void findOtherAddresses(Router router, AddressSet closed) {
            for (RuleMatch match : rules.matches(router.carrier(), source, router.prefix())) {
                AddressSet open = match.openings().stream()
                        .filter(opening -> match.admitsSource() && admits(opening))
                        .map(RuleMatch.Opening::destinations)
                        .reduce(AddressSet.empty(), AddressSet::union);
                if (!open.isEmpty() && !open.overlaps(closed)) {
                    keepNearer(match.rule(), List.of(new NearRule.OtherAddresses(open)));
                }
            }
        }
    }

    private void keepNearer(RuleId rule, List<Difference> differences) {
        List<Difference> known = near.get(rule);
        if (!differences.isEmpty() && (known == null || differences.size() < known.size())) {
            near.put(rule, differences);
        }
    }

    /** The most ways in which an entry may differ and still be called near. */
    private static final int MOST_DIFFERENCES = 2;

    private List<NearRule> nearest() {
        int fewest = near.values().stream().mapToInt(List::size).min().orElse(0);
        List<NearRule> nearest = new ArrayList<>();
        near.forEach((rule, differences) -> {
            if (differences.size() == fewest && fewest <= MOST_DIFFERENCES) {
                nearest.add(new NearRule(rule, differences));
            }
        });
        return nearest;
    }

    private boolean admits(RuleMatch.Opening opening) {
        Optional<Protocol> protocol = question.meantProtocol();
        if (protocol.isEmpty()) {
            return opening.traffic().stream().anyMatch(this::goesThere);
        }
        return question.port().isEmpty()
                ? opening.admits(protocol.get())
                : opening.admits(protocol.get(), question.port().getAsInt());
    }

    /** Whether there is such traffic to an address of this family: no ping of the other family goes there. */
    private boolean goesThere(Traffic traffic) {
        Protocol ofOtherFamily = destination.isIpv4() ? Protocol.IPV6_ICMP : Protocol.ICMP;
        return !traffic.protocol().equals(Optional.of(ofOtherFamily));
    }

    private List<Selector> sources(RuleId rule) {
        RoutingPolicy policy = state.policy();
        return switch (rule.section()) {
            case GRANTS ->
                policy.grants()
                        .map(grants -> grants.get(rule.index()))
                        .map(Grant::sources)
                        .orElse(List.of());
            case ACLS ->
                policy.acls()
                        .map(acls -> acls.get(rule.index()))
                        .map(AclRule::sources)
                        .orElse(List.of());
            case DEFAULT -> List.of(new Selector.Everything());
        };
    }

    private boolean hasVia(RuleId rule) {
        return rule.section() == RuleId.Section.GRANTS
                && state.policy()
                        .grants()
                        .filter(grants -> !grants.get(rule.index()).via().isEmpty())
                        .isPresent();
    }

    private SortedSet<NodeId> tagged(SortedSet<Tag> tags) {
        SortedSet<NodeId> tagged = new TreeSet<>();
        for (NodeAccess node : rules.nodes()) {
            if (node.routes().node().owner() instanceof Owner.Tagged owner
                    && !Collections.disjoint(owner.tags(), tags)) {
                tagged.add(node.id());
            }
        }
        return tagged;
    }

    // Notes

    private List<Note> notes(List<Stretch> stretches) {
        List<Note> notes = new ArrayList<>();
        question.protocol()
                .filter(asked -> !question.meantProtocol().equals(Optional.of(asked)))
                .ifPresent(asked -> notes.add(new Reachability.PingOfFamily(
                        asked, question.meantProtocol().orElseThrow())));
        Via6.of(destination).ifPresent(site -> notes.add(new Reachability.MapsToSite(site)));
        if (destination.isIpv4()) {
            sitesWith(destination).forEach((site, routers) -> notes.add(new Reachability.ExistsAtSite(site, routers)));
        }
        shownExits(stretches).ifPresent(notes::add);
        SortedSet<NodeId> offline = new TreeSet<>();
        for (Path path : paths) {
            path.hop()
                    .node()
                    .flatMap(state::node)
                    .filter(node -> node.liveness() == Liveness.OFFLINE)
                    .ifPresent(node -> offline.add(node.id()));
        }
        offline.forEach(node -> notes.add(new Reachability.CarrierOffline(node)));
        return notes;
    }

    private Map<Via6, SortedSet<NodeId>> sitesWith(Prefix ipv4) {
        SortedMap<Prefix, SortedSet<NodeId>> found = new TreeMap<>();
        for (PrefixAccess access : rules.prefixes()) {
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

    private Optional<Note> shownExits(List<Stretch> stretches) {
        boolean byRouter =
                stretches.stream().flatMap(stretch -> stretch.hops().stream()).anyMatch(Router.class::isInstance);
        Optional<IpAddress> source = source();
        if (!byRouter
                || source.isEmpty()
                || !state.settings().overlay().publicInternet().overlaps(destination)) {
            return Optional.empty();
        }
        SortedSet<RuleId> by = new TreeSet<>();
        SortedSet<NodeId> exitNodes = new TreeSet<>();
        view.routes().forEach((peer, routes) -> {
            if (routes.exit().stream().anyMatch(exit -> exit.isIpv4() == destination.isIpv4())) {
                rules.matches(peer, source.get(), destination).stream()
                        .filter(match -> match.admitsSource()
                                && match.openings().stream()
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
