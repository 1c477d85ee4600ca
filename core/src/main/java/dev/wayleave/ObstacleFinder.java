package dev.wayleave;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.access.engine.RuleEntry;
import dev.wayleave.access.engine.RuleMatch;
import dev.wayleave.explanation.Hop;
import dev.wayleave.explanation.Hop.OwnNetwork;
import dev.wayleave.explanation.Hop.Peer;
import dev.wayleave.explanation.Hop.Router;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.Obstacle;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.visibility.RouteAnswer.Given;
import dev.wayleave.visibility.Withheld;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out why traffic, or some of it, does not pass: what is missing, and which entries of the policy come nearest.
 */
final class ObstacleFinder {

    private final TracedTraffic traffic;
    private final NearRules near;
    private final Set<Obstacle> obstacles = new LinkedHashSet<>();

    ObstacleFinder(TracedTraffic traffic) {
        this.traffic = traffic;
        this.near = new NearRules(traffic);
    }

    /** The obstacles in the order in which they were found. */
    List<Obstacle> found() {
        return List.copyOf(obstacles);
    }

    /** The entries of the policy that nearly let the traffic in. */
    List<NearRule> nearest() {
        return near.nearest();
    }

    /** Explains the addresses of a part that no hop of it reaches. */
    void explainClosed(TrafficHops.DestinationPart part, AddressSet closed) {
        if (part.match().isExitRoute()) {
            explainClosedExits(part, closed);
        } else {
            part.hops().forEach(hop -> explainClosed(part, hop, closed));
        }
    }

    /**
     * Traffic without a narrower route goes to the exit node. Report a missing rule there only for public addresses.
     */
    private void explainClosedExits(TrafficHops.DestinationPart part, AddressSet closed) {
        AddressSet internet = traffic.state.settings().overlay().publicInternet();
        AddressSet asked = closed.intersect(internet);
        if (!asked.isEmpty()) {
            part.hops().forEach(hop -> explainClosed(part, hop, asked));
        }
        explain(closed.subtract(internet));
    }

    private void explainClosed(TrafficHops.DestinationPart part, Hop hop, AddressSet closed) {
        if (hop instanceof OwnNetwork) {
            Prefix asked = part.match().contains(traffic.destination) ? traffic.destination : part.match();
            Via6.of(asked).ifPresent(site -> obstacles.add(new Obstacle.OwnSite(site)));
            return;
        }
        obstacles.add(new Obstacle.NoRuleAt(hop));
        explainWithheld(closed, part.match().length());
        explainOverridden(hop, closed);
        near.findNear(hop.node().orElseThrow(), closed);
        if (hop instanceof Router router) {
            near.findOtherAddresses(router, closed);
        }
    }

    /** Explains the addresses to which the viewer has no way. */
    void explain(AddressSet unmatched) {
        if (unmatched.isEmpty()) {
            return;
        }
        AddressSet left = unmatched;
        for (NodeAccess node : traffic.rules.nodes()) {
            for (IpAddress address : node.routes().node().addresses()) {
                if (left.contains(address)) {
                    obstacles.add(new Obstacle.NotSeen(node.id()));
                    near.findNear(node.id(), AddressSet.of(address.toPrefix()));
                    left = left.subtract(AddressSet.of(address.toPrefix()));
                }
            }
        }
        left = left.subtract(explainWithheld(left, -1));
        AddressSet internet = traffic.state.settings().overlay().publicInternet();
        if (left.overlaps(internet)) {
            left = left.subtract(explainExits(left).intersect(internet));
        }
        left = left.subtract(explainUnapproved(left, internet));
        if (!left.isEmpty()) {
            obstacles.add(new Obstacle.NoRoute(left.overlaps(internet)));
        }
    }

    /**
     * Explains effective subnet routes to some addresses that the viewer does not get; returns what they cover. Of
     * those that hold the whole destination the longest counts.
     */
    @CanIgnoreReturnValue
    private AddressSet explainWithheld(AddressSet addresses, int longerThan) {
        List<PrefixAccess> withheld = traffic.rules.prefixes().stream()
                .filter(access -> access.prefix().length() > longerThan && addresses.overlaps(access.prefix()))
                .toList();
        int longest = withheld.stream()
                .map(PrefixAccess::prefix)
                .filter(prefix -> prefix.contains(traffic.destination))
                .mapToInt(Prefix::length)
                .max()
                .orElse(-1);
        List<Prefix> explained = new ArrayList<>();
        for (PrefixAccess access : withheld) {
            Prefix prefix = access.prefix();
            if (!prefix.contains(traffic.destination) || prefix.length() == longest) {
                explained.add(prefix);
                access.holders().forEach(holder -> explainWithheld(holder, prefix, addresses));
            }
        }
        return AddressSet.ofPrefixes(explained);
    }

