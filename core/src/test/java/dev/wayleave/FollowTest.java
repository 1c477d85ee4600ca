package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.RowContradiction;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.testing.ChangedRows;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A process that follows the rows of another process. */
class FollowTest {

    private static final String NET = "10.0.0.0/8";
    private static final String OTHER = "192.168.0.0/16";

    /** The process that writes. */
    private final Scenario writer =
            Scenario.begin().user("alice").router("a", NET, OTHER).router("b", NET);

    private final RoutingState state = RoutingState.restore(writer.stored(), writer.now());

    /** Follows one change that is all that the writer does. */
    private FollowedState after(Consumer<Scenario> writes) {
        StateRows before = writer.stored();
        writes.accept(writer);
        RowChanges changes = ChangedRows.between(before, writer.stored());
        FollowedState followed = Routing.follow(state, changes, writer.now());
        assertThat(followed.next().canonicalText())
                .isEqualTo(state.reload(writer.stored(), writer.now()).canonicalText());
        return followed;
    }

    private List<RowContradiction> problems(RowChanges changes) {
        String before = state.canonicalText();
        List<RowContradiction> problems = catchThrowableOfType(
                        ContradictingRowsException.class, () -> Routing.follow(state, changes, writer.now()))
                .problems();
        assertThat(state.canonicalText()).isEqualTo(before);
        return problems;
    }

    private RouteKey route(String node, String prefix) {
        return new RouteKey(writer.id(node), Prefix.parse(prefix));
    }

    private RowContradiction duplicateHostKey(String hostKey) {
        return new RowContradiction.DuplicateHostKey(writer.id("b"), writer.id("a"), hostKey);
    }

    private static RowChanges nodes(NodeRow... rows) {
        return new RowChanges(
                null, RowChanges.Rows.none(), new RowChanges.Rows<>(List.of(rows), List.of()), RowChanges.Rows.none());
    }

    private static RowChanges routes(RouteRow... rows) {
        return new RowChanges(
                null, RowChanges.Rows.none(), RowChanges.Rows.none(), new RowChanges.Rows<>(List.of(rows), List.of()));
    }

    private NodeRow nodeRow(String name, UnaryOperator<Node.Builder> change) {
        NodeRow row = writer.node(name).row();
        return new NodeRow(
                change.apply(row.facts().toBuilder()).build(), row.drainOrNull(), row.candidate(), row.absenceOrNull());
    }

    private RouteRow routeRow(String name, String prefix) {
        return writer.stored().routes().stream()
                .filter(row -> row.key().equals(new RouteKey(writer.id(name), Prefix.parse(prefix))))
                .findAny()
                .orElseThrow();
    }

    @Test
    void aRouteThatIsApprovedTouchesItsNodeAndItsPrefix() {
        FollowedState followed = after(other -> other.advertise("b", NET, OTHER).approve("b", NET, OTHER));

        assertThat(followed.touched().nodes()).containsExactly(writer.id("b"));
        assertThat(followed.touched().prefixes()).containsExactly(Prefix.parse(OTHER));
        assertThat(followed.next().route(Prefix.parse(OTHER)).orElseThrow().holders())
                .containsExactly(writer.id("a"), writer.id("b"));
        assertThat(followed.next().routes().get(Prefix.parse(NET)))
                .isSameAs(state.routes().get(Prefix.parse(NET)));
    }

    @Test
    void aPrimaryThatMovesIsTakenFromTheRows() {
        FollowedState followed = after(other -> other.drain("a", Duration.ofHours(1), true));

        assertThat(followed.next().primary(Prefix.parse(NET))).contains(writer.id("b"));
        assertThat(followed.next().primary(Prefix.parse(OTHER))).contains(writer.id("a"));
        assertThat(followed.touched().prefixes()).contains(Prefix.parse(NET));
    }

    @Test
    void aMissingPrimaryIsElectedOnlyByTheNextStep() {
        FollowedState followed = Routing.follow(state, routes(routeRow("a", NET).withPrimary(false)), writer.now());

        assertThat(followed.next().primary(Prefix.parse(NET))).isEmpty();
        assertThat(followed.next().nextDeadline()).contains(writer.now());
        Step step = Routing.step(followed.next(), List.of(), writer.now());
        assertThat(step.next().primary(Prefix.parse(NET))).contains(writer.id("a"));
        assertThat(step.rowChanges().routes().upserts()).containsExactly(routeRow("a", NET));
    }

