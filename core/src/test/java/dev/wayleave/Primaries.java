package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.ConformanceCase.RecordedNode;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.ElectionRule;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Who carries each effective subnet prefix when all nodes have just come online. */
final class Primaries implements ConformanceKind {

    @Override
    public String name() {
        return "primaries";
    }

    @Override
    public boolean concerns(ConformanceCase recorded) {
        return recorded.expected().has("primaries");
    }

    @Override
    public void check(ConformanceCase recorded) {
        SortedMap<Prefix, String> expected = new TreeMap<>();
        recorded.expected()
                .get("primaries")
                .forEachEntry((prefix, node) -> expected.put(Prefix.parse(prefix), node.stringValue()));
        assertThat(elected(recorded)).as("primary of each subnet prefix").isEqualTo(expected);
    }

    /** The name of the primary of each subnet prefix that is effective somewhere. */
    static SortedMap<Prefix, String> elected(ConformanceCase recorded) {
        SortedMap<String, SortedSet<Prefix>> effective = ApprovedRoutes.effective(recorded);
        SortedMap<Prefix, List<Candidate>> candidates = new TreeMap<>();
        for (RecordedNode recordedNode : recorded.nodes()) {
            for (Prefix route : effective.getOrDefault(recordedNode.node().name(), new TreeSet<>())) {
                if (!route.isExitRoute()) {
                    candidates
                            .computeIfAbsent(route, prefix -> new ArrayList<>())
                            .add(Candidate.of(recordedNode.node()));
                }
            }
        }
        Map<NodeId, String> names = recorded.nodes().stream()
                .collect(Collectors.toMap(
                        node -> node.node().id(), node -> node.node().name()));
        SortedMap<Prefix, String> elected = new TreeMap<>();
        candidates.forEach(
                (route, running) -> PrimaryElection.elect(route, running, null, ElectionRule.DEFAULT, Instant.EPOCH)
                        .primary()
                        .ifPresent(winner -> elected.put(route, names.get(winner))));
        return elected;
    }
}
