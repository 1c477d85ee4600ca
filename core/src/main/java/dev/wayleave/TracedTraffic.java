package dev.wayleave;

import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.RuleMatch;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Traffic;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The traffic that is asked about, with the state, the rules and the view that decide what becomes of it. */
final class TracedTraffic {

    final RoutingState state;
    final AccessRules rules;
    final ViewerRoutes view;
    final Node viewer;
    final TrafficQuestion question;
    final Prefix destination;

    private final @Nullable IpAddress source;
    private final Map<NodeId, List<RuleMatch>> matches = new HashMap<>();

    TracedTraffic(RoutingViews views, ViewerRoutes view, TrafficQuestion question) {
        this.state = views.state();
        this.rules = views.visibility().rules();
        this.view = view;
        this.viewer = view.self().node();
        this.question = question;
        this.destination = question.destination();
        this.source = question.behind()
                .or(() -> destination.isIpv4() ? viewer.ipv4() : viewer.ipv6())
                .filter(address -> address.isIpv4() == destination.isIpv4())
                .orElse(null);
    }

    /** The address that sends; empty if the sender has none of the destination's family. */
    Optional<IpAddress> source() {
        return Optional.ofNullable(source);
    }

    /** How each entry of the policy applies to the traffic at a node; no entry where there is no sender. */
    List<RuleMatch> matchesAt(NodeId node) {
        return matches.computeIfAbsent(node, at -> matchesAt(at, destination));
    }

    /** How each entry of the policy applies to the sender's traffic to a prefix at a node. */
    List<RuleMatch> matchesAt(NodeId node, Prefix prefix) {
        return source == null ? List.of() : rules.matches(node, source, prefix);
    }

    boolean admits(RuleMatch.Target target) {
        Optional<Protocol> protocol = question.meantProtocol();
        if (protocol.isEmpty()) {
            return target.traffic().stream().anyMatch(this::goesThere);
        }
        return question.port().isEmpty()
                ? target.admits(protocol.get())
                : target.admits(protocol.get(), question.port().getAsInt());
    }

    /** Whether there is such traffic to an address of this family: no ping of the other family goes there. */
    boolean goesThere(Traffic traffic) {
        Protocol ofOtherFamily = destination.isIpv4() ? Protocol.IPV6_ICMP : Protocol.ICMP;
        return !traffic.protocol().equals(Optional.of(ofOtherFamily));
    }
}
