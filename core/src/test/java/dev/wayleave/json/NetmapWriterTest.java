package dev.wayleave.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.RoutingViews;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.IpAddress;
import dev.wayleave.testing.Scenario;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A netmap in the words of the clients that read it. */
class NetmapWriterTest {

    private static final String POLICY = """
            {"tagOwners": {"tag:router": [], "tag:laptop": []},
             "grants": [{"src": ["tag:laptop"], "dst": ["10.0.0.0/8"], "ip": ["tcp:22", "tcp:80-90"]},
                        {"src": ["tag:laptop"], "dst": ["tag:router"], "app": {"example.com/cap": [{"a": 1}]}}]}""";

    private final Scenario scenario = Scenario.begin()
            .policy(POLICY)
            .router("a", "10.0.0.0/8")
            .register(
                    "laptop",
                    node -> node.owner(Owner.tags("tag:laptop"))
                            .address(IpAddress.parse("100.64.0.3"))
                            .keyExpiry(Instant.parse("2030-01-01T00:00:00Z")))
            .change("a", node -> node.address(IpAddress.parse("100.64.0.1")));

    private final NodeId router = scenario.id("a");
    private final NodeId laptop = scenario.id("laptop");
    private final NetmapWriter writer = new NetmapWriter();

    private RoutingViews views() {
        return RoutingViews.of(scenario.state());
    }

    @Test
    void aNetmapHasTheViewerItsPeersWithTheirRoutesAndItsFilter() {
        assertThat(writer.full(views(), laptop)).contains("""
                {"Node":{"ID":2,"Name":"laptop","Addresses":["100.64.0.3/32"],"AllowedIPs":["100.64.0.3/32"],\
                "Tags":["tag:laptop"],"KeyExpiry":"2030-01-01T00:00:00Z"},\
                "Peers":[{"ID":1,"Name":"a","Addresses":["100.64.0.1/32"],\
                "AllowedIPs":["100.64.0.1/32","10.0.0.0/8"],"PrimaryRoutes":["10.0.0.0/8"],"Tags":["tag:router"],\
                "Online":true}],\
                "PacketFilter":[]}""");
    }

    @Test
    void aFilterHasPortsProtocolsAndCapabilities() {
        JsonNode netmap =
                JsonMapper.shared().readTree(writer.full(views(), router).orElseThrow());
        assertThat(netmap.at("/PacketFilter")).hasToString("""
                [{"SrcIPs":["100.64.0.3"],"IPProto":[6],\
                "DstPorts":[{"IP":"10.0.0.0/8","Ports":{"First":22,"Last":22}},\
                {"IP":"10.0.0.0/8","Ports":{"First":80,"Last":90}}]},\
                {"SrcIPs":["100.64.0.3"],"CapGrant":[{"Dsts":["100.64.0.1/32"],\
                "CapMap":{"example.com/cap":[{"a":1}]}}]}]""");
    }

    @Test
    void ofANodeThatTheTailnetDoesNotHaveThereIsNoNetmap() {
        assertThat(writer.full(views(), new NodeId(9))).isEmpty();
    }

    @Test
    void aPeerThatGoesOfflineIsOneFlag() {
        RoutingViews before = views();
        scenario.register("phone", node -> node.owner(Owner.tags("tag:laptop")).address(IpAddress.parse("100.64.0.4")));
        RoutingViews offline = views();
        scenario.connect("phone");
        RoutingViews online = views();

        assertThat(difference(before, offline, router).orElseThrow()).startsWith("""
                {"PeersChanged":[{"ID":3,""");
        assertThat(difference(offline, online, router)).contains("""
                {"OnlineChange":{"3":true}}""");
        assertThat(difference(online, offline, router)).contains("""
                {"OnlineChange":{"3":false}}""");
        assertThat(difference(offline, before, router).orElseThrow()).startsWith("""
                {"PeersRemoved":[3],""");
    }

    @Test
    void aPeerOfWhichItIsNotKnownWhetherItIsOnlineIsSentWhole() {
        RoutingViews online = views();
        scenario.disconnect("a").sleep(Duration.ofMinutes(1));
        RoutingViews offline = views();
        assertThat(difference(online, offline, laptop).orElseThrow())
                .startsWith("""
                        {"PeersChanged":[{"ID":1,""")
                .doesNotContain("10.0.0.0/8")
                .contains("""
                        "Online":false""");

        scenario.restart();
        RoutingViews restarted = views();
        assertThat(writer.full(restarted, router).orElseThrow())
                .contains("\"ID\":2")
                .doesNotContain("Online");
    }

