package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.TailnetLimits;
import dev.wayleave.testing.Scenario;
import dev.wayleave.visibility.View;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a state and its views answer about one node, one prefix or one policy. */
class RoutingAnswersTest {

    private static final Prefix NET = Prefix.parse("10.0.0.0/8");

    private final Scenario scenario = Scenario.begin()
            .user("ann")
            .register("pc", node -> node.owner(Owner.user(new UserId("ann"))).address(IpAddress.parse("100.64.0.1")))
            .router("a", "10.0.0.0/8");

    private RoutingState state() {
        return scenario.state();
    }

    private RoutingViews views() {
        return RoutingViews.of(state());
    }

    @Test
    void aReviewIsTheVerdictOnOneRouteOfOneNode() {
        assertThat(Routing.review(state(), scenario.id("a"), NET))
                .hasValueSatisfying(verdict -> assertThat(verdict).isInstanceOf(Verdict.AlreadyApproved.class));
        assertThat(Routing.review(state(), scenario.id("pc"), NET)).contains(new Verdict.NoKeyCovers());
        assertThat(Routing.review(state(), new NodeId(99), NET)).isEmpty();
    }

    @Test
    void anElectionIsTheOutcomeForOnePrefix() {
        assertThat(Routing.election(state(), NET))
                .contains(new Outcome.Elected(scenario.id("a"), new Win.OnlyCandidate(), List.of()));
        assertThat(Routing.election(state(), Prefix.parse("10.0.0.0/9"))).isEmpty();
    }

    @Test
    void aViewHasThePeersWithTheirLiveness() {
        scenario.disconnect("a");

        assertThat(Routing.view(views(), scenario.id("pc")).orElseThrow().peers())
                .extracting(peer -> peer.node().name(), View.Peer::liveness)
                .containsExactly(tuple("a", Liveness.GRACE));
        assertThat(Routing.view(views(), new NodeId(99))).isEmpty();
    }

    @Test
    void anExplainedFilterNamesTheEntriesThatOpenIt() {
        scenario.policy("""
                {"grants": [{"src": ["ann@"], "dst": ["10.0.0.0/8"], "ip": ["tcp:443"]}]}""");

        List<ExplainedRule> explained = views().explainedFilter(scenario.id("a"));

        assertThat(explained)
                .extracting(ExplainedRule::rule)
                .containsExactlyElementsOf(views().filter(scenario.id("a")).rules());
        assertThat(explained.get(0).entriesByDestination().values())
                .containsExactly(new TreeSet<>(Set.of(new RuleId(RuleId.Section.GRANTS, 0))));
    }

    @Test
    void aQuestionInPartsIsTheSameQuestion() {
        Prefix host = Prefix.parse("10.1.2.3/32");

        assertThat(views().can(scenario.id("pc"), host, Protocol.UDP, 53)).hasValueSatisfying(answer -> {
            assertThat(answer.passes()).isTrue();
            assertThat(answer.question().destination()).isEqualTo(host);
            assertThat(answer.question().protocol()).contains(Protocol.UDP);
            assertThat(answer.question().port()).hasValue(53);
        });
    }

    @Test
    void theNoticesOfAPolicyAreThoseForTheNodesAndUsersOfTheState() {
        RoutingPolicy policy = PolicyReader.read("""
                {"grants": [{"src": ["ann@"], "dst": ["eve@"], "ip": ["*"]}]}""");

        assertThat(policy.notices()).isEmpty();
        assertThat(state().notices(policy))
                .extracting(PolicyNotice::code, PolicyNotice::element)
                .containsExactly(tuple(PolicyNotice.Code.UNMATCHED_NAME, "grants[0].dst[0]"));
    }

    @Test
    void anExplanationNamesTheOwnerOfItsNode() {
        assertThat(explain("pc").subject().ownerName()).isEqualTo("ann");
        assertThat(explain("a").subject().ownerName()).isEqualTo("tag:router");
    }

    private RouteExplanation explain(String node) {
        return Routing.explain(state(), scenario.id(node), NET).orElseThrow();
    }

    @Test
    void ofTheWiderRoutesThatAreServedTheNarrowestIsNamed() {
        scenario.router("b", "10.1.0.0/16");

        assertThat(Routing.explain(state(), scenario.id("pc"), Prefix.parse("10.1.2.0/24"))
                        .flatMap(RouteExplanation::wider))
                .contains(new RouteExplanation.WiderRoute(Prefix.parse("10.1.0.0/16"), scenario.id("b")));
    }

    // Commands

    @Test
    void routesThatAreSetBeforeTheyAreAdvertisedAreRemarkedOn() {
        scenario.run(new Command.SetApprovedRoutes(scenario.id("pc"), List.of(NET)));

        assertThat(scenario.last().results())
                .containsExactly(new SubmissionResult.Accepted(List.of(
                        new SubmissionResult.NotAdvertisedYet(0, scenario.id("pc"), new TreeSet<>(Set.of(NET))))));
    }

    @Test
    void usersAreWrittenInTheOrderOfTheirIds() {
        scenario.run(new Command.SetUsers(Users.of(List.of(user("ada"), user("ann")))));

        assertThat(scenario.last().rowChanges().users().upserts()).containsExactly(user("ada"), user("ann"));
        scenario.run(new Command.SetUsers(Users.of(List.of(user("ada"), changed("ann"), user("zoe"), user("bob")))));
        assertThat(scenario.last().rowChanges().users().upserts())
                .containsExactly(changed("ann"), user("bob"), user("zoe"));
    }

    private static User user(String name) {
        return User.builder(new UserId(name), name).build();
    }

    private static User changed(String name) {
        return User.builder(new UserId(name), name).email("new@example.com").build();
    }

    @Test
    void moreRoutesThanANodeMayHaveAreNotSet() {
        scenario.settings(settings ->
                settings.limits(TailnetLimits.builder().routesPerNode(1).build()));

        scenario.run(new Command.SetApprovedRoutes(scenario.id("a"), List.of(NET, Prefix.parse("172.16.0.0/12"))));

        assertThat(scenario.last().results())
                .containsExactly(new SubmissionResult.Refused(
                        List.of(new Problem.TooMany(0, Problem.Limit.ROUTES_PER_NODE, 2, 1))));
    }

    @Test
    void moreKeepAlivesThanASubmissionMayHaveAreRefused() {
        scenario.settings(settings ->
                settings.limits(TailnetLimits.builder().commandsPerSubmission(2).build()));
        Command keepAlive = new Command.KeepAlive(
                scenario.id("a"), scenario.node("a").session().orElseThrow());

        scenario.run(keepAlive, keepAlive);
        assertThat(scenario.last().results()).containsExactly(SubmissionResult.accepted());
        scenario.run(keepAlive, keepAlive, keepAlive);
        assertThat(scenario.last().results())
                .allSatisfy(result -> assertThat(result).isInstanceOf(SubmissionResult.Refused.class));
    }
}
