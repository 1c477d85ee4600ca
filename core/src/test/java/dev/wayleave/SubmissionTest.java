package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.settings.TailnetLimits;
import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Submissions apply whole or not at all, and a refusal touches no other. */
class SubmissionTest {

    private static final Actor ADMIN = new Actor("admin");
    private static final List<Prefix> NET = List.of(Prefix.parse("10.0.0.0/8"));

    private final Scenario scenario = Scenario.begin().user("alice").router("a", "10.0.0.0/8");
    private final NodeId a = scenario.id("a");

    private Step step(Submission... submissions) {
        Step step = Routing.step(scenario.state(), List.of(submissions), scenario.now());
        Invariants.check(scenario.state(), List.of(submissions), step);
        return step;
    }

    private static List<Problem> problems(Step step, int submission) {
        return ((SubmissionResult.Refused) step.results().get(submission)).problems();
    }

    @Test
    void aRefusalHasAllItsProblemsAndAffectsNoOtherSubmission() {
        Step step = step(
                Submission.of(
                        ADMIN,
                        new Command.RevokeRoutes(a, NET),
                        new Command.RemoveNode(new NodeId(8)),
                        new Command.ReportHealth(new NodeId(9), Health.HEALTHY)),
                Submission.of(
                        ADMIN,
                        new Command.UpdateNode(
                                scenario.node("a").facts().toBuilder().name("x").build())));

        assertThat(problems(step, 0))
                .containsExactly(new Problem.UnknownNode(1, new NodeId(8)), new Problem.UnknownNode(2, new NodeId(9)));
        assertThat(step.results().get(1)).isEqualTo(SubmissionResult.accepted());
        assertThat(step.next().primary(NET.get(0))).contains(a);
        assertThat(step.next().node(a).orElseThrow().facts().name()).isEqualTo("x");
        assertThat(step.events())
                .hasOnlyElementsOfType(RouteEvent.NodeRenamed.class)
                .hasSize(1);
    }

    @Test
    void aRefusalThatComesLastLeavesNothingBehind() {
        Step step = step(Submission.of(ADMIN, new Command.RevokeRoutes(a, NET), new Command.RemoveNode(new NodeId(9))));
        assertThat(step.next().route(NET.get(0)))
                .contains(scenario.state().route(NET.get(0)).orElseThrow());
        assertThat(step.rowChanges().isEmpty()).isTrue();
        assertThat(step(Submission.of(ADMIN, new Command.RevokeRoutes(a, NET)))
                        .rowChanges()
                        .isEmpty())
                .isFalse();
    }

    @Test
    void aRefusalAfterAnAcceptedSubmissionKeepsThatOne() {
        Step step = step(
                Submission.of(ADMIN, new Command.RevokeRoutes(a, NET)),
                Submission.of(ADMIN, new Command.SetApprovedRoutes(a, NET), new Command.UndrainNode(new NodeId(9))),
                Submission.of(ADMIN, new Command.DrainNode(a)));

        assertThat(problems(step, 1)).hasSize(1);
        assertThat(step.next().node(a).orElseThrow().effective()).isEmpty();
        assertThat(step.next().node(a).orElseThrow().drain()).isPresent();
    }

    @Test
    void aUserWhoCameInTheSameStepDoesNotLeaveNodesBehind() {
        Users one = Users.of(User.builder(new UserId("alice"), "alice").build());
        Users both = Users.of(
                User.builder(new UserId("alice"), "alice").build(),
                User.builder(new UserId("bob"), "bob").build());
        Node bobs =
                Node.builder(new NodeId(2), "b", Owner.user(new UserId("bob"))).build();

        Step step = step(
                Submission.of(ADMIN, new Command.SetUsers(both), new Command.RegisterNode(bobs)),
                Submission.of(ADMIN, new Command.SetUsers(one)));
        Step atOnce = step(Submission.of(
                ADMIN, new Command.SetUsers(both), new Command.RegisterNode(bobs), new Command.SetUsers(one)));

        assertThat(problems(step, 1)).containsExactly(new Problem.UserOwnsNode(0, new UserId("bob"), new NodeId(2)));
        assertThat(problems(atOnce, 0)).containsExactly(new Problem.UserOwnsNode(2, new UserId("bob"), new NodeId(2)));
    }

