package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Loss;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.RouteExplanation.Line;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why a node carries a prefix, or does not. */
class RouteExplanationTest {

    private static final Prefix NET = Prefix.parse("10.0.0.0/8");

    private final Scenario scenario = Scenario.begin().router("a", "10.0.0.0/8");

    @Test
    void anExplanationDistinguishesEffectiveFromServing() {
        scenario.router("exit", "0.0.0.0/0")
                .advertise("a")
                .register("b")
                .connect("b")
                .advertise("b", "10.0.0.0/8");

        RouteExplanation notAdvertised = explain("a", "10.0.0.0/8");
        assertThat(notAdvertised.isEffective()).isFalse();
        assertThat(notAdvertised.isServing()).isFalse();
        assertThat(explain("b", "10.0.0.0/8").isEffective()).isFalse();
        RouteExplanation exit = explain("exit", "0.0.0.0/0");
        assertThat(exit.isEffective()).isTrue();
        assertThat(exit.isServing()).isTrue();
    }

    private RouteExplanation explain(String node, String prefix) {
        return Routing.explain(scenario.state(), scenario.id(node), Prefix.parse(prefix))
                .orElseThrow();
    }

    @Test
    void anExplanationGivesTheReasonForEveryHolder() {
        scenario.router("b", "10.0.0.0/8")
                .router("c", "10.0.0.0/8")
                .unhealthy("b")
                .disconnect("c")
                .sleep(Duration.ofSeconds(15));
        RouteExplanation explanation =
                Routing.explain(scenario.state(), scenario.id("b"), NET).orElseThrow();

        assertThat(explanation.isEffective()).isTrue();
        assertThat(explanation.isServing()).isFalse();
        assertThat(explanation.holders()).hasSize(3);
        assertThat(explanation.toString()).isEqualTo("""
                10.0.0.0/8 at b (2, tag:router)

                  advertised  yes
                  approved    yes      by `administrator` at 2026-01-01T00:00:00Z
                  serving     standby  it was reported unhealthy, while a is healthy

                Nodes that offer 10.0.0.0/8
                  a (1)  primary  goes before the other candidates: its candidate class is better
                  b (2)  standby  it was reported unhealthy, while a is healthy
                  c (3)  offline  it is offline, and therefore no candidate
                """);
        assertThat(explanation.lines(scenario.state().names()))
                .containsExactly(
                        new Line("advertised", "yes", ""),
                        new Line("approved", "yes", "by `administrator` at 2026-01-01T00:00:00Z"),
                        new Line("serving", "standby", "it was reported unhealthy, while a is healthy"));
        assertThat(Routing.explain(scenario.state(), new NodeId(99), NET)).isEmpty();
    }

    @Test
    void theRankOfANodeIsWhatTheElectionMadeOfIt() {
        scenario.router("b", "10.0.0.0/8")
                .router("c", "10.0.0.0/8")
                .disconnect("c")
                .sleep(Duration.ofSeconds(15));

        RouteExplanation explanation = explain("a", "10.0.0.0/8");

        assertThat(explanation.rank(scenario.id("a"))).contains("primary");
        assertThat(explanation.rank(scenario.id("b"))).contains("standby");
        assertThat(explanation.rank(scenario.id("c"))).contains("offline");
    }

    @Test
    void theLastPrimaryThatStaysWithoutACandidateIsKept() {
        scenario.settings(settings -> settings.offline(OfflineRule.KEEP_LAST))
                .disconnect("a")
                .sleep(Duration.ofSeconds(15));

        assertThat(explain("a", "10.0.0.0/8").rank(scenario.id("a"))).contains("kept");
    }

    @Test
    void anExitRouteGivesNoRank() {
        scenario.router("exit", "0.0.0.0/0");

        assertThat(explain("exit", "0.0.0.0/0").rank(scenario.id("exit"))).isEmpty();
    }

    @Test
    void aNodeThatIsElectedInTheSameStepDidNotHaveItBefore() {
        scenario.remove("a").together(all -> all.router("b", "10.0.0.0/8").router("c", "10.0.0.0/8"));

        assertThat(explain("b", "10.0.0.0/8").election())
                .contains(new Outcome.Elected(
                        scenario.id("b"),
                        new Win.GoesFirst(Win.Criterion.NUMBER),
                        List.of(new Loss.HigherId(scenario.id("c"), scenario.id("b")))));
    }

    @Test
    void whereAnotherNodeWouldWinAFirstElectionThePrimaryHadItBefore() {
        scenario.router("b", "10.0.0.0/8")
                .disconnect("a")
                .after(Duration.ofSeconds(15))
                .connect("a");

        assertThat(explain("b", "10.0.0.0/8").election())
                .contains(new Outcome.Elected(
                        scenario.id("b"),
                        new Win.Stays(),
                        List.of(new Loss.IncumbentStays(scenario.id("a"), scenario.id("b")))));
    }

    @Test
    void anApprovalOutlivesTheApproverThatGaveItAndSaysSo() {
        String policy = """
                {
                  "tagOwners": {"tag:router": [], "tag:other": []},
                  "autoApprovers": {"routes": {%s}}
                }
                """;
        scenario.policy(policy.formatted("""
                "10.0.0.0/8": ["tag:router"]\
                """)).register("b").connect("b").advertise("b", "10.2.0.0/16");
        assertThat(explain("b", "10.2.0.0/16").lapsed()).isEmpty();

        scenario.policy(policy.formatted("""
                "10.0.0.0/8": ["tag:other"]"""));

        RouteExplanation lapsed = explain("b", "10.2.0.0/16");
        assertThat(lapsed.isEffective()).isTrue();
        assertThat(lapsed.lapsed()).contains(new Verdict.NoApproverNamesNode(List.of(NET)));
        assertThat(lapsed.toString()).containsSubsequence("approver no longer names the node", "approval stays");
        scenario.policy(policy.formatted("""
                "10.2.0.0/16": ["tag:router"]"""));
        assertThat(explain("b", "10.2.0.0/16").lapsed())
                .hasValueSatisfying(today -> assertThat(today).isInstanceOf(Verdict.ApprovedByPolicy.class));
    }

