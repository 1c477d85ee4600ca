package dev.wayleave.explanation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingViews;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which facts the explanation of a route prints. */
class RouteExplanationTextTest {

    private static final String NET = "10.0.0.0/8";

    private final Scenario scenario = Scenario.begin().router("a", NET);

    private RouteExplanation explain(String node, String prefix) {
        return Routing.explain(scenario.state(), scenario.id(node), Prefix.parse(prefix))
                .orElseThrow();
    }

    private String text(String node, String prefix) {
        return explain(node, prefix).text(scenario.state().names());
    }

    /** One line of the text, by its first word, without the blanks that align it. */
    private String line(String node, String prefix, String first) {
        return text(node, prefix)
                .lines()
                .map(line -> line.strip().replaceAll(" {2,}", " | "))
                .filter(line -> line.startsWith(first))
                .findFirst()
                .orElse("");
    }

    @Test
    void aPrefixOfASiteSaysWhatItStandsFor() {
        assertThat(line("a", "fd7a:115c:a1e0:b1a:0:7:a00:0/104", "stands for")).contains("4via6", "10.0.0.0/8", "7");
        assertThat(line("a", NET, "stands for")).isEmpty();
    }

    @Test
    void aWiderRouteIsNamedWithItsCarrier() {
        scenario.router("wide-router", "172.16.0.0/12").register("b").advertise("b", "172.20.0.0/16");

        assertThat(text("b", "172.20.0.0/16")).containsSubsequence("172.16.0.0/12", "wide-router");
        assertThat(text("a", NET)).doesNotContain("It lies inside");
    }

    @Test
    void aRouteThatIsNotAdvertisedSaysWhatItsNodeAdvertises() {
        scenario.register("b");

        assertThat(line("a", "10.9.0.0/16", "advertised"))
                .startsWith("advertised | no | ")
                .contains("10.0.0.0/8");
        assertThat(line("b", NET, "advertised"))
                .startsWith("advertised | no | ")
                .contains("nothing");
        assertThat(line("b", NET, "approved")).startsWith("approved | no | ");
        assertThat(line("b", NET, "serving")).startsWith("serving | no | ").contains("advertised first");
    }

    @Test
    void aRouteThatIsNotApprovedIsNotServed() {
        scenario.register("b").advertise("b", "172.16.0.0/12");

        assertThat(line("b", "172.16.0.0/12", "serving"))
                .startsWith("serving | no | ")
                .contains("approved first");
    }

    @Test
    void aRouteThatIsApprovedAndNotAdvertisedIsUnused() {
        scenario.advertise("a").router("b", NET);

        assertThat(line("a", NET, "serving")).startsWith("serving | no | ").contains("advertised first");
        assertThat(line("b", NET, "a (1)")).startsWith("a (1) | unused | ");
    }

    @Test
    void anExitNodeServesWithoutAnElection() {
        scenario.router("exit", "0.0.0.0/0");

        assertThat(line("exit", "0.0.0.0/0", "serving")).startsWith("serving | yes | ");
        assertThat(explain("exit", "0.0.0.0/0")
                        .text(
                                scenario.state().names(),
                                explain("exit", "0.0.0.0/0").holders().get(0)))
                .startsWith("online; exit node: ");
    }

    @Test
    void anExitNodeInItsGraceSaysWhenThatEnds() {
        scenario.router("exit", "0.0.0.0/0").disconnect("exit");

        assertThat(line("exit", "0.0.0.0/0", "serving")).contains("grace", "2026-01-01T00:00:15Z");
    }

    @Test
    void aNodeThatIsOfflineServesNothing() {
        scenario.disconnect("a").sleep(Duration.ofMinutes(1));

        assertThat(line("a", NET, "serving")).startsWith("serving | no | ");
        assertThat(explain("a", NET)
                        .text(
                                scenario.state().names(),
                                explain("a", NET).holders().get(0)))
                .startsWith("offline: ");
    }

    @Test
    void anUnservedPrefixIsMarkedWhereSeveralNodesOfferIt() {
        scenario.router("b", NET);
        assertThat(text("a", NET)).doesNotContain("(unserved)");

        scenario.disconnect("a").disconnect("b").sleep(Duration.ofMinutes(1));
        assertThat(text("a", NET)).contains("10.0.0.0/8 (unserved)\n");
    }

    @Test
    void aPrefixThatNoOtherNodeOffersSaysSo() {
        scenario.register("b");

        assertThat(text("a", NET)).contains("No other node offers 10.0.0.0/8");
        assertThat(text("b", "172.16.0.0/12")).contains("No node offers 172.16.0.0/12");
        assertThat(text("b", NET)).contains("Nodes that offer 10.0.0.0/8\n");
    }