    @Test
    void ownersMustBeKnown() {
        Node bobs =
                Node.builder(new NodeId(2), "b", Owner.user(new UserId("bob"))).build();
        Step step = step(Submission.of(ADMIN, new Command.RegisterNode(bobs)));
        assertThat(problems(step, 0)).containsExactly(new Problem.UnknownUser(0, new NodeId(2), new UserId("bob")));
    }

    @Test
    void aUserWhoOwnsANodeStaysUnlessTheSameSubmissionTakesItAway() {
        scenario.register("hers", node -> node.owner(Owner.user(new UserId("alice"))));
        Command noUsers = new Command.SetUsers(Users.none());

        assertThat(problems(step(Submission.of(ADMIN, noUsers)), 0))
                .containsExactly(new Problem.UserOwnsNode(0, new UserId("alice"), scenario.id("hers")));
        assertThat(step(Submission.of(ADMIN, noUsers, new Command.RemoveNode(scenario.id("hers"))))
                        .results())
                .containsExactly(SubmissionResult.accepted());
    }

    @Test
    void aUserWhoIsRemovedAndAddedInOneSubmissionKeepsTheNodes() {
        scenario.register("hers", node -> node.owner(Owner.user(new UserId("alice"))));
        Users all = scenario.state().users();

        assertThat(step(Submission.of(ADMIN, new Command.SetUsers(Users.none()), new Command.SetUsers(all)))
                        .results())
                .containsExactly(SubmissionResult.accepted());
    }

    @Test
    void usersPolicyAndSettingsOutliveTheRefusalThatFollows() {
        Users both = Users.of(
                User.builder(new UserId("alice"), "alice").build(),
                User.builder(new UserId("bob"), "bob").build());
        RoutingPolicy policy = PolicyReader.read("""
                {"tagOwners": {"tag:router": []}}""");
        RoutingSettings settings = RoutingSettings.DEFAULT.toBuilder()
                .grace(java.time.Duration.ofSeconds(7))
                .build();
        Submission refused = Submission.of(ADMIN, new Command.RemoveNode(new NodeId(99)));

        assertThat(step(Submission.of(ADMIN, new Command.SetUsers(both)), refused)
                        .next()
                        .users())
                .isEqualTo(both);
        assertThat(step(Submission.of(ADMIN, new Command.SetPolicy(policy)), refused)
                        .next()
                        .policy())
                .isEqualTo(policy);
        assertThat(step(Submission.of(ADMIN, new Command.SetSettings(settings)), refused)
                        .next()
                        .settings())
                .isEqualTo(settings);
    }

    @Test
    void aHostKeyBelongsToOneNode() {
        Node other = Node.builder(new NodeId(2), "b", Owner.tags("tag:router"))
                .hostKey(scenario.node("a").facts().hostKey())
                .build();
        assertThat(problems(step(Submission.of(ADMIN, new Command.RegisterNode(other))), 0))
                .containsExactly(new Problem.HostKeyTaken(0, new NodeId(2), "1", a));
    }

    static Stream<Arguments> everyProblem() {
        NodeId one = new NodeId(1);
        UserId bob = new UserId("bob");
        return Stream.of(
                Arguments.of(new Problem.UnknownNode(0, one), "node `1` is unknown: register it first"),
                Arguments.of(
                        new Problem.UnknownUser(0, one, bob),
                        "node 1 belongs to user `bob`, who is unknown: add the user first"),
                Arguments.of(
                        new Problem.UserOwnsNode(0, bob, one),
                        "user `bob` still owns node 1: remove the node or give it another owner first"),
                Arguments.of(
                        new Problem.HostKeyTaken(0, new NodeId(2), "key", one),
                        "host key `key` belongs to node 1: remove that node first"),
                Arguments.of(
                        new Problem.TooMany(0, Problem.Limit.ROUTES_PER_NODE, 2, 1),
                        "2 routes on the node: at most 1 are allowed; raise the limit in the settings"),
                Arguments.of(
                        new Problem.DrainLeavesPrefixes(0, one, new TreeSet<>(NET)),
                        "the drain of node 1 is refused: no other healthy node can carry `10.0.0.0/8` now; "
                                + "bring a standby up, or force the drain"),
                Arguments.of(
                        new Problem.PolicyTestFailed(
                                0,
                                new PolicyTestFailure(
                                        1,
                                        7,
                                        Selector.parse("ann@example.com"),
                                        List.of(new PolicyTestFailure.NoSender()))),
                        "the policy fails its own test: tests[1], line 7: `ann@example.com` names no sender: name a"
                                + " user, a tag or an address"),
                Arguments.of(
                        new Problem.SessionsNotShared(0),
                        "the sessions of the tailnet are not shared by several processes: end each of them by its own"),
                Arguments.of(
                        new Problem.SessionsElsewhere(0, one),
                        "sessions and health of node 1 are not kept here: hand them to the process that has the"
                                + " sessions of the tailnet"),
                Arguments.of(
                        new Problem.ClockStepNotAlone(0),
                        "a step of the clock must be alone in its submission: hand the other commands in by one of "
                                + "their own"),
                Arguments.of(
                        new Problem.ClockStepTooLong(0, Duration.ofDays(-400_000), Command.StepClock.MOST),
                        "a step of the clock by `PT-9600000H` is too long: at most 365250 days are allowed, forward or"
                                + " back; check how the host measured it"),
                Arguments.of(
                        new Problem.RevisionConflict(7, 9),
                        "the tailnet is at revision `9` and not at `7`, which the submission expects: read it again,"
                                + " and decide on what it is now"),
                Arguments.of(
                        new Problem.DrainOver(0, one, Scenario.START),
                        "the drain of node 1 would have ended at 2026-01-01T00:00:00Z: give a later time"));
    }

