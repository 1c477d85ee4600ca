package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.Outcome;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.Withheld;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The views and changes that viewers receive, from the state machine's side. */
class RoutingViewsTest {

    private static final String NET = "10.0.0.0/8";
    private static final Prefix PREFIX = Prefix.parse(NET);

    private static final String POLICY = """
            {"tagOwners": {"tag:router": [], "tag:laptop": [], "tag:guest": []},
             "acls": [{"action": "accept", "src": ["tag:laptop"], "dst": ["10.1.0.0/16:*"]}]}""";

    /** Two routers of one prefix, one node that may use it, and one that may not. */
    private final Scenario scenario = scenario();

    private static Scenario scenario() {
        return Scenario.begin()
                .policy(POLICY)
                .router("a", NET)
                .router("b", NET)
                .register("laptop", node -> node.owner(Owner.tags("tag:laptop")).address(IpAddress.parse("100.64.0.3")))
                .register("guest", node -> node.owner(Owner.tags("tag:guest")).address(IpAddress.parse("100.64.0.4")));
    }

    private RoutingViews views() {
        return RoutingViews.of(scenario.state());
    }

    private Step step(RoutingViews views, Command command, Duration later) {
        return Routing.step(
                views.state(),
                List.of(Submission.of(new Actor("host"), command)),
                views.state().now().plus(later));
    }

    private ViewExplanation explain(String viewer, String prefix) {
        return Routing.explain(views(), scenario.id(viewer), Prefix.parse(prefix))
                .orElseThrow();
    }

    private List<RouteAnswer> answers(String viewer, String prefix) {
        return explain(viewer, prefix).offers().stream()
                .map(ViewExplanation.Offer::answer)
                .toList();
    }

    private RouteAnswer given(String peer, String prefix, RouteAnswer.GivenReason reason) {
        return new RouteAnswer.Given(scenario.id(peer), Prefix.parse(prefix), reason);
    }

    private RouteAnswer withheld(String peer, String prefix, Withheld.Reason reason) {
        return new Withheld(scenario.id(peer), Prefix.parse(prefix), reason);
    }

    private static RuleId grant(int index) {
        return new RuleId(RuleId.Section.GRANTS, index);
    }

    @Test
    void theChangesOfEachViewFollowFromAStep() {
        RoutingViews before = views();

        RoutingViews after = before.after(step(before, new Command.RemoveNode(scenario.id("a")), Duration.ZERO));

        ViewChange change = after.changesSince(before).of(scenario.id("laptop")).orElseThrow();
        assertThat(change.peers()).contains(new PeerChange.Removed(scenario.id("a"), new PeerChange.NodeRemoved()));
        assertThat(change.routes())
                .containsExactly(new RouteChange.Moved(
                        PREFIX,
                        scenario.id("a"),
                        scenario.id("b"),
                        new Withheld.NotEffective(),
                        new RouteAnswer.Admitted(new RuleId(RuleId.Section.ACLS, 0))));
        assertThat(after.changesSince(before).viewers()).doesNotContain(scenario.id("guest"));
    }

    /** The way back ends where some router admits the viewer, even one that cannot carry the prefix now. */
    @Test
    void aRouterThatGetsATagMayTakeAnotherRoutersPrefixFromAViewer() {
        Scenario tailnet = Scenario.begin()
                .policy("""
                        {"tagOwners": {"tag:site": [], "tag:laptop": []},
                         "grants": [{"src": ["tag:laptop"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:site"]},
                                    {"src": ["10.0.0.0/8"], "dst": ["tag:laptop"], "ip": ["*"]}]}""")
                .router("a", NET)
                .router("b", NET)
                .register("laptop", node -> node.owner(Owner.tags("tag:laptop")).address(IpAddress.parse("100.64.0.3")))
                .disconnect("b")
                .after(Duration.ofHours(1));
        RoutingViews before = RoutingViews.of(tailnet.state());
        Node tagged = tailnet.node("b").facts().toBuilder()
                .owner(Owner.tags("tag:site"))
                .build();

        Step step = step(before, new Command.UpdateNode(tagged), Duration.ZERO);

        ViewChange change =
                before.after(step).changesSince(before).of(tailnet.id("laptop")).orElseThrow();
        assertThat(change.routes())
                .containsExactly(new RouteChange.Lost(
                        PREFIX,
                        tailnet.id("a"),
                        new Withheld.ViaOtherRouter(new RuleId(RuleId.Section.GRANTS, 0), null)));
        assertThat(step.touched().nodes()).containsExactly(tailnet.id("b"));
        assertThat(step.touched().prefixes()).isEmpty();
    }

