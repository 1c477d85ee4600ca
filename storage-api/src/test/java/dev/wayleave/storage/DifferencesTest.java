package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.contract.Differences;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The messages of a failed contract test of a store. */
class DifferencesTest {

    private static final Prefix LAN = Prefix.parse("10.20.0.0/16");

    private static StateRows rows(List<NodeRow> nodes, List<RouteRow> routes) {
        StateRows empty = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, Instant.EPOCH)
                .rows();
        return new StateRows(empty.tailnet(), List.of(), nodes, routes);
    }

    private static NodeRow node(long id, String name) {
        return new NodeRow(
                Node.builder(new NodeId(id), name, Owner.tags("tag:router")).build(), null, false, null);
    }

    private static RouteRow route(long node, boolean advertised) {
        return new RouteRow(new NodeId(node), LAN, advertised ? Instant.EPOCH : null, new RouteRow.Undecided(), false);
    }

    private static List<NodeRow> nodes(int count) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(id -> node(id, "router-" + id))
                .toList();
    }

    @Test
    void equalRowsHaveNone() {
        assertThat(Differences.of(rows(nodes(3), List.of(route(1, true))), rows(nodes(3), List.of(route(1, true)))))
                .isEmpty();
    }

    @Test
    void aRowThatDiffersIsNamedWithTheComponentAlone() {
        StateRows expected = rows(nodes(200), List.of(route(1, true), route(2, true)));
        StateRows actual = rows(nodes(200), List.of(route(1, true), route(2, false)));

        assertThat(Differences.of(actual, expected))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("route ")
                        .contains("2", "10.20.0.0/16", "advertisedAt", "1970-01-01T00:00:00Z", "null")
                        .hasSizeLessThan(200));
    }

    @Test
    void missingRowsAndRowsTooManyAreNamedByTheirKeys() {
        StateRows expected = rows(nodes(2), List.of());
        StateRows actual = rows(List.of(node(1, "router-1"), node(3, "router-3")), List.of());

        assertThat(Differences.of(actual, expected))
                .satisfiesExactly(
                        line -> assertThat(line).contains("node 2").contains("missing"),
                        line -> assertThat(line).contains("node 3").contains("not expected"));
    }

    @Test
    void anotherOrderIsADifference() {
        List<NodeRow> turned = new ArrayList<>(nodes(2));
        Collections.reverse(turned);

        assertThat(Differences.of(rows(turned, List.of()), rows(nodes(2), List.of())))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("order"));
    }

    @Test
    void manyDifferencesAreCut() {
        assertThat(Differences.of(rows(List.of(), List.of()), rows(nodes(200), List.of())))
                .hasSize(11)
                .last()
                .isEqualTo("and 190 more");
    }
}