    @ParameterizedTest
    @MethodSource("everyProblem")
    void aProblemSaysWhatIsWrongAndWhatToDo(Problem problem, String message) {
        assertThat(problem.text(Names.NUMBERS)).isEqualTo(message);
    }

    @Test
    void everyKindOfProblemIsTested() {
        assertThat(everyProblem().<Class<?>>map(arguments -> arguments.get()[0].getClass()))
                .containsExactlyInAnyOrder(Problem.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 201})
    void sessionsSourcesAndCorrelationIdsAreNeitherEmptyNorLong(int length) {
        String text = "x".repeat(length);
        String most = "x".repeat(200);
        assertThatIllegalArgumentException().isThrownBy(() -> new SessionId(text));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Submission(ADMIN, text, List.of(new Command.PassTime())));
        assertThatIllegalArgumentException().isThrownBy(() -> new Command.ImportApprovals(a, NET, text));
        assertThatCode(() -> new Submission(
                        ADMIN,
                        most,
                        List.of(
                                new Command.ConnectSession(a, new SessionId(most)),
                                new Command.ImportApprovals(a, NET, most))))
                .doesNotThrowAnyException();
    }

    @Test
    void aDrainMustEndLaterThanNow() {
        scenario.router("b", "10.0.0.0/8");
        Optional<java.time.Instant> now = Optional.of(scenario.now());
        Optional<java.time.Instant> later = Optional.of(scenario.now().plusNanos(1));
        assertThat(problems(step(Submission.of(ADMIN, new Command.DrainNode(a, now.orElse(null), true))), 0))
                .containsExactly(new Problem.DrainOver(0, a, scenario.now()));
        Step step = step(Submission.of(
                ADMIN,
                new Command.DrainNode(a, later.orElse(null), true),
                new Command.DrainNode(a, later.orElse(null), true)));
        assertThat(step.results()).containsExactly(SubmissionResult.accepted());
        assertThat(step.events().stream().filter(RouteEvent.DrainStarted.class::isInstance))
                .hasSize(1);
    }

    @Test
    void everyLimitIsKept() {
        scenario.settings(settings -> settings.limits(TailnetLimits.builder()
                .nodes(1)
                .users(1)
                .routesPerNode(2)
                .routesRememberedPerNode(3)
                .commandsPerSubmission(2)
                .build()));
        List<Prefix> three =
                List.of(Prefix.parse("10.1.0.0/16"), Prefix.parse("10.2.0.0/16"), Prefix.parse("10.3.0.0/16"));
        Command node = new Command.RegisterNode(
                Node.builder(new NodeId(2), "b", Owner.tags("tag:router")).build());
        Command users = new Command.SetUsers(Users.of(
                User.builder(new UserId("alice"), "alice").build(),
                User.builder(new UserId("bob"), "bob").build()));
        Command pass = new Command.PassTime();

        Step step = step(
                Submission.of(ADMIN, node),
                Submission.of(ADMIN, users),
                Submission.of(ADMIN, new Command.AdvertiseRoutes(a, three)),
                Submission.of(ADMIN, new Command.AdvertiseRoutes(a, three.subList(0, 2))),
                Submission.of(ADMIN, new Command.SetApprovedRoutes(a, three.subList(1, 3))),
                Submission.of(ADMIN, pass, pass, pass));

        assertThat(problems(step, 0)).containsExactly(new Problem.TooMany(0, Problem.Limit.NODES, 2, 1));
        assertThat(problems(step, 1)).containsExactly(new Problem.TooMany(0, Problem.Limit.USERS, 2, 1));
        assertThat(problems(step, 2)).containsExactly(new Problem.TooMany(0, Problem.Limit.ROUTES_PER_NODE, 3, 2));
        assertThat(step.results().get(3)).isEqualTo(SubmissionResult.accepted());
        assertThat(problems(step, 4))
                .containsExactly(new Problem.TooMany(0, Problem.Limit.ROUTES_REMEMBERED_PER_NODE, 4, 3));
        assertThat(problems(step, 5)).containsExactly(new Problem.TooMany(2, Problem.Limit.COMMANDS, 3, 2));
        assertThat(problems(step, 5).get(0).text(Names.NUMBERS))
                .contains("at most 2")
                .contains("raise");
    }

    @Test
    void aDeniedAndAWithdrawnRouteCountAsRemembered() {
        scenario.settings(settings -> settings.withdrawal(WithdrawalRule.REVOKE_APPROVAL)
                        .limits(TailnetLimits.builder()
                                .nodes(9)
                                .users(9)
                                .routesPerNode(9)
                                .routesRememberedPerNode(3)
                                .commandsPerSubmission(9)
                                .build()))
                .advertise("a")
                .revoke("a", "10.1.0.0/16", "10.2.0.0/16")
                .expectAccepted();
        assertThat(scenario.node("a").approvals().withdrawn()).hasSize(1);

        Step step = step(Submission.of(ADMIN, new Command.RevokeRoutes(a, List.of(Prefix.parse("10.3.0.0/16")))));

        assertThat(problems(step, 0))
                .containsExactly(new Problem.TooMany(0, Problem.Limit.ROUTES_REMEMBERED_PER_NODE, 4, 3));
    }

    @Test
    void aListOfApprovalsIsNoLongerThanAnAdvertisement() {
        scenario.settings(settings -> settings.limits(TailnetLimits.builder()
                .nodes(9)
                .users(9)
                .routesPerNode(1)
                .routesRememberedPerNode(9)
                .commandsPerSubmission(9)
                .build()));
        List<Prefix> two = List.of(Prefix.parse("10.1.0.0/16"), Prefix.parse("10.2.0.0/16"));
        Problem tooMany = new Problem.TooMany(0, Problem.Limit.ROUTES_PER_NODE, 2, 1);

        Step step = step(
                Submission.of(ADMIN, new Command.SetApprovedRoutes(a, two)),
                Submission.of(ADMIN, new Command.ApproveRoutes(a, two)),
                Submission.of(ADMIN, new Command.RevokeRoutes(a, two)),
                Submission.of(ADMIN, new Command.ImportApprovals(a, two, "old system")));

        for (int submission = 0; submission < 4; submission++) {
            assertThat(problems(step, submission)).containsExactly(tooMany);
        }
    }

    @Test
    void rememberedRoutesAreCountedForEveryCommandThatAddsThem() {
        scenario.settings(settings -> settings.limits(TailnetLimits.builder()
                .nodes(9)
                .users(9)
                .routesPerNode(9)
                .routesRememberedPerNode(3)
                .commandsPerSubmission(9)
                .build()));
        List<Prefix> three =
                List.of(Prefix.parse("10.1.0.0/16"), Prefix.parse("10.2.0.0/16"), Prefix.parse("10.3.0.0/16"));
        Problem four = new Problem.TooMany(0, Problem.Limit.ROUTES_REMEMBERED_PER_NODE, 4, 3);

        Step step = step(
                Submission.of(ADMIN, new Command.AdvertiseRoutes(a, three)),
                Submission.of(ADMIN, new Command.SetApprovedRoutes(a, three)),
                Submission.of(ADMIN, new Command.ImportApprovals(a, three, "old system")),
                Submission.of(ADMIN, new Command.ImportApprovals(a, three.subList(0, 2), "old system")));

        for (int refused = 0; refused < 3; refused++) {
            assertThat(problems(step, refused)).containsExactly(four);
        }
        assertThat(step.results().get(3)).isEqualTo(SubmissionResult.accepted());
    }

    @Test
    void anImportOfHalfAPairIsKeptAndReported() {
        Step step = step(
                Submission.of(ADMIN, new Command.ImportApprovals(a, List.of(Prefix.parse("0.0.0.0/0")), "old system")));
        assertThat(step.results())
                .containsExactly(new SubmissionResult.Accepted(
                        List.of(new SubmissionResult.HalfExitPair(0, a, Prefix.parse("0.0.0.0/0")))));
    }

    @Test
    void anImportDoesNotOverrideADenial() {
        scenario.revoke("a", "10.0.0.0/8");
        Step step = step(Submission.of(ADMIN, new Command.ImportApprovals(a, NET, "old system")));
        SubmissionResult.Accepted accepted =
                (SubmissionResult.Accepted) step.results().get(0);
        assertThat(accepted.remarks()).hasSize(1).hasOnlyElementsOfType(SubmissionResult.ImportRefused.class);
        assertThat(step.next().node(a).orElseThrow().effective()).isEmpty();
    }

    @Test
    void aSubmissionHasTheCorrelationIdThatItWasGiven() {
        List<Command> commands = List.of(new Command.PassTime());

        assertThat(new Submission(ADMIN, "request-7", commands).correlationId()).contains("request-7");
        assertThat(Submission.of(ADMIN, new Command.PassTime()).correlationId()).isEmpty();
    }

    @Test
    void aReportOfASessionHasTheSessionThatTheProcessHas() {
        SessionHolder holder = new SessionHolder("one");
        SessionId session = new SessionId("s1");

        assertThat(new Command.ReportSession(a, holder, session).session()).contains(session);
        assertThat(new Command.ReportSession(a, holder, null).session()).isEmpty();
    }

    @Test
    void eventsNameActorAndCorrelation() {
        Step step = step(new Submission(ADMIN, "request-7", List.of(new Command.RevokeRoutes(a, NET))));
        assertThat(step.events()).isNotEmpty().allSatisfy(event -> {
            assertThat(event.actor()).contains(ADMIN);
            assertThat(event.origin().correlationId()).contains("request-7");
            assertThat(event.subjectPrefix()).contains(NET.get(0));
        });
    }

    @Test
    void anElectionIsOwedToTheSubmissionThatTouchedItsPrefixRatherThanToTime() {
        scenario.router("b", "10.0.0.0/8").router("c", "10.1.0.0/16").disconnect("a");
        java.time.Instant graceOver = scenario.now().plus(RoutingSettings.DEFAULT.grace());
        Submission touches = Submission.of(ADMIN, new Command.ReportHealth(scenario.id("b"), Health.UNHEALTHY));
        Submission touchesNot = Submission.of(ADMIN, new Command.RevokeRoutes(scenario.id("c"), List.of()));

        assertThat(moverOf(Routing.step(scenario.state(), List.of(touches), graceOver)))
                .contains(ADMIN);
        assertThat(moverOf(Routing.step(scenario.state(), List.of(touchesNot), graceOver)))
                .isEmpty();
        Submission refused = Submission.of(ADMIN, new Command.RemoveNode(new NodeId(9)));
        assertThat(moverOf(Routing.step(scenario.state(), List.of(touches, refused), graceOver)))
                .contains(ADMIN);
    }

    private static Optional<Actor> moverOf(Step step) {
        return step.events().stream()
                .filter(RouteEvent.PrimaryMoved.class::isInstance)
                .findFirst()
                .orElseThrow()
                .actor();
    }

    @Test
    void settingsSurviveTheirText() {
        RoutingSettings settings = RoutingSettings.HEADSCALE.toBuilder()
                .failBack(dev.wayleave.election.FailBack.after(java.time.Duration.ofMinutes(5)))
                .withoutSilenceLimit()
                .priority(a, 7)
                .priority(a, NET.get(0), -1)
                .build();
        assertThat(RoutingSettings.parse(settings.toJson())).isEqualTo(settings);
        assertThat(RoutingSettings.parse("{}")).isEqualTo(RoutingSettings.DEFAULT);
    }
}