    @Test
    void aStepThatChangesNoViewSharesTheViews() {
        RoutingViews before = views();

        RoutingViews after = before.after(step(before, new Command.PassTime(), Duration.ofSeconds(1)));

        assertThat(after.state()).isNotSameAs(before.state());
        assertThat(after.visibility()).isSameAs(before.visibility());
        assertThat(after.changesSince(before)).isEqualTo(ViewChanges.NONE);
    }

    @Test
    void aPrimaryThatMovesLeavesTheRulesOfAccessAlone() {
        RoutingViews before = views();
        Step gone = step(
                before,
                new Command.DisconnectSession(
                        scenario.id("a"), scenario.node("a").session().orElseThrow()),
                Duration.ZERO);
        RoutingViews inGrace = before.after(gone);

        RoutingViews after = inGrace.after(step(
                inGrace, new Command.PassTime(), scenario.state().settings().grace()));

        assertThat(after.visibility().rules()).isSameAs(before.visibility().rules());
        assertThat(after.changesSince(before)
                        .of(scenario.id("laptop"))
                        .orElseThrow()
                        .routes())
                .hasSize(1);
    }

    @Test
    void aNodeThatChangesLeavesThePolicyAlone() {
        RoutingViews before = views();

        RoutingViews after = before.after(step(before, new Command.RemoveNode(scenario.id("b")), Duration.ZERO));

        assertThat(after.visibility().rules().hasPolicyOf(before.visibility().rules()))
                .isTrue();
    }

    @Test
    void anApprovedRouteLeavesOtherNodesAlone() {
        scenario.advertise("b", NET, "10.1.0.0/16");
        RoutingViews before = views();

        RoutingViews after = before.after(step(
                before,
                new Command.SetApprovedRoutes(scenario.id("b"), List.of(PREFIX, Prefix.parse("10.1.0.0/16"))),
                Duration.ZERO));

        assertThat(after.visibility().rules().isComparableTo(before.visibility().rules()))
                .isTrue();
        assertThat(after.visibility().elected(Prefix.parse("10.1.0.0/16")).primary())
                .contains(scenario.id("b"));
    }

    @Test
    void aRenameLeavesRoutesAloneAndIsSentToThePeers() {
        RoutingViews before = views();
        Node renamed = scenario.node("a").facts().toBuilder().name("other-name").build();

        RoutingViews after = before.after(step(before, new Command.UpdateNode(renamed), Duration.ZERO));

        AccessRules rules = after.visibility().rules();
        assertThat(rules.isComparableTo(before.visibility().rules())).isTrue();
        assertThat(rules.node(renamed.id()).orElseThrow().routes().node()).isEqualTo(renamed);
        ViewChanges changes = after.changesSince(before);
        assertThat(changes.of(renamed.id()).orElseThrow().self().facts()).containsExactly(NodeFact.NAME);
        assertThat(changes.of(scenario.id("laptop")).orElseThrow().peers())
                .containsExactly(new PeerChange.Changed(renamed.id(), new TreeSet<>(Set.of(NodeFact.NAME))));
    }

