package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.json.NetmapWriter;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A control plane with six clients is imported, and every client receives what its own control plane sent it. */
class LiveControlPlaneTest {

    private static final Instant NOW = Instant.parse("2026-11-28T15:20:00Z");
    private static final Actor ADA = new Actor("ada");
    private static final String DATABASE = "policy-in-database-0.30-dev";
    private static final Path NETMAPS = RecordedDatabases.FOLDER.resolveSibling("headscale-live/clients-netmaps.json");
    private static final NodeId R2 = new NodeId(2);

    /** Headscale does not send these two which routes of their own are in force, as the recorded Tailscale does. */
    private static final Set<String> WITHOUT_OWN_ROUTES = Set.of("r1", "r2");

    @TempDir
    Path folder;

    private RoutingState imported;

    @BeforeEach
    void importDatabase() {
        Assumptions.assumeTrue(
                RecordedDatabases.names().contains(DATABASE) && Files.exists(NETMAPS), "no recordings in " + NETMAPS);
        RoutingState empty = RoutingState.empty(new TailnetId("t"), RoutingSettings.DEFAULT, NOW);
        imported = HeadscaleImport.read(
                        Databases.sqlite(folder.resolve("headscale.db"), RecordedDatabases.script(DATABASE)))
                .into(empty, ImportChoices.policyOfDatabase(), ADA, NOW)
                .step()
                .next();
        for (NodeId node : imported.nodes().keySet()) {
            imported = after(new Command.ConnectSession(node, new SessionId("s" + node)));
        }
    }

    private RoutingState after(Command command) {
        Step step = Routing.step(imported, List.of(Submission.of(ADA, command)), NOW);
        assertThat(step.results()).allMatch(SubmissionResult.Accepted.class::isInstance);
        return step.next();
    }

    @Test
    void everyClientGetsTheViewThatItsControlPlaneSent() throws IOException {
        // the clients were asked before the last change of r2's approvals, which the database has
        imported = after(
                new Command.SetApprovedRoutes(R2, List.of(Prefix.parse("10.33.1.0/24"), Prefix.parse("10.99.0.0/16"))));
        Map<String, View> recorded = recorded();
        assertThat(recorded).hasSize(6);
        assertThat(views()).isEqualTo(recorded);
    }

    @Test
    void asImportedOnlyTheLastChangeOfApprovalsIsNew() throws IOException {
        Map<String, View> views = views();
        Map<String, View> recorded = recorded();
        assertThat(views.get("odinbox").peers().get("r2")).contains("10.44.0.0/16", "primary 10.44.0.0/16");
        views.get("odinbox").peers().get("r2").removeAll(Set.of("10.44.0.0/16", "primary 10.44.0.0/16"));
        assertThat(views).isEqualTo(recorded);
    }

    /** What a client receives: its own addresses and routes, those of its peers, and what it lets in. */
    private record View(Set<String> self, Map<String, Set<String>> peers, Map<String, AddressSet> filter) {}

    private Map<String, View> views() throws IOException {
        RoutingViews views = RoutingViews.of(imported);
        NetmapWriter writer = new NetmapWriter();
        Map<String, View> result = new TreeMap<>();
        for (NodeId id : imported.nodes().keySet()) {
            Map<String, Object> netmap = json(writer.full(views, id).orElseThrow());
            Map<?, ?> node = (Map<?, ?>) netmap.get("Node");
            boolean withRoutes = !WITHOUT_OWN_ROUTES.contains(node.get("Name"));
            Set<String> self = withRoutes ? routes(node) : texts(node.get("Addresses"));
            Map<String, Set<String>> peers = new TreeMap<>();
            for (Object each : (List<?>) netmap.get("Peers")) {
                Map<?, ?> peer = (Map<?, ?>) each;
                Set<String> routes = routes(peer);
                routes.add("online " + peer.get("Online"));
                peers.put((String) peer.get("Name"), routes);
            }
            result.put((String) node.get("Name"), new View(self, peers, filter((List<?>) netmap.get("PacketFilter"))));
        }
        return result;
    }

    private static Set<String> routes(Map<?, ?> node) {
        Set<String> routes = texts(node.get("AllowedIPs"));
        if (node.get("PrimaryRoutes") != null) {
            texts(node.get("PrimaryRoutes")).forEach(prefix -> routes.add("primary " + prefix));
        }
        return routes;
    }

    private static void add(
            Map<String, AddressSet> filter, Collection<?> sources, AddressSet destination, long first, long last) {
        String key = sources.stream().map(Object::toString).sorted().toList() + " ports " + first + "-" + last;
        filter.merge(key, destination, AddressSet::union);
    }

    // ---- what was recorded

    private static Map<String, View> recorded() throws IOException {
        Map<String, View> result = new TreeMap<>();
        json(Files.readString(NETMAPS)).forEach((name, netmap) -> {
            Map<?, ?> fields = (Map<?, ?>) netmap;
            Set<String> self = texts(fields.get("self"));
            if (fields.get("selfPrimary") != null) {
                texts(fields.get("selfPrimary")).forEach(prefix -> self.add("primary " + prefix));
            }
            Map<String, Set<String>> peers = new TreeMap<>();
            ((Map<?, ?>) fields.get("peers")).forEach((peer, value) -> {
                Map<?, ?> sent = (Map<?, ?>) value;
                Set<String> routes = texts(sent.get("allowed"));
                if (sent.get("primary") != null) {
                    texts(sent.get("primary")).forEach(prefix -> routes.add("primary " + prefix));
                }
                routes.add("online " + sent.get("online"));
                peers.put((String) peer, routes);
            });
            result.put(name, new View(self, peers, filter((List<?>) fields.get("filter"))));
        });
        return result;
    }

    private static Map<String, AddressSet> filter(List<?> rules) {
        Map<String, AddressSet> result = new TreeMap<>();
        for (Object rule : rules) {
            Map<?, ?> fields = (Map<?, ?>) rule;
            for (Object destination : (List<?>) fields.get("DstPorts")) {
                Map<?, ?> ports = (Map<?, ?>) ((Map<?, ?>) destination).get("Ports");
                add(
                        result,
                        (List<?>) fields.get("SrcIPs"),
                        addresses((String) ((Map<?, ?>) destination).get("IP")),
                        (Long) ports.get("First"),
                        (Long) ports.get("Last"));
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

    private static Set<String> texts(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).collect(Collectors.toCollection(TreeSet::new));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> json(String text) {
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            json.nextToken();
            return (Map<String, Object>) value(json);
        }
    }

    private static Object value(JsonParser json) {
        switch (json.currentToken()) {
            case START_OBJECT:
                Map<String, Object> object = new TreeMap<>();
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    object.put(name, value(json));
                }
                return object;
            case START_ARRAY:
                List<Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                return list;
            case VALUE_NUMBER_INT:
                return json.getLongValue();
            case VALUE_STRING:
                return json.getString();
            default:
                return json.currentToken().asString();
        }
    }
}