    @Test
    void theLastHolderOfAPrefixMayGo() {
        FollowedState followed = after(other -> other.remove("a"));

        assertThat(followed.next().node(writer.id("b"))).isPresent();
        assertThat(followed.next().route(Prefix.parse(OTHER))).isEmpty();
        assertThat(followed.next().primary(Prefix.parse(NET))).contains(writer.id("b"));
        assertThat(followed.touched().nodes()).containsExactly(new NodeId(1));
    }

    @Test
    void aPrefixMayPassFromItsLastHolderToAnotherNode() {
        FollowedState followed =
                after(other -> other.remove("a").advertise("b", OTHER).approve("b", OTHER));

        assertThat(followed.next().primary(Prefix.parse(OTHER))).contains(writer.id("b"));
    }

    @Test
    void aNodeThatIsRemovedAndMadeAgainKeepsWhatThisProcessKnowsOfIt() {
        FollowedState followed =
                after(other -> other.remove("a").sleep(Duration.ofSeconds(1)).register("a"));

        assertThat(followed.next().node(writer.id("a")).orElseThrow().liveness())
                .isEqualTo(Liveness.GRACE);
        assertThat(followed.next().node(writer.id("a")).orElseThrow().advertised())
                .isEmpty();
    }

    @Test
    void hostKeysMaySwap() {
        RowChanges swap = nodes(nodeRow("a", node -> node.hostKey("2")), nodeRow("b", node -> node.hostKey("1")));

        RoutingState next = Routing.follow(state, swap, writer.now()).next();

        assertThat(next.nodeWithHostKey("2")).contains(writer.id("a"));
        assertThat(next.nodeWithHostKey("1")).contains(writer.id("b"));
    }

    @Test
    void aHostKeyMayPassFromANodeThatIsRemoved() {
        FollowedState followed = after(other -> other.remove("a").register("c", node -> node.hostKey("1")));

        assertThat(followed.next().nodeWithHostKey("1")).contains(writer.id("c"));
    }

    @Test
    void usersAndPolicyOfAnotherProcessAreTaken() {
        FollowedState followed = after(other -> other.user("bob").policy("""
                {"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}"""));

        assertThat(followed.touched().users()).isTrue();
        assertThat(followed.touched().policy()).isTrue();
        assertThat(followed.next().users()).isEqualTo(writer.state().users());
        Prefix inside = Prefix.parse("10.1.0.0/16");
        assertThat(Routing.review(followed.next(), writer.id("a"), inside))
                .isEqualTo(Routing.review(writer.state(), writer.id("a"), inside));
    }

    @Test
    void newSettingsTouchThePrefixesWhoseCandidatesChange() {
        FollowedState followed = after(other -> other.settings(settings -> settings.priority(other.id("b"), 5)));

        assertThat(followed.touched().settings()).isTrue();
        assertThat(followed.touched().prefixes()).contains(Prefix.parse(NET));
    }

    @Test
    void aRouterOfThisProcessIsAsSteadyAsBeforeWhenOtherSettingsCome() {
        Scenario here = Scenario.begin().router("a", NET).sleep(Duration.ofMinutes(1));
        RoutingState before = here.state();
        here.settings(settings -> settings.grace(Duration.ofSeconds(20)));

        RoutingState next =
                Routing.follow(before, here.last().rowChanges(), here.now()).next();

        assertThat(next.route(Prefix.parse(NET)).orElseThrow().candidates())
                .extracting(candidate -> candidate.steadySince())
                .containsExactly(Scenario.START);
    }

    @Test
    void settingsThatMoveNoPrefixTouchNoPrefix() {
        FollowedState followed = after(all -> all.settings(settings -> settings.restartGrace(Duration.ofMinutes(3))));

        assertThat(followed.next().settings().restartGrace()).isEqualTo(Duration.ofMinutes(3));
        assertThat(followed.touched().prefixes()).isEmpty();
    }

