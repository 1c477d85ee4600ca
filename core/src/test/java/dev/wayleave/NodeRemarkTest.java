package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.NodeFinding;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.settings.TailnetLimits;
import dev.wayleave.testing.Scenario;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The answer to a registration or an advertisement has a remark about what its administrator hardly means. */
class NodeRemarkTest {

    private static final IpAddress ADDRESS = IpAddress.parse("100.64.0.1");

    private final Scenario scenario =
            Scenario.begin().register("a", node -> node.address(ADDRESS)).register("b");

    private List<NodeFinding> findings() {
        return ((SubmissionResult.Accepted) scenario.last().results().get(0))
                .remarks().stream()
                        .map(remark -> ((SubmissionResult.NodeRemark) remark).finding())
                        .toList();
    }

    private NodeFinding shared(String node, String... others) {
        return new NodeFinding.SharedAddress(
                scenario.id(node),
                ADDRESS,
                Arrays.stream(others).map(scenario::id).collect(Collectors.toCollection(TreeSet<NodeId>::new)));
    }

    @Test
    void aRegistrationWithTheAddressOfAnotherNodeSaysSo() {
        scenario.register("c", node -> node.address(ADDRESS));

        assertThat(findings()).containsExactly(shared("c", "a"));
    }

    @Test
    void anUpdateToTheAddressOfAnotherNodeSaysSo() {
        scenario.change("b", node -> node.address(ADDRESS));

        assertThat(findings()).containsExactly(shared("b", "a"));
    }

    @Test
    void anAddressThatItsNodeGaveUpIsFree() {
        scenario.change("a", node -> node.noAddresses()).change("b", node -> node.address(ADDRESS));

        assertThat(findings()).isEmpty();
    }

    @Test
    void anAddressIsFreeOnceTheLastOfItsNodesIsGone() {
        scenario.register("c", node -> node.address(ADDRESS)).remove("a");

        scenario.change("b", node -> node.address(ADDRESS));
        assertThat(findings()).containsExactly(shared("b", "c"));

        scenario.remove("b").remove("c").register("d", node -> node.address(ADDRESS));
        assertThat(findings()).isEmpty();
    }

    @Test
    void theAddressesAreKnownAfterARestart() {
        scenario.register("c", node -> node.address(ADDRESS)).restart();

        scenario.change("b", node -> node.address(ADDRESS));

        assertThat(findings()).containsExactly(shared("b", "a", "c"));
    }

    @Test
    void aRefusedRegistrationTakesNoAddress() {
        scenario.settings(
                settings -> settings.limits(TailnetLimits.builder().nodes(2).build()));
        scenario.register("c", node -> node.address(IpAddress.parse("100.64.0.9")))
                .expectRefused();

        scenario.change("b", node -> node.address(IpAddress.parse("100.64.0.9")));

        assertThat(findings()).isEmpty();
    }

    @Test
    void anAdvertisementOverAReservedRangeSaysSo() {
        scenario.advertise("a", "10.0.0.0/8", "127.0.0.0/8");

        assertThat(findings()).extracting(NodeFinding::kind).containsExactly("reserved-prefix");
    }
}
