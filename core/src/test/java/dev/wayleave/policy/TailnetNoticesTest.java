package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailnetNoticesTest {

    private static final OverlayRanges OVERLAY =
            OverlayRanges.of(AddressSet.of(Prefix.parse("10.77.0.0/16"), Prefix.parse("fd00:77::/64")));

    private static Node node(long id, String... addresses) {
        Node.Builder node = Node.builder(new NodeId(id), "n" + id, Owner.tags("tag:a"));
        List.of(addresses).forEach(address -> node.address(IpAddress.parse(address)));
        return node.build();
    }

    @Test
    void addressesInTheOverlayNeedNoNotice() {
        assertThat(TailnetNotices.outsideOverlay(List.of(node(1, "10.77.0.1", "fd00:77::1"), node(2)), OVERLAY))
                .isEmpty();
    }

    @Test
    void eachAddressOutsideIsNamedWithItsNode() {
        List<Node> nodes = List.of(node(2, "100.64.0.2", "fd00:78::2"), node(1, "10.77.0.1", "fd00:78::1"));
        assertThat(TailnetNotices.outsideOverlay(nodes, OVERLAY)).hasValueSatisfying(notice -> {
            assertThat(notice.code()).isEqualTo(PolicyNotice.Code.OUTSIDE_OVERLAY);
            assertThat(notice.line()).isZero();
            assertThat(notice.message())
                    .contains("`fd00:78::1` of `n1`, `100.64.0.2` of `n2`, `fd00:78::2` of `n2`; ")
                    .contains("set `overlay`");
        });
    }

    @Test
    void ofManyAddressesTheFirstAreNamedAndTheRestIsCounted() {
        List<Node> nodes = new ArrayList<>();
        for (int id = 1; id <= 7; id++) {
            nodes.add(node(id, "100.64.0." + id));
        }
        assertThat(TailnetNotices.outsideOverlay(nodes, OVERLAY).orElseThrow().message())
                .contains("`100.64.0.5` of `n5` and 2 more; ")
                .doesNotContain("n6");
    }
}
