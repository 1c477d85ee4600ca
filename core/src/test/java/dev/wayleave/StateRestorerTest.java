package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowContradiction;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.TailnetLimits;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** States from rows, in whatever order and condition they come. */
class StateRestorerTest {

    private static final String NET = "10.0.0.0/8";

    private final Scenario scenario = Scenario.begin()
            .user("alice")
            .user("bob")
            .router("a", NET, "192.168.0.0/16")
            .router("b", NET)
            .revoke("b", "172.16.0.0/12");

    private static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    private static <T> List<T> twice(List<T> list) {
        List<T> twice = new ArrayList<>(list);
        twice.addAll(list);
        return twice;
    }

    @Test
    void theOrderOfRowsDoesNotCount() {
        StateRows rows = scenario.stored();
        StateRows other =
                new StateRows(rows.tailnet(), reversed(rows.users()), reversed(rows.nodes()), reversed(rows.routes()));

        assertThat(RoutingState.restore(other, scenario.now()).canonicalText())
                .isEqualTo(RoutingState.restore(rows, scenario.now()).canonicalText());
    }

    private static List<RowContradiction> problems(StateRows rows) {
        return catchThrowableOfType(ContradictingRowsException.class, () -> RoutingState.restore(rows, Scenario.START))
                .problems();
    }

    private RouteKey route(String node, String prefix) {
        return new RouteKey(scenario.id(node), Prefix.parse(prefix));
    }

    @Test
    void twoRowsWithTheSameKeyAreRefused() {
        StateRows rows = scenario.stored();
        StateRows other = new StateRows(rows.tailnet(), twice(rows.users()), twice(rows.nodes()), twice(rows.routes()));

        assertThat(problems(other))
                .contains(
                        new RowContradiction.DuplicateUser(new UserId("alice")),
                        new RowContradiction.DuplicateNode(scenario.id("a")),
                        new RowContradiction.DuplicateRoute(route("a", NET)))
                .hasSize(rows.users().size()
                        + rows.nodes().size()
                        + rows.routes().size());
    }

    @Test
    void nodesWithTheSameHostKeyAreRefused() {
        StateRows rows = scenario.stored();
        List<NodeRow> nodes = rows.nodes().stream()
                .map(row -> new NodeRow(
                        row.facts().toBuilder().hostKey("same").build(),
                        row.drain().orElse(null),
                        row.candidate(),
                        row.absence().orElse(null)))
                .toList();

        assertThat(problems(new StateRows(rows.tailnet(), rows.users(), nodes, rows.routes())))
                .containsExactly(new RowContradiction.DuplicateHostKey(scenario.id("b"), scenario.id("a"), "same"));
    }

    @Test
    void halfADenialOfTheExitRoutesIsRefused() {
        StateRows rows = scenario.revoke("a", "0.0.0.0/0").stored();
        assertThat(RoutingState.restore(rows, scenario.now()).rows()).isEqualTo(rows);

        assertThat(problems(without(rows, "::/0")))
                .containsExactly(new RowContradiction.HalfDenied(route("a", "0.0.0.0/0")));
    }

    @Test
    void halfAWithdrawalOfTheExitRoutesIsRefused() {
        StateRows rows = scenario.settings(settings -> settings.withdrawal(WithdrawalRule.REVOKE_APPROVAL))
                .router("exit", "0.0.0.0/0", "::/0")
                .advertise("exit")
                .stored();
        assertThat(RoutingState.restore(rows, scenario.now()).rows()).isEqualTo(rows);
        assertThat(scenario.node("exit").approvals().withdrawn()).hasSize(2);

        assertThat(problems(without(rows, "0.0.0.0/0")))
                .containsExactly(new RowContradiction.HalfWithdrawn(route("exit", "::/0")));
    }

    private static StateRows without(StateRows rows, String prefix) {
        List<RouteRow> others = rows.routes().stream()
                .filter(row -> !row.prefix().equals(Prefix.parse(prefix)))
                .toList();
        return new StateRows(rows.tailnet(), rows.users(), rows.nodes(), others);
    }

