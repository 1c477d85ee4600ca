package dev.wayleave.examples.tour.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.ApprovalDifference;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.json.NetmapWriter;
import dev.wayleave.json.RoutingJacksonModule;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.View;
import dev.wayleave.visibility.ViewChange;
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
            assertThat(text).startsWith("""
                    {"version":1,"kind":"%s"\
                    """.formatted(event.kind()));
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
    void routingJsonWritesEachValueThatAHostSends() {
        ViewChanges changes = views.changesSince(before);
        assertReadsBack(Submission.class, Sample.router());
        assertReadsBack(Command.class, Sample.router().commands().get(0));
        assertReadsBack(SubmissionResult.class, step.results().get(0));
        assertReadsBack(
                RouteExplanation.class,
                Routing.explain(step.next(), Sample.BERLIN, Sample.LAN).orElseThrow());
        assertReadsBack(
                ViewExplanation.class,
                Routing.explain(views, Sample.LAPTOP, Sample.LAN).orElseThrow());
        assertReadsBack(
                Reachability.class,
                views.can(Sample.LAPTOP, Sample.LAN, Protocol.TCP, 443).orElseThrow());
        assertReadsBack(View.class, Routing.view(views, Sample.LAPTOP).orElseThrow());
        assertReadsBack(ViewChanges.class, changes);
        assertReadsBack(ViewChange.class, changes.of(Sample.LAPTOP).orElseThrow());
        assertReadsBack(RowChanges.class, step.rowChanges());
        assertReadsBack(RoutingSettings.class, RoutingSettings.TAILSCALE);
    }

    private static <T> void assertReadsBack(Class<T> type, T value) {
        assertThat(RoutingJson.read(type, RoutingJson.write(value))).isEqualTo(value);
    }

    @Test
    void anEventOfALaterVersionKeepsItsJson() {
        String text = """
                {"version":1,"kind":"node-painted","origin":{"actor":"ada"},"colour":"red"}""";
        RouteEvent event = RoutingJson.read(RouteEvent.class, text);
        assertThat(event).isInstanceOf(RouteEvent.UnknownEvent.class);
        assertThat(RoutingJson.write(event)).isEqualTo(text);
    }

    @Test
    void theFirstRowsBringTheRowOfTheTailnet() {
        assertThat(step.rowChanges().tailnet().orElseThrow().tailnet()).isEqualTo(Sample.TAILNET);
    }

    @Test
    void viewsOfTwoTailnetsAreNotCompared() {
        RoutingViews other = RoutingViews.of(
                RoutingState.empty(new TailnetId("other.example"), RoutingSettings.DEFAULT, Sample.NOW));
        assertThatThrownBy(() -> views.changesSince(other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anApprovalSaysWhatItChanged() {
        Prefix more = Prefix.parse("10.30.0.0/16");
        Submission submission =
                Sample.by("ada", new Command.SetApprovedRoutes(Sample.BERLIN, List.of(Sample.LAN, more)));
        Step next = Routing.step(step.next(), List.of(submission), Sample.NOW);
        NodeState node = next.next().node(Sample.BERLIN).orElseThrow();
        ApprovalDifference difference =
                ApprovalDifference.of(node.id(), node.approvals(), node.advertised(), next.events());
        assertThat(difference.approved()).containsExactly(more);
        assertThat(difference.unchanged()).containsExactly(Sample.LAN);
        assertThat(difference.notAdvertised()).containsExactly(more);
        assertThat(((SubmissionResult.Accepted) next.results().get(0)).remarks())
                .hasOnlyElementsOfType(SubmissionResult.NotAdvertisedYet.class);
    }

    @Test
    void aRegistrationSaysWhatIsOddAboutTheNode() {
        Command loopback = new Command.AdvertiseRoutes(Sample.BERLIN, List.of(Prefix.parse("127.0.0.0/8")));
        Step next = Routing.step(step.next(), List.of(Sample.by("gateway", loopback)), Sample.NOW);
        assertThat(((SubmissionResult.Accepted) next.results().get(0)).remarks())
                .hasOnlyElementsOfType(SubmissionResult.NodeRemark.class)
                .hasSize(1);
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
                .startsWith("""
                        {"Node":{"ID":2,""")
                .contains("""
                        "Peers":[{"ID":1,
                        "AllowedIPs":["10.20.0.0/16"]
                        "Key":"nodekey:1"
                        """.lines().toList());
        ViewChanges changes = views.changesSince(before);
        assertThat(writer.difference(views, changes, Sample.LAPTOP).orElseThrow())
                .contains("""
                        "PeersChanged":[{"ID":1,
                        "Key":"nodekey:1"
                        """.lines().toList());
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
