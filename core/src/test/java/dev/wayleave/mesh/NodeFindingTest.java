package dev.wayleave.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.NodeFinding.ReservedRange;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node's addresses and prefixes should not be. */
class NodeFindingTest {

    private static final NodeId NODE = new NodeId(1);
    private static final NodeId OTHER = new NodeId(2);
    private static final Names NAMES = Names.of(node -> node.equals(NODE) ? "gw" : "laptop");

    private static TreeSet<ReservedRange> ranges(ReservedRange... ranges) {
        return new TreeSet<>(Arrays.asList(ranges));
    }

    private static List<NodeFinding> ofPrefixes(OverlayRanges overlay, String... prefixes) {
        TreeSet<Prefix> set = new TreeSet<>();
        Arrays.stream(prefixes).map(Prefix::parse).forEach(set::add);
        return NodeFinding.ofPrefixes(NODE, set, overlay);
    }

    private static List<NodeFinding> ofAddresses(Map<String, Set<NodeId>> holders, String... addresses) {
        Node.Builder node = Node.builder(NODE, "gw", Owner.tags("tag:router"));
        Arrays.stream(addresses).map(IpAddress::parse).forEach(node::address);
        return NodeFinding.ofAddresses(node.build(), address -> holders.getOrDefault(address.toString(), Set.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "100.64.0.0/24, OVERLAY",
        "fd7a:115c:a1e0::/64, OVERLAY RESOLVER",
        "100.100.100.100/32, OVERLAY RESOLVER",
        "127.0.0.0/24, LOOPBACK",
        "::1/128, LOOPBACK",
        "169.254.169.254/32, LINK_LOCAL",
        "fe80::/64, LINK_LOCAL",
        "239.0.0.0/8, MULTICAST",
        "ff02::/16, MULTICAST",
        "0.0.0.0/1, OVERLAY RESOLVER LOOPBACK",
        "128.0.0.0/1, LINK_LOCAL MULTICAST"
    })
    void aPrefixOverAReservedRangeIsFound(String prefix, String ranges) {
        TreeSet<ReservedRange> expected = new TreeSet<>();
        Arrays.stream(ranges.split(" ")).map(ReservedRange::valueOf).forEach(expected::add);

        assertThat(ofPrefixes(OverlayRanges.DEFAULT, prefix))
                .containsExactly(new NodeFinding.ReservedPrefix(NODE, Prefix.parse(prefix), expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/8",
                "192.168.0.0/16",
                "8.8.8.0/24",
                "2001:db8::/32",
                "fd00::/16",
                "0.0.0.0/0",
                "::/0",
                "100.115.92.0/24"
            })
    void anOrdinaryPrefixAndAnExitRouteAreNot(String prefix) {
        assertThat(ofPrefixes(OverlayRanges.DEFAULT, prefix)).isEmpty();
    }

    @Test
    void aVia6RouteLiesInTheTailnetsRangesAndIsNoFinding() {
        assertThat(ofPrefixes(
                        OverlayRanges.DEFAULT, "fd7a:115c:a1e0:b1a:0:7:a01:100/120", "fd7a:115c:a1e0:b1a:0:ff::/96"))
                .isEmpty();
    }

    @Test
    void aVia6RouteIsReadAsTheBlockThatItStandsFor() {
        String loopbackAtSite7 = "fd7a:115c:a1e0:b1a:0:7:7f00:0/104";

        assertThat(ofPrefixes(OverlayRanges.DEFAULT, loopbackAtSite7))
                .containsExactly(new NodeFinding.ReservedPrefix(
                        NODE, Prefix.parse(loopbackAtSite7), ranges(ReservedRange.LOOPBACK)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd7a:115c:a1e0:b1a::/80", "fd7a:115c:a1e0:b1a:1:0:a00:0/104"})
    void aVia6RouteThatNoClientReadsIsFound(String prefix) {
        assertThat(ofPrefixes(OverlayRanges.DEFAULT, prefix))
                .containsExactly(new NodeFinding.UnreadableVia6(NODE, Prefix.parse(prefix)));
    }

    @Test
    void theTailnetsRangesAreThoseOfItsSettings() {
        OverlayRanges own = OverlayRanges.of(AddressSet.of(Prefix.parse("10.99.0.0/16")));

        assertThat(ofPrefixes(own, "100.64.0.0/24")).isEmpty();
        assertThat(ofPrefixes(own, "10.0.0.0/8"))
                .containsExactly(new NodeFinding.ReservedPrefix(
                        NODE, Prefix.parse("10.0.0.0/8"), ranges(ReservedRange.OVERLAY)));
    }

    @Test
    void anAddressOfAnotherNodeIsFoundAndTheNodesOwnIsNot() {
        assertThat(ofAddresses(
                        Map.of("100.64.0.1", Set.of(NODE, OTHER), "fd7a:115c:a1e0::1", Set.of(NODE)),
                        "100.64.0.1",
                        "fd7a:115c:a1e0::1"))
                .containsExactly(new NodeFinding.SharedAddress(
                        NODE, IpAddress.parse("100.64.0.1"), new TreeSet<>(Set.of(OTHER))));
    }

    @Test
    void anOwnAddressToWhichNoPacketTravelsIsFound() {
        assertThat(ofAddresses(Map.of(), "127.0.0.1", "fe80::1"))
                .containsExactly(
                        new NodeFinding.ReservedAddress(
                                NODE, IpAddress.parse("127.0.0.1"), ranges(ReservedRange.LOOPBACK)),
                        new NodeFinding.ReservedAddress(
                                NODE, IpAddress.parse("fe80::1"), ranges(ReservedRange.LINK_LOCAL)));
    }

    @Test
    void aFindingNamesTheNodesAndTheAddressesAndEndsWithItsAdvice() {
        NodeFinding shared =
                ofAddresses(Map.of("100.64.0.1", Set.of(OTHER)), "100.64.0.1").get(0);
        NodeFinding reserved = ofPrefixes(OverlayRanges.DEFAULT, "127.0.0.0/8").get(0);

        assertThat(shared.text(NAMES)).contains("`100.64.0.1`", "gw", "laptop").endsWith("; " + shared.advice());
        assertThat(reserved.text(NAMES)).contains("`127.0.0.0/8`", "gw").endsWith("; " + reserved.advice());
    }
}