    @Test
    void aSessionOfThisProcessGoesOn() {
        Scenario own = Scenario.begin().user("alice").router("a", NET, OTHER).router("b", NET);
        RowChanges away = ChangedRows.between(
                own.stored(),
                writer.disconnect("a").sleep(Duration.ofSeconds(20)).stored());

        RoutingState next = Routing.follow(own.state(), away, writer.now()).next();

        assertThat(next.lastHeard(own.id("a"))).isPresent();
        assertThat(next.node(own.id("a")).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        // it has a session here, which its row does not say
        assertThat(Routing.step(next, List.of(), next.now())
                        .rowChanges()
                        .nodes()
                        .upserts())
                .contains(own.node("a").row());
    }

    @Test
    void aGraceThatRunsHereGoesOnWhereTheRowSaysThatItIsOver() {
        Scenario own = Scenario.begin().router("a", NET).disconnect("a");
        NodeState known = own.node("a");
        NodeRow over =
                new NodeRow(known.facts(), null, false, new Absence(own.now().minusSeconds(60), null));

        NodeState followed = Routing.follow(own.state(), nodes(over), own.now())
                .next()
                .node(known.id())
                .orElseThrow();

        assertThat(followed.liveness()).isEqualTo(Liveness.GRACE);
        assertThat(followed.graceUntil()).isEqualTo(known.graceUntil()).isPresent();
        assertThat(followed.absentSince()).contains(own.now());
    }

    @Test
    void nothingIsHeardOfANodeThatIsGone() {
        Scenario own = Scenario.begin().register("a").connect("a");
        RowChanges gone = ChangedRows.between(own.stored(), Scenario.begin().stored());

        RoutingState next = Routing.follow(own.state(), gone, own.now()).next();

        assertThat(own.state().nextDeadline()).isPresent();
        assertThat(next.nextDeadline()).isEmpty();
    }

    @Test
    void noChangeChangesNothing() {
        FollowedState followed = Routing.follow(state, RowChanges.none(), writer.now());

        assertThat(followed.next().canonicalText()).isEqualTo(state.canonicalText());
        assertThat(followed.touched().isEmpty()).isTrue();
    }

    @Test
    void withoutSessionsAPresenceStaysUnlessTheRowContradictsIt() {
        RoutingState reader = RoutingState.restoreWithoutSessions(writer.stored(), writer.now());
        StateRows before = writer.stored();
        RowChanges changes =
                ChangedRows.between(before, writer.approve("b", NET, OTHER).stored());

        RoutingState next = Routing.follow(reader, changes, writer.now()).next();

        assertThat(next.nodes().values()).extracting(NodeState::liveness).containsOnly(Liveness.GRACE);
        assertThat(next.canonicalText())
                .isEqualTo(reader.reload(writer.stored()).canonicalText())
                .contains("sessions elsewhere");
    }

    @Test
    void aRowOfAnotherTailnetIsRefused() {
        TailnetRow row = writer.stored().tailnet();
        RowChanges changes = new RowChanges(
                new TailnetRow(new TailnetId("other.com"), row.settings(), row.policy()),
                RowChanges.Rows.none(),
                RowChanges.Rows.none(),
                RowChanges.Rows.none());

        assertThatThrownBy(() -> Routing.follow(state, changes, writer.now()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`other.com`");
    }

    @Test
    void aHostKeyThatTwoNodesHaveIsRefused() {
        assertThat(problems(nodes(nodeRow("a", node -> node.hostKey("2"))))).containsExactly(duplicateHostKey("2"));
        assertThat(problems(nodes(nodeRow("b", node -> node.hostKey("1"))))).containsExactly(duplicateHostKey("1"));
        assertThat(problems(
                        nodes(nodeRow("a", node -> node.hostKey("same")), nodeRow("b", node -> node.hostKey("same")))))
                .containsExactly(duplicateHostKey("same"));
    }

    @Test
    void aSecondPrimaryIsRefused() {
        assertThat(problems(routes(routeRow("b", NET).withPrimary(true))))
                .containsExactly(new RowContradiction.SecondPrimary(route("b", NET), writer.id("a")));
    }

    @Test
    void aPrimaryThatIsNotEffectiveIsRefused() {
        RouteRow row = routeRow("a", NET);
        assertThat(problems(routes(
                        new RouteRow(row.node(), row.prefix(), null, row.status(), true),
                        new RouteRow(row.node(), Prefix.parse(OTHER), Scenario.START, new RouteRow.Undecided(), true))))
                .containsExactly(
                        new RowContradiction.ImpossiblePrimary(route("a", NET)),
                        new RowContradiction.ImpossiblePrimary(route("a", OTHER)));
    }

    @Test
    void aRouteWithoutItsNodeIsRefused() {
        RouteRow row = routeRow("b", NET);
        assertThat(problems(routes(new RouteRow(new NodeId(9), row.prefix(), Scenario.START, row.status(), false))))
                .containsExactly(new RowContradiction.UnknownNode(new RouteKey(new NodeId(9), row.prefix())));
    }

    @Test
    void aNodeThatGoesWithoutItsRoutesIsRefused() {
        RowChanges changes = new RowChanges(
                null,
                RowChanges.Rows.none(),
                new RowChanges.Rows<>(List.of(), List.of(writer.id("a"))),
                new RowChanges.Rows<>(List.of(), List.of(routeRow("a", OTHER).key())));

        assertThat(problems(changes)).containsExactly(new RowContradiction.UnknownNode(route("a", NET)));
    }

    @Test
    void aUserWhoGoesWithoutTheirNodesIsRefused() {
        writer.register("laptop", node -> node.owner(Owner.user(new UserId("alice"))));
        RoutingState owned = RoutingState.restore(writer.stored(), writer.now());
        RowChanges.Rows<User, UserId> gone = new RowChanges.Rows<>(List.of(), List.of(new UserId("alice")));
        RowChanges changes = new RowChanges(null, gone, RowChanges.Rows.none(), RowChanges.Rows.none());

        assertThatThrownBy(() -> Routing.follow(owned, changes, writer.now()))
                .isInstanceOf(ContradictingRowsException.class)
                .hasMessageContainingAll("node 3", "`alice`");
        assertThat(problems(nodes(nodeRow("a", node -> node.owner(Owner.user(new UserId("bob")))))))
                .containsExactly(new RowContradiction.UnknownOwner(writer.id("a"), new UserId("bob")));
    }

    @Test
    void halfADenialOfTheExitRoutesIsRefused() {
        RowChanges denial = ChangedRows.between(
                writer.stored(), writer.revoke("a", "0.0.0.0/0").stored());
        assertThat(problems(half(denial))).containsExactly(new RowContradiction.HalfDenied(route("a", "0.0.0.0/0")));
    }

    @Test
    void halfAWithdrawalOfTheExitRoutesIsRefused() {
        writer.settings(settings -> settings.withdrawal(WithdrawalRule.REVOKE_APPROVAL))
                .advertise("b", NET, "0.0.0.0/0", "::/0")
                .approve("b", NET, "0.0.0.0/0", "::/0");
        RowChanges withdrawal =
                ChangedRows.between(state.rows(), writer.advertise("b", NET).stored());
        assertThat(problems(half(withdrawal)))
                .containsExactly(new RowContradiction.HalfWithdrawn(route("b", "0.0.0.0/0")));
    }

    private static RowChanges half(RowChanges changes) {
        Stream<RouteRow> rows =
                changes.routes().upserts().stream().filter(row -> !row.prefix().equals(Prefix.parse("::/0")));
        return routes(rows.toArray(RouteRow[]::new));
    }

    @Test
    void allProblemsAreNamed() {
        RowChanges changes = new RowChanges(
                null,
                RowChanges.Rows.none(),
                new RowChanges.Rows<>(List.of(nodeRow("b", node -> node.hostKey("1"))), List.of()),
                new RowChanges.Rows<>(List.of(routeRow("b", NET).withPrimary(true)), List.of()));

        assertThat(problems(changes))
                .containsExactly(
                        new RowContradiction.SecondPrimary(route("b", NET), writer.id("a")), duplicateHostKey("1"));
    }
}