    @Test
    void namesAndRanksOfNodesAreAligned() {
        scenario.router("much-longer", NET).disconnect("much-longer").sleep(Duration.ofMinutes(1));

        assertThat(text("a", NET).lines().filter(line -> line.contains(" (1)  ") || line.contains(" (2)  ")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.length()
                                - line.substring(19).stripLeading().length())
                        .isEqualTo(19));
        scenario.router("x", NET)
                .drain("x", Duration.ofHours(1), true)
                .register("y")
                .advertise("y", NET);
        assertThat(text("a", NET))
                .contains("  a (1)            primary       goes", "  much-longer (2)  offline       it is");
    }

    @Test
    void aDrainedPrimaryWithARivalSaysThatNoneIsBetter() {
        scenario.drain("a", Duration.ofHours(1), true);
        assertThat(line("a", NET, "serving")).contains("draining").doesNotContain("better");

        scenario.router("b", NET).drain("b", Duration.ofHours(1), true);
        assertThat(line("b", NET, "serving")).containsSubsequence("draining", "no other candidate");
        assertThat(line("a", NET, "serving")).contains("draining").doesNotContain("better");
    }

    @Test
    void anExitNodeThatDrainsSaysSo() {
        scenario.router("exit", "0.0.0.0/0").register("viewer");
        assertThat(line("exit", "0.0.0.0/0", "serving")).contains("exit").doesNotContain("draining");

        scenario.drain("exit", Duration.ofHours(1), false);
        RouteExplanation exit = explain("exit", "0.0.0.0/0");
        assertThat(line("exit", "0.0.0.0/0", "serving")).containsSubsequence("serving | yes", "draining");
        assertThat(exit.text(scenario.state().names(), exit.holders().get(0))).contains("draining");
        assertThat(exit.holders().get(0).drain()).isPresent();
    }

    @Test
    void aDrainIsNamedBesideAWorseClassAndWhileItsNodeIsOffline() {
        scenario.router("b", NET).drain("b", Duration.ofHours(1), false).unhealthy("b");
        assertThat(line("b", NET, "serving"))
                .containsSubsequence("serving | standby", "unhealthy", "a is healthy", "draining");

        scenario.disconnect("b").sleep(Duration.ofMinutes(1));
        assertThat(line("b", NET, "serving")).containsSubsequence("serving | no", "offline", "draining");
    }

    @Test
    void aDrainThatIsTheReasonIsNamedOnce() {
        scenario.router("b", NET).drain("b", Duration.ofHours(1), false);

        assertThat(line("b", NET, "serving"))
                .containsSubsequence("serving | standby", "draining", "a is healthy")
                .containsOnlyOnce("draining");
    }

    @Test
    void aNodeInItsGraceThatIsOfAWorseClassSaysBoth() {
        scenario.router("b", NET).unhealthy("b").disconnect("a").disconnect("b");

        assertThat(line("b", NET, "serving")).contains("grace", "2026-01-01T00:00:15Z");
    }

    @Test
    void anApprovalOfWhichTheApproverChangedSaysByWhichItWouldBeToday() {
        String policy = """
                {"tagOwners": {"tag:router": [], "tag:other": []}, "autoApprovers": {"routes": {"%s": ["%s"]}}}""";
        scenario.policy(policy.formatted(NET, "tag:router"))
                .register("b")
                .connect("b")
                .advertise("b", "10.2.0.0/16");
        scenario.policy(policy.formatted(NET, "tag:other"));
        assertThat(line("b", "10.2.0.0/16", "approved"))
                .contains("no longer names the node")
                .doesNotContain("today");

        scenario.policy(policy.formatted("10.2.0.0/16", "tag:router"));
        assertThat(line("b", "10.2.0.0/16", "approved")).contains("today it would be approved", "`10.2.0.0/16`");
    }

    @Test
    void withoutNamesFromAStateNodesThatOfferNothingAreCalledByTheirNumbers() {
        scenario.register("b").connect("b");

        assertThat(explain("b", "10.1.0.0/16").toString())
                .startsWith("10.1.0.0/16 at b (2, ")
                .contains("which node 1 carries");
    }

    @Test
    void inTheViewOfAViewerNamesAreAligned() {
        scenario.register("viewer").router("a-router-with-a-long-name", NET);

        String view = Routing.explain(RoutingViews.of(scenario.state()), new NodeId(2), Prefix.parse(NET))
                .orElseThrow()
                .text(scenario.state().names());

        assertThat(view)
                .contains("  elected" + " ".repeat("a-router-with-a-long-name".length() - "elected".length()) + "  a ");
    }
}