    @Test
    void aNodeThatGoesOfflineIsAChangeForThoseThatSeeItAndForNoOther() {
        RoutingViews online = views();
        Step silent = step(online, new Command.DisconnectSession(scenario.id("a"), session("a")), Duration.ZERO);
        RoutingViews inGrace = online.after(silent);
        assertThat(inGrace.changesSince(online).isEmpty()).isTrue();

        RoutingViews offline = inGrace.after(step(inGrace, new Command.PassTime(), Duration.ofMinutes(1)));

        ViewChanges changes = offline.changesSince(inGrace);
        assertThat(changes.of(scenario.id("laptop")).orElseThrow().peers())
                .containsExactly(new PeerChange.Changed(scenario.id("a"), new TreeSet<>(Set.of(NodeFact.ONLINE))));
        assertThat(changes.viewers()).doesNotContain(scenario.id("guest"));
        assertThat(changes.of(scenario.id("a")).stream().flatMap(change -> change.peers().stream()))
                .isEmpty();
        assertThat(offline.changesSince(online)).isEqualTo(offline.changesSince(inGrace));
    }

    private SessionId session(String node) {
        return scenario.node(node).session().orElseThrow();
    }

    @Test
    void anotherAddressConcernsOtherNodes() {
        RoutingViews before = views();
        Node moved = scenario.node("a").facts().toBuilder()
                .address(IpAddress.parse("100.64.0.77"))
                .build();

        RoutingViews after = before.after(step(before, new Command.UpdateNode(moved), Duration.ZERO));

        assertThat(after.changesSince(before)
                        .of(scenario.id("laptop"))
                        .orElseThrow()
                        .peers())
                .containsExactly(new PeerChange.Changed(scenario.id("a"), new TreeSet<>(Set.of(NodeFact.ADDRESSES))));
    }

    @Test
    void anotherOrderOfCandidatesConcernsEveryPrefix() {
        scenario.settings(settings -> settings.priority(new NodeId(2), 7));
        RoutingViews before = views();
        RoutingSettings lowest = scenario.state().settings().toBuilder()
                .order(ElectionOrder.LOWEST_ID)
                .build();

        RoutingViews after = before.after(step(before, new Command.SetSettings(lowest), Duration.ZERO));

        assertThat(before.visibility().elected(PREFIX).candidates())
                .containsExactly(scenario.id("b"), scenario.id("a"));
        assertThat(after.visibility().elected(PREFIX).candidates()).containsExactly(scenario.id("a"), scenario.id("b"));
        assertThat(after.visibility().rules()).isSameAs(before.visibility().rules());
    }

    @Test
    void anotherExitRuleIsAnotherTailnetToViewers() {
        scenario.policy("""
                        {"tagOwners": {"tag:router": [], "tag:laptop": [], "tag:guest": []},
                         "acls": [{"action": "accept", "src": ["tag:laptop"], "dst": ["tag:router:*"]}]}""")
                .change("a", node -> node.address(IpAddress.parse("100.64.0.1")))
                .advertise("a", "0.0.0.0/0")
                .approve("a", "0.0.0.0/0");
        RoutingViews before = views();
        RoutingSettings reachable =
                scenario.state().settings().toBuilder().exit(ExitRule.REACHABLE).build();

        RoutingViews after = before.after(step(before, new Command.SetSettings(reachable), Duration.ZERO));

        Prefix exit = Prefix.parse("0.0.0.0/0");
        NodeId laptop = scenario.id("laptop");
        assertThat(Routing.explain(before, laptop, exit).orElseThrow().carriers())
                .isEmpty();
        assertThat(Routing.explain(after, laptop, exit).orElseThrow().carriers())
                .containsExactly(scenario.id("a"));
    }

