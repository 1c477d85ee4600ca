package dev.wayleave;

import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.RuleEntry;
import dev.wayleave.access.engine.RuleMatch;
import dev.wayleave.explanation.Hop.Router;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.NearRule.Difference;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects the entries of the policy that nearly let the traffic in, each with what keeps it from doing so. */
final class NearRules {

    /** The most ways in which an entry may differ and still be called near. */
    private static final int MOST_DIFFERENCES = 2;

    private final TracedTraffic traffic;
    private final SortedMap<RuleId, List<Difference>> near = new TreeMap<>();

    NearRules(TracedTraffic traffic) {
        this.traffic = traffic;
    }

    /** The entries that differ in the fewest ways. */
    List<NearRule> nearest() {
        int fewest = near.values().stream().mapToInt(List::size).min().orElse(0);
        List<NearRule> nearest = new ArrayList<>();
        near.forEach((rule, differences) -> {
            if (differences.size() == fewest && fewest <= MOST_DIFFERENCES) {
                nearest.add(new NearRule(rule, differences));
            }
        });
        return nearest;
    }

    /** Adds the entries that are about some of the addresses at a node. */
    void findNear(NodeId node, AddressSet closed) {
        for (RuleMatch match : traffic.matchesAt(node)) {
            List<RuleMatch.Target> targets = match.targets().stream()
                    .filter(target -> target.destinations().overlaps(closed))
                    .toList();
            if (!targets.isEmpty()) {
                keepNearer(match.rule(), differences(match, targets));
            }
        }
    }

    private List<Difference> differences(RuleMatch match, List<RuleMatch.Target> targets) {
        List<Difference> differences = new ArrayList<>();
        if (!match.namesSource()) {
            differences.add(new NearRule.OtherSources(
                    RuleEntry.of(match.rule(), traffic.state.policy()).sources()));
        }
        if (!match.sameUser()) {
            differences.add(new NearRule.SameUserOnly());
        }
        if (!match.inForce()) {
            differences.add(new NearRule.ThroughTags(match.via(), tagged(match.via())));
        }
        if (targets.stream().noneMatch(traffic::admits)) {
            List<Traffic> open = targets.stream()
                    .flatMap(target -> target.traffic().stream())
                    .distinct()
                    .toList();
            differences.add(open.isEmpty() ? new NearRule.CapabilitiesOnly() : new NearRule.OtherTraffic(open));
        }
        return differences;
    }

    /** Adds the entries that open other addresses of the prefix at its router. */
    void findOtherAddresses(Router router, AddressSet closed) {
        for (RuleMatch match : traffic.matchesAt(router.carrier(), router.prefix())) {
            AddressSet open = match.targets().stream()
                    .filter(target -> match.admitsSource() && traffic.admits(target))
                    .map(RuleMatch.Target::destinations)
                    .reduce(AddressSet.empty(), AddressSet::union);
            if (!open.isEmpty() && !open.overlaps(closed)) {
                keepNearer(match.rule(), List.of(new NearRule.OtherAddresses(open)));
            }
        }
    }

    private void keepNearer(RuleId rule, List<Difference> differences) {
        List<Difference> known = near.get(rule);
        if (!differences.isEmpty() && (known == null || differences.size() < known.size())) {
            near.put(rule, differences);
        }
    }

    private SortedSet<NodeId> tagged(SortedSet<Tag> tags) {
        SortedSet<NodeId> tagged = new TreeSet<>();
        for (NodeAccess node : traffic.rules.nodes()) {
            if (tags.stream().anyMatch(node.routes().node()::hasTag)) {
                tagged.add(node.id());
            }
        }
        return tagged;
    }
}
