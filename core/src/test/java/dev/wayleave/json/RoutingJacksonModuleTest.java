package dev.wayleave.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.approval.Approver;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Kinds;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The library's values in a mapper of Jackson 3. */
class RoutingJacksonModuleTest {

    private final JsonMapper mapper =
            JsonMapper.builder().addModule(new RoutingJacksonModule()).build();

    /** An object of a host. */
    record Report(String title, RouteEvent event, List<Prefix> prefixes, SortedMap<NodeId, Prefix> carriers) {}

    @Test
    void anEventAtTheRootHasItsKind() {
        for (Object event : Kinds.samples(RouteEvent.class)) {
            if (!(event instanceof RouteEvent.UnknownEvent)) {
                String json = mapper.writeValueAsString(event);
                assertThat(json).startsWith("""
                        {"kind":"%s"\
                        """.formatted(((RouteEvent) event).kind()));
                assertThat(mapper.readValue(json, RouteEvent.class)).isEqualTo(event);
                assertThat(mapper.readValue(json, event.getClass())).isEqualTo(event);
            }
        }
    }

    @Test
    void valuesInsideAnObjectOfTheHostAreWrittenAndRead() {
        RouteEvent event = (RouteEvent) Kinds.samples(RouteEvent.class).get(0);
        SortedMap<NodeId, Prefix> carriers = new TreeMap<>();
        carriers.put(new NodeId(7), Prefix.parse("10.0.0.0/8"));
        Report report = new Report("a", event, List.of(Prefix.parse("2001:db8::/32")), carriers);

        String json = mapper.writeValueAsString(report);

        assertThat(json).contains("""
                "prefixes":["2001:db8::/32"]
                "carriers":{"7":"10.0.0.0/8"}
                """.lines().toList());
        assertThat(mapper.readValue(json, Report.class)).isEqualTo(report);
        JsonNode tree = mapper.valueToTree(report);
        assertThat(mapper.treeToValue(tree, Report.class)).isEqualTo(report);
    }

    @Test
    void aMalformedValueIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> mapper.readValue("""
                ["10.0.0.1/8"]""", new TypeReference<List<Prefix>>() {}))
                .isInstanceOf(DatabindException.class)
                .hasMessageContaining("10.0.0.1/8");
    }

    @Test
    void aKindInThePlaceOfAnotherIsRefused() {
        String moved = mapper.writeValueAsString(Kinds.samples(RouteEvent.class).stream()
                .filter(RouteEvent.PrimaryMoved.class::isInstance)
                .findFirst()
                .orElseThrow());

        assertThatThrownBy(() -> mapper.readValue(moved, RouteEvent.NodeRemoved.class))
                .isInstanceOf(DatabindException.class)
                .hasMessageContaining("`primary-moved` is in the place of another kind");
    }

    @Test
    void aValueIsReadFromTheNameOfAMember() {
        assertThat(mapper.readValue("""
                {"10.0.0.0/8":7}""", new TypeReference<SortedMap<Prefix, NodeId>>() {}))
                .containsExactly(Map.entry(Prefix.parse("10.0.0.0/8"), new NodeId(7)));
        assertThatThrownBy(() -> mapper.readValue("""
                {"10.0.0.1/8":7}""", new TypeReference<SortedMap<Prefix, NodeId>>() {}))
                .isInstanceOf(DatabindException.class)
                .hasMessageContaining("10.0.0.1/8");
    }

    /** An approver is one text, whichever kind it is of. */
    @Test
    void aKindOfATypeThatIsWrittenAsATextIsThatText() {
        Approver.Administrator ada = new Approver.Administrator(new Actor("ada"));

        String json = mapper.writeValueAsString(ada);

        assertThat(json).isEqualTo("\"" + ada.asText() + "\"");
        assertThat(mapper.readValue(json, Approver.Administrator.class)).isEqualTo(ada);
    }

    @Test
    void theModuleIsKnownByTheNameOfTheLibrary() {
        assertThat(new RoutingJacksonModule().getModuleName()).isEqualTo("wayleave");
    }
}
