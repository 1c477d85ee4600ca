package dev.wayleave.examples.cli;

import dev.wayleave.Explanation;
import dev.wayleave.RoutingSettings;
import dev.wayleave.access.AccessRules;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.ElectionRule;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.visibility.ElectedRoute;
import dev.wayleave.visibility.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the library decides about a tailnet that starts with the administrator's approvals and no incumbents. */
final class Decisions {

    // A file is one moment: no decision here depends on when it was.
    private static final Instant NOW = Instant.EPOCH;
    private static final RoutingSettings SETTINGS = RoutingSettings.DEFAULT;
    private static final Actor ADMINISTRATOR = new Actor("administrator");

    private final Tailnet tailnet;
    private final AutoApproval policy;
    private final Map<NodeId, Approvals> byHand = new TreeMap<>();
    private final Map<NodeId, Approvals> approvals = new TreeMap<>();
    private final SortedMap<Prefix, Outcome> outcomes = new TreeMap<>();
    private final SortedMap<Prefix, ElectedRoute> elected = new TreeMap<>();

    Decisions(Tailnet tailnet) {
        this.tailnet = tailnet;
        policy = AutoApproval.compile(tailnet.policy(), tailnet.users());
        SortedMap<Prefix, List<Candidate>> candidates = new TreeMap<>();
        for (Device device : tailnet.devices()) {
            Node node = device.node();
            Approvals given = Approvals.none()
                    .approve(device.approvedByHand(), ADMINISTRATOR, NOW, SETTINGS.approval())
                    .next();
            byHand.put(node.id(), given);
            approvals.put(
                    node.id(),
                    given.autoApprove(node.owner(), device.advertised(), policy, NOW)
                            .next());
            for (Prefix prefix : effective(device)) {
                if (!prefix.isExitRoute()) {
                    List<Candidate> running = candidates.computeIfAbsent(prefix, p -> new ArrayList<>());
                    candidate(device).ifPresent(running::add);
                }
            }
        }
        candidates.forEach((prefix, running) -> {
            ElectionRule rule = SETTINGS.election();
            Outcome outcome = PrimaryElection.elect(prefix, running, Optional.empty(), rule, NOW);
            outcomes.put(prefix, outcome);
            elected.put(prefix, ElectedRoute.of(outcome, running, rule.order()));
        });
    }

    private static Optional<Candidate> candidate(Device device) {
        if (device.liveness() == Liveness.OFFLINE) {
            return Optional.empty();
        }
        Node node = device.node();
        return Optional.of(Candidate.builder(node.id(), node.registeredAt())
                .candidateClass(CandidateClass.of(false, device.health(), false))
                .inGrace(device.liveness() == Liveness.GRACE)
                .build());
    }

    /** The rules that hold at every node. */
    AccessRules rules() {
        return rules(tailnet.policy());
    }

    /** The rules that another policy would make hold, if the same routes were effective. */
    AccessRules rules(RoutingPolicy other) {
        List<NodeRoutes> nodes = tailnet.devices().stream()
                .map(device -> new NodeRoutes(device.node(), effective(device)))
                .toList();
        return AccessRules.compile(other, tailnet.users(), nodes, tailnet.overlay(), SETTINGS.exit());
    }

    /** What every node is told. */
    Visibility visibility() {
        return Visibility.of(rules(), elected);
    }

    /** Why a prefix is or is not approved on a node, or would be if the node advertised it. */
    Verdict verdict(Device device, Prefix prefix) {
        return policy.review(device.node(), prefix, at(device, byHand));
    }

    /** What the library would explain, if the nodes advertised and reported what the file says. */
    Explanation explanation(Device device, Prefix prefix) {
        List<Explanation.Holder> holders = tailnet.devices().stream()
                .filter(each -> effective(each).contains(prefix))
                .map(each -> new Explanation.Holder(
                        each.node().id(),
                        each.node().name(),
                        each.liveness(),
                        CandidateClass.of(false, each.health(), false),
                        Optional.empty()))
                .toList();
        return new Explanation(
                prefix,
                device.node().id(),
                device.advertised().contains(prefix),
                policy.review(device.node(), prefix, at(device, approvals)),
                holders,
                outcome(prefix));
    }

    private static Approvals at(Device device, Map<NodeId, Approvals> all) {
        return Objects.requireNonNull(all.get(device.node().id()));
    }

    /** Everything that is approved, advertised or not. */
    SortedSet<Prefix> approved(Device device) {
        return new TreeSet<>(at(device, approvals).approved().keySet());
    }

    SortedSet<Prefix> effective(Device device) {
        return at(device, approvals).effective(device.advertised());
    }

    /** What the node carries: the subnet prefixes that it is primary for, and its exit routes. */
    SortedSet<Prefix> serving(Device device) {
        SortedSet<Prefix> serving = new TreeSet<>();
        for (Prefix prefix : effective(device)) {
            if (prefix.isExitRoute() || isPrimary(device, prefix)) {
                serving.add(prefix);
            }
        }
        return serving;
    }

    private boolean isPrimary(Device device, Prefix prefix) {
        return primary(prefix).filter(device.node().id()::equals).isPresent();
    }

    /** The subnet prefixes that are effective somewhere. */
    Set<Prefix> prefixes() {
        return Collections.unmodifiableSet(outcomes.keySet());
    }

    Optional<NodeId> primary(Prefix prefix) {
        return outcome(prefix).flatMap(Outcome::primary);
    }

    /** How the election of a subnet prefix went; empty if it is effective nowhere. */
    Optional<Outcome> outcome(Prefix prefix) {
        return Optional.ofNullable(outcomes.get(prefix));
    }
}