    @Test
    void aKeyThatExpiresAtTheTimeOfTheRestartHasExpired() {
        scenario.change("a", node -> node.keyExpiry(scenario.now().plusSeconds(60)));
        assertThat(restored(Duration.ofMillis(59_999)).isKeyExpired()).isFalse();
        assertThat(restored(Duration.ofSeconds(60)).isKeyExpired()).isTrue();
    }

    private NodeState restored(Duration later) {
        return RoutingState.restore(scenario.stored(), scenario.now().plus(later))
                .node(scenario.id("a"))
                .orElseThrow();
    }

    @Test
    void withoutRestartGraceNoNodeIsACandidateAfterARestart() {
        scenario.settings(settings -> settings.restartGrace(Duration.ZERO));
        assertThat(restored(Duration.ZERO).liveness()).isEqualTo(Liveness.OFFLINE);
        scenario.settings(settings -> settings.restartGrace(Duration.ofMillis(1)));
        assertThat(restored(Duration.ZERO).liveness()).isEqualTo(Liveness.GRACE);
    }

    @Test
    void ofANodeThatIsNoRouterItIsNotKnownAfterARestartWhetherItIsOnline() {
        Scenario phones = Scenario.begin().register("phone").register("laptop").connect("phone");
        RoutingState restored = RoutingState.restore(phones.stored(), phones.now());
        assertThat(restored.nodes().values()).extracting(NodeState::liveness).containsOnly(Liveness.UNKNOWN);
        assertThat(restored.nextDeadline()).contains(phones.now().plusSeconds(60));

        Step back = Routing.step(
                restored,
                List.of(Submission.of(
                        new Actor("host"), new Command.ConnectSession(phones.id("phone"), new SessionId("s")))),
                phones.now().plusSeconds(1));
        Step over = Routing.step(back.next(), List.of(), phones.now().plusSeconds(60));

        assertThat(over.next().nodes().values())
                .extracting(NodeState::liveness)
                .containsExactly(Liveness.ONLINE, Liveness.OFFLINE);
        assertThat(over.events())
                .containsExactly(new RouteEvent.NodeOffline(
                        Origin.time(),
                        phones.id("laptop"),
                        new Reason.GraceOver(phones.now().plusSeconds(60))));
        assertThat(over.rowChanges().isEmpty()).isTrue();
    }

    @Test
    void aNodeWithoutASessionIsOfflineBeforeARestartAndUnknownAfterIt() {
        Scenario phones = Scenario.begin().register("phone").expectLiveness("phone", Liveness.OFFLINE);
        phones.restart().expectLiveness("phone", Liveness.UNKNOWN);
        phones.register("laptop").expectLiveness("laptop", Liveness.OFFLINE);
        phones.after(Duration.ofSeconds(60)).expectLiveness("phone", Liveness.OFFLINE);
    }

    @Test
    void ofARouterThatWasOfflineItIsKnownAfterARestart() {
        scenario.disconnect("a").sleep(Duration.ofMinutes(1));
        assertThat(restored(Duration.ZERO).liveness()).isEqualTo(Liveness.OFFLINE);
    }

    @Test
    void aNodeThatComesWithAReloadIsAbsentAndInItsGraceFromThenOn() {
        StateRows rows = scenario.stored();
        StateRows none = new StateRows(rows.tailnet(), rows.users(), List.of(), List.of());
        RoutingState empty = RoutingState.restore(none, scenario.now());
        Instant later = scenario.now().plusSeconds(59);

        RoutingState reloaded = empty.reload(rows, later);

        NodeState node = reloaded.node(scenario.id("a")).orElseThrow();
        assertThat(node.graceUntil()).contains(later.plusSeconds(60));
        assertThat(node.absentSince()).contains(later);
        assertThat(reloaded.now()).isEqualTo(scenario.now());
        assertThat(empty.reload(rows, scenario.now().minusSeconds(9)).canonicalText())
                .isEqualTo(empty.reload(rows).canonicalText());
    }

