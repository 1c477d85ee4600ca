package dev.wayleave.access.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.visibility.engine.Tailnets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Rules that follow other routes, against those compiled from nothing. */
class RouteCompilerPropertyTest {

    @Property(tries = 1_000)
    void equalsTheRulesCompiledFromNothing(@ForAll long seed) {
        List<Tailnets.Elected> steps = Tailnets.withOtherRoutes(new Random(seed), 4);
        AccessRules rules = steps.get(0).tailnet().compile();
        for (Tailnets.Elected step : steps) {
            AccessRules before = rules;
            // Filters keep what they have found out of sources, so those before are written first.
            assertThat(text(before)).isNotEmpty();
            rules = before.withRoutes(routes(step.tailnet()));
            assertThat(rules.hasNodesOf(before)).isTrue();
            assertThat(text(rules)).isEqualTo(text(step.tailnet().compile()));
        }
    }

    @Property(tries = 300)
    void sharesEveryNodeOfWhichNothingChanged(@ForAll long seed) {
        List<Tailnets.Elected> steps = Tailnets.withOtherRoutes(new Random(seed), 1);
        AccessRules before = steps.get(0).tailnet().compile();
        AccessRules after = before.withRoutes(routes(steps.get(1).tailnet()));
        // Nodes outside the overlay are found by routes, and change what these say of their holders.
        boolean outside = before.nodes().stream()
                .flatMap(node -> node.routes().node().addresses().stream())
                .anyMatch(address -> !before.index.overlay.contains(address));
        for (int place = 0; !outside && place < before.nodes().size(); place++) {
            NodeAccess previous = before.nodes().get(place);
            NodeAccess current = after.nodes().get(place);
            assertThat(current == previous).isEqualTo(current.routes().equals(previous.routes()));
        }
        assertThat(before.withRoutes(routes(steps.get(0).tailnet()))).isSameAs(before);
    }

    @Example
    void aNodeThatIsNotThereIsRefused() {
        AccessRules rules = Tailnets.of(new Random(1)).tailnet().compile();
        SortedMap<NodeId, SortedSet<Prefix>> unknown = new TreeMap<>();
        unknown.put(new NodeId(99), new TreeSet<>());
        assertThatThrownBy(() -> rules.withRoutes(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node 99 is not in the tailnet: compile the rules of all nodes");
    }

    private static SortedMap<NodeId, SortedSet<Prefix>> routes(NaiveTailnet tailnet) {
        SortedMap<NodeId, SortedSet<Prefix>> routes = new TreeMap<>();
        tailnet.nodes().forEach(node -> routes.put(node.node().id(), node.effective()));
        return routes;
    }

    /** Everything that rules say, as text. */
    private static String text(AccessRules rules) {
        List<String> lines = new ArrayList<>();
        for (PrefixAccess prefix : rules.prefixes()) {
            lines.add(prefix + " sources " + prefix.prefixSourceRules() + " plain " + prefix.plain() + " via "
                    + prefix.via + " steering " + prefix.viaRules() + " public " + prefix.isPublic);
        }
        for (NodeAccess node : rules.nodes()) {
            lines.add(node + " " + node.routes().effective() + " named " + node.naming + " exit " + node.exit()
                    + " steered " + node.steeredExitRules() + " reachable " + node.reachable + " filter "
                    + rules.explainedFilter(node.id()));
        }
        return String.join("\n", lines);
    }
}
