package dev.wayleave.examples.cli.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingViews;
import dev.wayleave.examples.cli.RawServer;
import dev.wayleave.json.NetmapWriter;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From what the APIs of a real control plane answered, each of its six clients gets what it got there. */
class LiveNetmapsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Headscale does not send these two their own routes, as the recorded Tailscale does. */
    private static final Set<String> WITHOUT_OWN_ROUTES = Set.of("r1", "r2");

    private record View(Set<String> self, Map<String, Set<String>> peers, Map<String, AddressSet> filter) {}

    @Test
    void headscalesApiLeadsToTheRecordedNetmaps() throws IOException {
        try (RawServer server = LiveDocuments.serve()) {
            assertThat(views(new HeadscaleSource(server.url(), "key", PATIENCE, null)))
                    .isEqualTo(recorded());
        }
    }

    @Test
    void tailscalesApiLeadsToTheRecordedNetmaps() throws IOException {
        try (RawServer server = LiveDocuments.serve()) {
            assertThat(views(TailscaleSource.of(server.url(), "-", "key", PATIENCE, null)))
                    .isEqualTo(recorded());
        }
    }

    private static Map<String, View> views(ApiSource source) {
        RoutingViews views = source.read().views();
        Map<String, View> result = new TreeMap<>();
        views.state().nodes().keySet().forEach(id -> {
            JsonNode netmap = JsonMapper.shared()
                    .readTree(new NetmapWriter().full(views, id).orElseThrow());
            JsonNode node = netmap.get("Node");
            String name = node.get("Name").asString();
            Map<String, Set<String>> peers = new TreeMap<>();
            netmap.get("Peers").forEach(peer -> {
                Set<String> sent = routes(peer, "AllowedIPs", "PrimaryRoutes");
                sent.add("online " + peer.get("Online").asBoolean());
                peers.put(peer.get("Name").asString(), sent);
            });
            Set<String> self = WITHOUT_OWN_ROUTES.contains(name)
                    ? texts(node.get("Addresses"))
                    : routes(node, "AllowedIPs", "PrimaryRoutes");
            result.put(name, new View(self, peers, filter(netmap.get("PacketFilter"))));
        });
        return result;
    }

    private static Map<String, View> recorded() {
        Map<String, View> result = new TreeMap<>();
        JsonMapper.shared().readTree(LiveDocuments.text("clients-netmaps.json")).forEachEntry((name, netmap) -> {
            Map<String, Set<String>> peers = new TreeMap<>();
            netmap.get("peers").forEachEntry((peer, fields) -> {
                Set<String> sent = routes(fields, "allowed", "primary");
                sent.add("online " + fields.get("online").asBoolean());
                peers.put(peer, sent);
            });
            result.put(name, new View(routes(netmap, "self", "selfPrimary"), peers, filter(netmap.get("filter"))));
        });
        assertThat(result).hasSize(6);
        return result;
    }

    private static Set<String> routes(JsonNode node, String allowed, String primary) {
        Set<String> routes = texts(node.get(allowed));
        texts(node.get(primary)).forEach(prefix -> routes.add("primary " + prefix));
        return routes;
    }

    private static Set<String> texts(JsonNode list) {
        return list == null || list.isNull()
                ? new TreeSet<>()
                : StreamSupport.stream(list.spliterator(), false)
                        .map(JsonNode::asString)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By sources and ports: the addresses that they lead to, however these are cut into prefixes. */
    private static Map<String, AddressSet> filter(JsonNode rules) {
        Map<String, AddressSet> result = new TreeMap<>();
        for (JsonNode rule : rules) {
            for (JsonNode destination : rule.get("DstPorts")) {
                result.merge(
                        texts(rule.get("SrcIPs")) + " ports " + destination.get("Ports"),
                        addresses(destination.get("IP").asString()),
                        AddressSet::union);
            }
        }
        return result;
    }

    private static AddressSet addresses(String text) {
        if (text.equals("*")) {
            return KnownRanges.EVERYTHING;
        }
        if (text.indexOf('-') > 0) {
            return AddressSet.ofRanges(List.of(IpRange.parse(text)));
        }
        return AddressSet.of(
                text.indexOf('/') > 0
                        ? Prefix.parse(text)
                        : IpAddress.parse(text).toPrefix());
    }
}
