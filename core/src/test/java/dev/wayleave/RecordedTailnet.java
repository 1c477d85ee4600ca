package dev.wayleave;

import dev.wayleave.ConformanceCase.RecordedNode;
import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.ElectionRule;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.testing.NaiveOverlay;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.testing.NaiveVisibility;
import dev.wayleave.visibility.ViewerRoutes;
import dev.wayleave.visibility.engine.ElectedRoute;
import dev.wayleave.visibility.engine.Presences;
import dev.wayleave.visibility.engine.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * A recorded case run through the whole library: approval, election, access, visibility; the last two by the slow twin
 * too.
 */
final class RecordedTailnet {

    private final Visibility visibility;
    private final NaiveTailnet tailnet;
    private final Map<Prefix, ElectedRoute> elected = new TreeMap<>();
    private final Map<String, NodeId> ids = new HashMap<>();
    private final Map<NodeId, String> names = new HashMap<>();

    RecordedTailnet(ConformanceCase recorded) {
        SortedMap<String, SortedSet<Prefix>> effective = ApprovedRoutes.effective(recorded);
        List<NodeRoutes> nodes = new ArrayList<>();
        SortedMap<Prefix, List<Candidate>> candidates = new TreeMap<>();
        for (RecordedNode node : recorded.nodes()) {
            String name = node.node().name();
            ids.put(name, node.node().id());
            names.put(node.node().id(), name);
            NodeRoutes routes = new NodeRoutes(node.node(), effective.getOrDefault(name, new TreeSet<>()));
            nodes.add(routes);
            routes.effective().stream()
                    .filter(prefix -> !prefix.isExitRoute())
                    .forEach(prefix -> candidates
                            .computeIfAbsent(prefix, p -> new ArrayList<>())
                            .add(Candidate.of(node.node())));
        }
        candidates.forEach((prefix, running) -> {
            Outcome outcome = PrimaryElection.elect(prefix, running, null, ElectionRule.DEFAULT, Instant.EPOCH);
            elected.put(prefix, ElectedRoute.of(outcome.primary().orElse(null), running, ElectionRule.DEFAULT.order()));
        });
        this.tailnet = new NaiveTailnet(
                PolicyReader.read(recorded.policy()), recorded.users(), nodes, ExitRule.INTERNET, NaiveOverlay.DEFAULT);
        this.visibility = Visibility.of(tailnet.compile(), elected, Presences.NONE);
    }

    /** What the slow twin gives every viewer. */
    NaiveVisibility slowTwin() {
        return new NaiveVisibility(tailnet, elected);
    }

    AccessRules rules() {
        return visibility.rules();
    }

    NodeId id(String name) {
        return ids.get(name);
    }

    String name(NodeId id) {
        return names.get(id);
    }

    ViewerRoutes viewer(String name) {
        return visibility.viewer(id(name)).orElseThrow();
    }

    /** Hands out every recorded view with the name of its viewer. */
    static void forEachView(ConformanceCase recorded, BiConsumer<String, JsonNode> consumer) {
        recorded.expected().required("perViewer").forEachEntry(consumer);
    }
}