    /** Approvals that are not retroactive pass over what was advertised before. */
    @Test
    void aRouteThatWaitsForTheNodeToAdvertiseItAnewSaysSo() {
        scenario.settings(settings -> settings.retroactive(false))
                .register("late")
                .advertise("late", "10.2.0.0/16")
                .policy("""
                        {"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}
                        """);

        RouteExplanation waits = explain("late", "10.2.0.0/16");
        assertThat(waits.verdict()).isInstanceOf(Verdict.ApprovedByPolicy.class);
        assertThat(waits.remedies()).containsExactly(new RouteExplanation.ApproveByHand());
        assertThat(waits.toString())
                .containsSubsequence("not yet", "advertises it anew", "`10.0.0.0/8`", "`tag:router`");

        scenario.advertise("late").advertise("late", "10.2.0.0/16");
        assertThat(explain("late", "10.2.0.0/16").isEffective()).isTrue();
    }

    /** Headscale remembers no denial. */
    @Test
    void aRevokedRouteWithoutADenialIsApprovedOnceTheNodeAdvertisesItAnew() {
        scenario.settings(settings -> settings.rememberDenied(false))
                .policy("""
                        {"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}
                        """)
                .register("b")
                .advertise("b", "10.2.0.0/16")
                .revoke("b", "10.2.0.0/16");

        RouteExplanation waits = explain("b", "10.2.0.0/16");
        assertThat(waits.isEffective()).isFalse();
        assertThat(waits.toString())
                .containsSubsequence("not yet", "advertises it anew", "`10.0.0.0/8`", "`tag:router`");

        scenario.advertise("b").advertise("b", "10.2.0.0/16");
        assertThat(explain("b", "10.2.0.0/16").isEffective()).isTrue();
    }

    @Test
    void theRemediesFitWhatIsMissing() {
        scenario.user("ann").register("pc", node -> node.owner(Owner.user(new UserId("ann"))));

        assertThat(explain("a", "10.0.0.0/8").remedies()).isEmpty();
        assertThat(explain("pc", "10.9.0.0/16").remedies())
                .containsExactly(
                        new RouteExplanation.ApproveByHand(),
                        new RouteExplanation.AddKey(Prefix.parse("10.9.0.0/16"), "ann@example.com"));
        assertThat(explain("a", "0.0.0.0/0").remedies())
                .containsExactly(new RouteExplanation.ApproveByHand(), new RouteExplanation.NameExitNode("tag:router"));
        scenario.policy("""
                {"tagOwners": {"tag:x": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:x"]}}}""");
        assertThat(explain("a", "10.9.0.0/16").remedies())
                .containsExactly(
                        new RouteExplanation.ApproveByHand(), new RouteExplanation.NameUnderKey(NET, "tag:router"));
        scenario.revoke("a", "10.0.0.0/8");
        assertThat(explain("a", "10.0.0.0/8").remedies()).containsExactly(new RouteExplanation.ApproveByHand());
    }

    /** The explanation for a viewer has the words of the outcome, as that of the node has. */
    @Test
    void aKeptPrimaryIsExplainedToAViewerAsToItsNode() {
        scenario.register("pc").settings(settings -> settings.offline(OfflineRule.KEEP_LAST));
        scenario.disconnect("a").sleep(Duration.ofSeconds(15));

        assertThat(Routing.explain(RoutingViews.of(scenario.state()), scenario.id("pc"), NET))
                .hasValueSatisfying(
                        view -> assertThat(view.text(scenario.state().names()))
                                .contains("elected", "  a ", "  no candidate is left, and it was the last primary\n"));
        assertThat(explain("a", "10.0.0.0/8").toString()).contains("  no candidate is left, and it was the last");
    }

    /** The explanation of the node and that for a viewer name it, also where the election has nothing to choose. */
    @Test
    void aCarrierThatIsDrainedIsNamedAsSuch() {
        scenario.register("pc").drain("a", Duration.ofHours(1), true);

        RouteExplanation drained = explain("a", "10.0.0.0/8");
        assertThat(drained.toString()).contains("draining");
        assertThat(drained.text(
                        scenario.state().names(),
                        drained.holder(scenario.id("a")).orElseThrow()))
                .containsSubsequence("online", "primary", "draining");
        assertThat(Routing.explain(RoutingViews.of(scenario.state()), scenario.id("pc"), NET))
                .hasValueSatisfying(view -> assertThat(view.toString()).containsSubsequence("online", "draining"));
    }

    @Test
    void aWiderRouteThatIsServedIsNamed() {
        scenario.register("b").connect("b").advertise("b", "10.1.0.0/16");

        assertThat(explain("b", "10.1.0.0/16").wider())
                .contains(new RouteExplanation.WiderRoute(NET, scenario.id("a")));
        assertThat(explain("a", "10.0.0.0/8").wider()).isEmpty();
        assertThat(explain("b", "10.1.0.0/16").offers())
                .extracting(RouteExplanation.Offer::node)
                .containsExactly(scenario.id("b"));
    }
}
