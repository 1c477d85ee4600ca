package dev.wayleave.examples.tour.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Submission;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.NetmapWriter;
import dev.wayleave.json.RoutingJacksonModule;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.ViewChanges;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a host uses of the core, through exported packages alone. */
class CoreDoorsTest {

    private final Step step = Sample.step();
    private final RoutingViews before = RoutingViews.of(Sample.EMPTY);
    private final RoutingViews views = before.after(step);

    @Test
    void theseTestsAreANamedModuleThatReadsExportedPackagesAlone() {
        Module mine = getClass().getModule();
        Module core = RoutingState.class.getModule();
        assertThat(mine.isNamed()).isTrue();
        assertThat(core.isExported("dev.wayleave.internal", mine)).isFalse();
        assertThat(core.isExported("dev.wayleave.json", mine)).isTrue();
    }

    @Test
    void routingJsonWritesEventsAndReadsThemBackEqual() {
        for (RouteEvent event : step.events()) {
            String text = RoutingJson.write(event);
            assertThat(text).startsWith("{\"version\":1,\"kind\":\"" + event.kind() + "\"");
            assertThat(RoutingJson.read(RouteEvent.class, text)).isEqualTo(event);
        }
    }

    @Test
    void routingJsonWritesRowsFromWhichAStateComesBack() {
        String text = RoutingJson.write(step.next().rows());
        StateRows rows = RoutingJson.read(StateRows.class, text);
        assertThat(RoutingState.restore(rows, Sample.NOW).rows())
                .isEqualTo(step.next().rows());
    }

    @Test
    void aMapperOfJacksonHasTheSameForm() {
        JsonMapper mapper =
                JsonMapper.builder().addModule(new RoutingJacksonModule()).build();
        RouteEvent event = step.events().get(0);
        String text = mapper.writeValueAsString(Map.of("event", event, "prefix", Sample.LAN));
        assertThat(mapper.readTree(text).get("prefix").asString()).isEqualTo("10.20.0.0/16");
        assertThat(mapper.readValue(mapper.writeValueAsString(event), RouteEvent.class))
                .isEqualTo(event);
        assertThat(mapper.readValue("\"10.20.0.0/16\"", Prefix.class)).isEqualTo(Sample.LAN);
    }

    @Test
    void aNetmapHasTheFieldsOfTheHost() {
        NetmapWriter writer = new NetmapWriter((viewer, node) -> Map.of("Key", "nodekey:" + node));
        assertThat(writer.full(views, Sample.LAPTOP).orElseThrow())
                .startsWith("{\"Node\":{\"ID\":2,")
                .contains("\"Peers\":[{\"ID\":1,", "\"AllowedIPs\":[\"10.20.0.0/16\"]", "\"Key\":\"nodekey:1\"");
        ViewChanges changes = views.changesSince(before);
        assertThat(writer.difference(views, changes, Sample.LAPTOP).orElseThrow())
                .contains("\"PeersChanged\":[{\"ID\":1,", "\"Key\":\"nodekey:1\"");
    }

    @Test
    void originOfASubmissionFindsItsEvents() {
        Submission submission =
                new Submission(new Actor("ada"), "ticket 7", Sample.router().commands());
        Origin origin = Origin.of(submission);
        Step alone = Routing.step(Sample.EMPTY, List.of(submission), Sample.NOW);
        assertThat(alone.events()).isNotEmpty().allMatch(event -> event.origin().equals(origin));
    }

    @Test
    void anApproverIsALineOfText() {
        Approver ada = step.events().stream()
                .flatMap(event -> event.approver().stream())
                .findFirst()
                .orElseThrow();
        assertThat(ada.asText()).isEqualTo("administrator ada");
        assertThat(Approver.parse("administrator ada")).isEqualTo(ada);
        assertThat(Approver.parse("policy routes 10.0.0.0/8 tag:router").asText())
                .isEqualTo("policy routes 10.0.0.0/8 tag:router");
    }

    @Test
    void settingsAreALineOfJson() {
        RoutingSettings settings = RoutingSettings.HEADSCALE.toBuilder()
                .priority(Sample.BERLIN, Sample.LAN, 10)
                .build();
        assertThat(RoutingSettings.parse(settings.toJson())).isEqualTo(settings);
    }
}