    private void explainWithheld(NodeId holder, Prefix prefix, AddressSet addresses) {
        if (traffic.view.explain(holder, prefix) instanceof Withheld answer
                && !(answer.reason() instanceof Withheld.OwnRoute)) {
            obstacles.add(new Obstacle.RouteWithheld(holder, prefix, answer.reason()));
            near.findNear(holder, addresses);
        }
    }

    private AddressSet explainExits(AddressSet addresses) {
        Prefix exit = traffic.destination.isIpv4() ? KnownRanges.EXIT_IPV4 : KnownRanges.EXIT_IPV6;
        boolean found = false;
        for (NodeAccess node : traffic.rules.nodes()) {
            if (node.routes().effective().contains(exit) && !node.id().equals(traffic.viewer.id())) {
                found = true;
                explainWithheld(node.id(), exit, addresses);
            }
        }
        return found ? AddressSet.of(exit) : AddressSet.empty();
    }

    private AddressSet explainUnapproved(AddressSet addresses, AddressSet internet) {
        List<Prefix> explained = new ArrayList<>();
        for (NodeState node : traffic.state.nodes().values()) {
            for (Prefix prefix : node.advertised()) {
                boolean leads = prefix.isExitRoute()
                        ? prefix.isIpv4() == traffic.destination.isIpv4() && addresses.overlaps(internet)
                        : addresses.overlaps(prefix);
                if (leads && !node.effective().contains(prefix)) {
                    explained.add(prefix);
                    obstacles.add(new Obstacle.NotApproved(
                            node.id(),
                            prefix,
                            traffic.state.fields.autoApproval.review(node.facts(), prefix, node.approvals())));
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
    private void explainOverridden(Hop hop, AddressSet closed) {
        Optional<RuleId> plain = plainRule(hop);
        if (plain.isEmpty()) {
            return;
        }
        NodeId carrier = hop.node().orElseThrow();
        int length = hop.matchedPrefix().map(Prefix::length).orElse(traffic.destination.isIpv4() ? 32 : 128);
        for (NodeAccess other : traffic.rules.nodes()) {
            boolean hasWider = other.routes().effective().stream()
                    .anyMatch(prefix -> prefix.length() <= length && closed.overlaps(prefix));
            if (hasWider && !other.id().equals(carrier) && !other.id().equals(traffic.viewer.id())) {
                for (RuleMatch match : traffic.matchesAt(other.id())) {
                    if (!match.via().isEmpty() && opens(match, closed)) {
                        obstacles.add(new Obstacle.ViaOverridden(match.rule(), other.id(), plain.get(), carrier));
                    }
                }
            }
        }
    }

    /** The plain rule because of which the viewer sees a peer, or sends a route to its router. */
    private Optional<RuleId> plainRule(Hop hop) {
        Optional<RuleId> rule = Optional.empty();
        if (hop instanceof Peer peer) {
            rule = traffic.view.seenByRule(peer.peer());
        } else if (hop instanceof Router router) {
            rule = traffic.matchesAt(router.carrier(), router.prefix()).stream()
                    .filter(match -> match.admitsSource() && match.via().isEmpty())
                    .map(RuleMatch::rule)
                    .findFirst()
                    .or(() -> traffic.view.explain(router.carrier(), router.prefix()) instanceof Given given
                            ? given.reason().byRule()
                            : Optional.empty());
        }
        return rule.filter(found -> !hasVia(found));
    }

    private boolean opens(RuleMatch match, AddressSet addresses) {
        return match.admitsSource()
                && match.targets().stream()
                        .anyMatch(target ->
                                traffic.admits(target) && target.destinations().overlaps(addresses));
    }

    private boolean hasVia(RuleId rule) {
        return !RuleEntry.of(rule, traffic.state.policy()).via().isEmpty();
    }
}
