package dev.wayleave.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingViews;
import dev.wayleave.internal.json.Json;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import dev.wayleave.visibility.ViewChanges;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** A client that applies every difference has at each moment the netmap that a new client would get. */
@Domain(RoutingDomain.class)
class NetmapWriterPropertyTest {

    private final NetmapWriter writer = new NetmapWriter((viewer, node) -> Map.of("Key", "key " + node));

    @Provide
    static Arbitrary<Script> histories() {
        return RoutingArbitraries.scriptsUnderPolicies();
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void aClientThatAppliesEveryDifferenceHasTheWholeNetmap(@ForAll("histories") Script script) {
        RoutingViews views = RoutingViews.of(script.start());
        Map<NodeId, Client> clients = new TreeMap<>();
        for (Script.Moment moment : script.moments()) {
            RoutingViews next = views.after(Routing.step(views.state(), moment.submissions(), moment.at()));
            ViewChanges changes = next.changesSince(views);
            clients.keySet().retainAll(next.state().nodes().keySet());
            for (NodeId id : next.state().nodes().keySet()) {
                Optional<String> difference = writer.difference(next, changes, id);
                Client client = clients.computeIfAbsent(id, viewer -> new Client());
                if (views.state().node(id).isEmpty()) {
                    client.begin(writer.full(next, id).orElseThrow());
                } else {
                    difference.ifPresent(client::apply);
                }
                assertThat(client.fields)
                        .as("node %s after %s", id, difference)
                        .isEqualTo(new Client().begin(writer.full(next, id).orElseThrow()).fields);
            }
            views = next;
        }
    }

    /** What a client of the field does with the netmaps that it gets. */
    private static final class Client {

        private final Map<String, Object> fields = new TreeMap<>();
        private final Map<Object, Map<String, Object>> peers = new TreeMap<>();

        Client begin(String netmap) {
            Map<String, Object> whole = Json.readTree("netmap", netmap);
            assertThat(whole.keySet()).containsExactly("Node", "Peers", "PacketFilter");
            fields.put("Node", whole.get("Node"));
            fields.put("PacketFilter", whole.get("PacketFilter"));
            fields.put("Peers", peers);
            list(whole, "Peers").forEach(this::put);
            return this;
        }

        @SuppressWarnings("unchecked")
        private void put(Object peer) {
            Map<String, Object> node = new LinkedHashMap<>((Map<String, Object>) peer);
            peers.put(node.get("ID"), node);
        }

        private static List<?> list(Map<String, Object> netmap, String name) {
            return (List<?>) netmap.getOrDefault(name, List.of());
        }

        void apply(String difference) {
            Map<String, Object> changed = Json.readTree("difference", difference);
            assertThat(changed).isNotEmpty();
            Set<String> names = new HashSet<>(changed.keySet());
            names.removeAll(Set.of("Node", "PacketFilter", "PeersChanged", "PeersRemoved", "OnlineChange"));
            assertThat(names).isEmpty();
            for (String whole : List.of("Node", "PacketFilter")) {
                if (changed.containsKey(whole)) {
                    fields.put(whole, changed.get(whole));
                }
            }
            list(changed, "PeersRemoved").forEach(peers::remove);
            list(changed, "PeersChanged").forEach(this::put);
            ((Map<?, ?>) changed.getOrDefault("OnlineChange", Map.of()))
                    .forEach(
                            (id, online) -> peers.get(Long.valueOf((String) id)).put("Online", online));
        }
    }
}