    private Optional<String> difference(RoutingViews before, RoutingViews after, NodeId viewer) {
        return writer.difference(after, after.changesSince(before), viewer);
    }

    @Test
    void aHostAddsItsOwnFieldsAndReplacesNames() {
        Map<String, Object> host = Map.of(
                "Name", "laptop.example.ts.net.",
                "Key", "nodekey:12",
                "Hostinfo", Map.of("OS", "linux", "Ports", List.of(1, 2.5, true)));
        String netmap = new NetmapWriter((viewer, node) -> node.equals(laptop) ? host : Map.of())
                .full(views(), laptop)
                .orElseThrow();
        assertThat(netmap).contains("""
                "Name":"laptop.example.ts.net."
                "Key":"nodekey:12"
                "OS":"linux"
                "Ports":[1,2.5,true]
                """.lines().toList()).doesNotContain("\"Name\":\"laptop\"");
    }

    @Test
    void aHostDoesNotReplaceWhatTheLibraryDecides() {
        NetmapWriter wrong = new NetmapWriter((viewer, node) -> Map.of("AllowedIPs", List.of("0.0.0.0/0")));
        assertThatThrownBy(() -> wrong.full(views(), laptop))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`AllowedIPs` of node 2");
    }

    @Test
    void aFieldThatIsNoJsonIsRefusedByItsName() {
        NetmapWriter wrong = new NetmapWriter((viewer, node) -> Map.of("Home", URI.create("https://example.com")));
        assertThatThrownBy(() -> wrong.full(views(), laptop))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`Home` is a `java.net.URI`");
    }

    /** Reads a number as it is written: no digit is rounded away. */
    private static final JsonMapper EVERY_DIGIT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private String written(Object value) {
        Map<String, ?> fields = Map.of("Own", value);
        String netmap = new NetmapWriter((viewer, node) -> node.equals(laptop) ? fields : Map.of())
                .full(views(), laptop)
                .orElseThrow();
        return EVERY_DIGIT.readTree(netmap).at("/Node/Own").toString();
    }

    @Test
    void aNumberKeepsEveryDigit() {
        assertThat(written(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(written((short) 7)).isEqualTo("7");
        assertThat(written((byte) -7)).isEqualTo("-7");
        assertThat(written(new BigInteger("123456789012345678901234567890")))
                .isEqualTo("123456789012345678901234567890");
        assertThat(written(new BigDecimal("0.1000000000000000000000000001")))
                .isEqualTo("0.1000000000000000000000000001");
        assertThat(written(0.1f)).isEqualTo("0.1");
        assertThat(written(List.of(Map.of("Deep", new BigInteger("18446744073709551615")))))
                .isEqualTo("""
                        [{"Deep":18446744073709551615}]""");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aNumberThatJsonCannotSayIsRefusedByItsName(double value) {
        assertThatThrownBy(() -> written(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`Own` is " + value);
        assertThatThrownBy(() -> written(List.of((float) value))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNumberOfAnotherClassIsRefusedByItsName() {
        assertThatThrownBy(() -> written(new AtomicLong(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`Own` is a `java.util.concurrent.atomic.AtomicLong`");
    }

    @Test
    void aNullIsRefusedByItsName() {
        NetmapWriter none = new NetmapWriter((viewer, node) -> null);
        assertThatThrownBy(() -> none.full(views(), laptop))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("node 2");
        assertThatThrownBy(() -> written(Arrays.asList(1, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`Own` is null or has a null in it");
        assertThatThrownBy(() -> written(Collections.singletonMap(null, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`Own` has a map with a null as a name");
    }

    @Test
    void aFieldThatContainsItselfIsRefusedByItsName() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThatThrownBy(() -> written(itself))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`Own` has more than 100 levels");
    }

    @Test
    void aFieldOfAHundredLevelsIsWritten() {
        Object deep = 1;
        for (int level = 1; level < 100; level++) {
            deep = List.of(deep);
        }

        assertThat(written(deep)).isEqualTo("[".repeat(99) + 1 + "]".repeat(99));
    }

    @Test
    void aMapThatContainsItselfIsRefusedByItsName() {
        Map<String, Object> itself = new HashMap<>();
        itself.put("itself", itself);
        assertThatThrownBy(() -> written(itself))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`Own` has more than 100 levels");
    }

    @Test
    void aFieldWithoutANameIsRefusedByTheNumberOfItsNode() {
        NetmapWriter wrong = new NetmapWriter((viewer, node) -> Collections.singletonMap(null, "a text"));
        assertThatThrownBy(() -> wrong.full(views(), laptop))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("a name of the host's fields of node 2");
    }
}