    @Test
    void severalStepsMayBeComparedAtOnce() {
        RoutingViews before = views();
        scenario.remove("a").router("c", NET).remove("b");

        RoutingViews after = before.forState(scenario.state());

        assertThat(after.visibility().rules().hasPolicyOf(before.visibility().rules()))
                .isTrue();
        assertThat(after.changesSince(before)
                        .of(scenario.id("laptop"))
                        .orElseThrow()
                        .routes())
                .hasOnlyElementsOfType(RouteChange.Moved.class)
                .hasSize(1);
        assertThat(before.forState(
                                RoutingState.empty(scenario.state().tailnet(), RoutingSettings.DEFAULT, scenario.now()))
                        .changesSince(before)
                        .isEmpty())
                .isTrue();
    }

    @Test
    void viewsFollowOtherUsersPoliciesAndSettings() {
        RoutingViews before = views();
        String other = POLICY.replace("tag:laptop\"], \"dst", "tag:guest\"], \"dst");
        List<Scenario> changed = List.of(
                scenario().policy(other),
                scenario().user("alice"),
                scenario()
                        .settings(settings ->
                                settings.overlay(OverlayRanges.of(AddressSet.of(Prefix.parse("10.0.0.0/9"))))),
                scenario().settings(settings -> settings.order(ElectionOrder.LOWEST_ID)));
        for (Scenario each : changed) {
            RoutingViews after = before.forState(each.state());
            assertThat(after.changesSince(RoutingViews.of(each.state())).isEmpty())
                    .isTrue();
            assertThat(after.visibility()
                            .rules()
                            .hasPolicyOf(before.visibility().rules()))
                    .isEqualTo(each == changed.get(3));
        }
    }