    @Test
    void aReloadTakesTheTimeOfAnAbsenceFromTheRowsOfTheOtherProcess() {
        scenario.disconnect("a");
        RoutingState other = RoutingState.restore(scenario.stored(), scenario.now());
        scenario.connect("a").sleep(Duration.ofSeconds(1)).disconnect("a");

        RoutingState reloaded = other.reload(scenario.stored(), scenario.now());

        NodeState node = reloaded.node(scenario.id("a")).orElseThrow();
        assertThat(node.absentSince()).contains(scenario.now());
        assertThat(node.graceUntil()).contains(scenario.now().plusSeconds(15));
        assertThat(reloaded.rows().nodes()).isEqualTo(scenario.stored().nodes());
    }

    @Test
    void nothingIsHeardOfANodeThatIsGoneAfterAReload() {
        Scenario alone = Scenario.begin().register("a").connect("a");
        assertThat(alone.state().nextDeadline()).isPresent();
        StateRows rows = alone.stored();

        RoutingState reloaded = alone.state().reload(new StateRows(rows.tailnet(), rows.users(), List.of(), List.of()));

        assertThat(reloaded.nextDeadline()).isEmpty();
        assertThat(alone.state().reload(rows).nextDeadline())
                .isEqualTo(alone.state().nextDeadline());
    }

    @Test
    void asManyCommandsAndUsersAsTheLimitAllowsAreTaken() {
        scenario.settings(settings -> settings.limits(TailnetLimits.builder()
                .nodes(10)
                .users(2)
                .routesPerNode(10)
                .routesRememberedPerNode(10)
                .commandsPerSubmission(2)
                .build()));
        Command users = new Command.SetUsers(Users.of(
                User.builder(new UserId("x"), "x").build(),
                User.builder(new UserId("y"), "y").build()));

        Step step = Routing.step(
                scenario.state(),
                List.of(Submission.of(new Actor("host"), users, new Command.PassTime())),
                scenario.now());

        assertThat(step.results()).containsExactly(SubmissionResult.accepted());
    }

    @Test
    void prefixesWithAWrongPrimaryAreElectedInOneOrderWithThoseTouched() {
        StateRows rows = scenario.router("c", "10.1.0.0/16", "10.0.0.0/16").stored();
        Prefix higher = Prefix.parse("10.1.0.0/16");
        Prefix lower = Prefix.parse("10.0.0.0/16");
        List<RouteRow> withoutPrimary = rows.routes().stream()
                .map(row -> row.prefix().equals(lower)
                        ? new RouteRow(row.node(), lower, row.advertisedAtOrNull(), row.status(), false)
                        : row)
                .toList();
        StateRows stored = new StateRows(rows.tailnet(), rows.users(), rows.nodes(), withoutPrimary);

        Step step = Routing.step(
                RoutingState.restore(stored, scenario.now()),
                List.of(Submission.of(new Actor("host"), new Command.RevokeRoutes(scenario.id("c"), List.of(higher)))),
                scenario.now());

        assertThat(step.events().stream()
                        .filter(RouteEvent.OfElection.class::isInstance)
                        .map(event -> event.subjectPrefix().orElseThrow()))
                .containsExactly(lower, higher);
    }

    @Test
    void usersWhoGetARoleGetWhatItsApproversApprove() {
        Scenario tailnet = Scenario.begin()
                .user("alice")
                .policy("""
                        {"autoApprovers": {"routes": {"10.0.0.0/8": ["autogroup:admin"]}}}""")
                .register("a", node -> node.owner(dev.wayleave.mesh.Owner.user(new UserId("alice"))))
                .advertise("a", NET)
                .expectEffective("a");
        User admin = tailnet.state().users().find(new UserId("alice")).orElseThrow().toBuilder()
                .role(Role.ADMIN)
                .build();
        tailnet.run(new Command.SetUsers(Users.of(admin))).expectEffective("a", NET);
        assertThat(tailnet.state().route(Prefix.parse(NET))).isNotEqualTo(Optional.empty());
    }
}