    @Test
    void viewsOfTwoTailnetsHaveNothingInCommon() {
        RoutingState other =
                RoutingState.empty(new TailnetId("other.example"), RoutingSettings.DEFAULT, scenario.now());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> views().forState(other))
                .withMessageContaining("`other.example`")
                .withMessageContaining("`example.com`");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoutingViews.of(other).changesSince(views()))
                .withMessageContaining("other.example");
    }

    @Test
    void anExplanationForAViewerGivesTheReasonForEveryHolder() {
        ViewExplanation explanation = explain("laptop", NET);

        assertThat(explanation.carriers()).containsExactly(scenario.id("a"));
        assertThat(answers("laptop", NET))
                .containsExactly(
                        given("a", NET, new RouteAnswer.Admitted(new RuleId(RuleId.Section.ACLS, 0))),
                        withheld("b", NET, new Withheld.NotCarrier(scenario.id("a"), Withheld.Precedence.PRIMARY)));
        assertThat(explanation.election()).isEqualTo(Routing.election(scenario.state(), PREFIX));
        assertThat(explanation.toString()).contains(NET, "node 3", "`acls[0]`");
    }

    @Test
    void anExplanationForAViewerSaysWhyItGetsNoRoute() {
        assertThat(answers("guest", NET))
                .containsExactly(
                        withheld("a", NET, new Withheld.NotAdmitted()), withheld("b", NET, new Withheld.NotAdmitted()));
        assertThat(answers("a", NET)).contains(withheld("a", NET, new Withheld.OwnRoute()));
        scenario.disconnect("a").disconnect("b");
        assertThat(explain("laptop", NET).offers())
                .extracting(offer -> offer.holder().graceUntilOrNull())
                .containsOnly(scenario.now().plusSeconds(15));
        scenario.after(Duration.ofSeconds(15));
        assertThat(explain("laptop", NET).election()).contains(new Outcome.Unserved());
        assertThat(explain("laptop", NET).offers())
                .extracting(offer -> offer.holder().liveness())
                .containsOnly(Liveness.OFFLINE);
        assertThat(answers("laptop", NET))
                .containsExactly(
                        withheld("a", NET, new Withheld.Unserved()), withheld("b", NET, new Withheld.Unserved()));
        ViewExplanation nowhere = explain("laptop", "192.168.0.0/16");
        assertThat(nowhere.offers()).isEmpty();
        assertThat(nowhere.election()).isEmpty();
        assertThat(nowhere.toString()).contains("192.168.0.0/16");
    }

    @Test
    void viaReturnPathsAndSharedPrefixesAreExplained() {
        scenario.policy("""
                        {"tagOwners": {"tag:router": [], "tag:laptop": [], "tag:guest": [], "tag:fast": []},
                         "grants": [{"src": ["tag:laptop"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:fast"]},
                                    {"src": ["10.0.0.0/8"], "dst": ["tag:guest"], "ip": ["*"]},
                                    {"src": ["tag:router"], "dst": ["tag:router"], "ip": ["*"]},
                                    {"src": ["tag:laptop"], "dst": ["autogroup:internet"], "ip": ["*"],
                                     "via": ["tag:fast"]}]}""")
                .change(
                        "b",
                        node -> node.owner(Owner.tags("tag:fast", "tag:router")).address(IpAddress.parse("100.64.0.2")))
                .change("a", node -> node.address(IpAddress.parse("100.64.0.1")));

        assertThat(answers("laptop", NET))
                .containsExactly(
                        withheld("a", NET, new Withheld.ViaOtherRouter(grant(0), scenario.id("b"))),
                        given("b", NET, new RouteAnswer.Admitted(grant(0))));
        assertThat(answers("guest", NET)).contains(given("a", NET, new RouteAnswer.ReturnPath(grant(1))));
        assertThat(answers("b", NET)).contains(given("a", NET, new RouteAnswer.SharedPrefix()));
        scenario.advertise("a", NET, "0.0.0.0/0", "::/0").approve("a", NET, "0.0.0.0/0");
        assertThat(explain("laptop", "0.0.0.0/0").election()).isEmpty();
        assertThat(answers("laptop", "0.0.0.0/0"))
                .containsExactly(withheld(
                        "a",
                        "0.0.0.0/0",
                        new Withheld.ViaNoRouter(grant(3), new TreeSet<>(Set.of(new Tag("tag:fast"))))));
        scenario.advertise("b", NET, "0.0.0.0/0", "::/0").approve("b", NET, "0.0.0.0/0");
        assertThat(answers("laptop", "0.0.0.0/0"))
                .containsExactly(
                        withheld("a", "0.0.0.0/0", new Withheld.ViaOtherRouter(grant(3), null)),
                        given("b", "0.0.0.0/0", new RouteAnswer.Admitted(grant(3))));
    }

    @Test
    void aCarrierThatIsNotThePrimaryIsTheFirstToWhichRulesLead() {
        scenario.policy("""
                        {"tagOwners": {"tag:router": [], "tag:laptop": [], "tag:guest": [], "tag:fast": []},
                         "grants": [{"src": ["tag:laptop"], "dst": ["10.0.0.0/8"], "ip": ["*"], \
                        "via": ["tag:fast"]}]}""")
                .change("b", node -> node.owner(Owner.tags("tag:fast")))
                .router("c", NET)
                .change("c", node -> node.owner(Owner.tags("tag:fast")));
        assertThat(answers("laptop", NET))
                .contains(withheld(
                        "c", NET, new Withheld.NotCarrier(scenario.id("b"), Withheld.Precedence.FIRST_ADMITTED)));
    }

    @Test
    void whereAPolicyHasNoRulesTheDefaultRuleAdmitsEveryViewer() {
        scenario.policy("{}");
        assertThat(answers("guest", NET)).contains(given("a", NET, new RouteAnswer.Admitted(RuleId.DEFAULT)));
    }

    @Test
    void anUnknownViewerHasNoExplanation() {
        assertThat(Routing.explain(views(), new NodeId(99), PREFIX)).isEqualTo(Optional.empty());
    }

    @Test
    void viewsPrintWhatTheyAreOf() {
        assertThat(views().toString()).startsWith("example.com at ").endsWith("viewer classes");
    }
}
