package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.settings.TailnetLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import does to a tailnet, empty or not. */
class ImportPlanTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Actor ADA = new Actor("ada");
    private static final ImportChoices OPEN = ImportChoices.withoutPolicy();
    private static final TailnetId TAILNET = new TailnetId("t");
    private static final RoutingState EMPTY = RoutingState.empty(TAILNET, RoutingSettings.DEFAULT, NOW);
    private static final Prefix TEN = Prefix.parse("10.0.0.0/8");
    private static final Prefix LAN = Prefix.parse("192.168.1.0/24");
    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);
    private static final NodeId THREE = new NodeId(3);

    @TempDir
    Path folder;

    private HeadscaleImport read(String script) {
        return HeadscaleImport.read(Databases.sqlite(folder.resolve(script + ".db"), Databases.script(script)));
    }

    private static RoutingState after(RoutingState state, Command... commands) {
        Step step = Routing.step(state, List.of(Submission.of(ADA, commands)), state.now());
        assertThat(step.results()).allMatch(SubmissionResult.Accepted.class::isInstance);
        return step.next();
    }

    /** What the plan found beside what is wrong in the database. */
    private static List<ImportFinding> more(HeadscaleImport read, ImportPlan plan) {
        List<ImportFinding> findings = new ArrayList<>(plan.report().findings());
        read.report().findings().forEach(findings::remove);
        return findings;
    }

    private static ImportFinding notKept(String row, NodeId node, Prefix prefix, RouteReason.NoIncumbent reason) {
        return new ImportFinding("routes", row, new RouteReason.PrimaryNotKept(node, prefix, reason));
    }

    private static ImportFinding notTaken(String row, NodeId node, Prefix prefix, RoutingState state) {
        Verdict verdict = Routing.review(state, node, prefix).orElseThrow();
        return new ImportFinding("machines", row, new RouteReason.ApprovalNotTaken(node, prefix, verdict));
    }

    private static ImportFinding refused(String row, Problem problem) {
        return new ImportFinding("machines", row, new RowReason.Refused(List.of(problem)));
    }

    @Test
    void everythingComesIntoAnEmptyTailnet() {
        HeadscaleImport read = read("routes-0.22.sql");
        ImportPlan plan = read.into(EMPTY, OPEN, ADA, NOW);
        RoutingState next = plan.step().next();
        assertThat(next.nodes().keySet()).containsExactly(ONE, TWO, THREE);
        assertThat(next.users().all()).hasSize(2);
        assertThat(next.node(ONE).orElseThrow().approvals().approved().get(TEN).by())
                .isEqualTo(new Approver.Import("headscale"));
        assertThat(plan.report().findings()).isEqualTo(read.report().findings());
        assertThat(plan.step().rowChanges().applyTo(EMPTY.rows())).isEqualTo(next.rows());
    }

    @Test
    void primariesStayAndHaveTheGraceThatFollowsARestart() {
        ImportPlan plan = read("routes-0.22.sql").into(EMPTY, OPEN, ADA, NOW);
        RoutingState next = plan.step().next();
        // by number it would be node 1
        assertThat(next.primary(TEN)).contains(TWO);
        assertThat(next.primary(LAN)).contains(ONE);
        assertThat(plan.report().incumbents())
                .extracting(found -> found.prefix())
                .containsExactly(TEN, LAN);
        assertThat(plan.step().rowChanges().routes().upserts())
                .filteredOn(RouteRow::primary)
                .extracting(RouteRow::key)
                .containsExactly(new RouteKey(ONE, LAN), new RouteKey(TWO, TEN));
        RoutingState standbyComes = after(next, new Command.ConnectSession(ONE, new SessionId("s")));
        assertThat(standbyComes.primary(TEN)).contains(TWO);
        RoutingState bothCame = after(standbyComes, new Command.ConnectSession(TWO, new SessionId("s")));
        assertThat(bothCame.primary(TEN)).contains(TWO);
        Duration grace = RoutingSettings.DEFAULT.restartGrace();
        assertThat(Routing.step(standbyComes, List.of(), NOW.plus(grace)).next().primary(TEN))
                .contains(ONE);
    }

    @Test
    void primariesAreKeptByAProgramThatOpensTheStoreLater() {
        StateRows stored = read("routes-0.22.sql")
                .into(EMPTY, OPEN, ADA, NOW)
                .step()
                .rowChanges()
                .applyTo(EMPTY.rows());
        Instant later = NOW.plus(Duration.ofDays(3));
        RoutingState restored = RoutingState.restore(stored, later);
        assertThat(Routing.step(restored, List.of(), later).rowChanges().isEmpty())
                .isTrue();
        assertThat(after(restored, new Command.ConnectSession(ONE, new SessionId("s")))
                        .primary(TEN))
                .contains(TWO);
    }

    @Test
    void eventsSayWhoIsPrimaryAndNeverThatAPrefixWasUnserved() {
        List<RouteEvent> events =
                read("routes-0.22.sql").into(EMPTY, OPEN, ADA, NOW).step().events();
        assertThat(events)
                .filteredOn(RouteEvent.PrefixUnserved.class::isInstance)
                .extracting(
                        event -> ((RouteEvent.PrefixUnserved) event).prefix().toString())
                .containsExactly("10.5.0.0/16");
        assertThat(events)
                .filteredOn(RouteEvent.PrimaryElected.class::isInstance)
                .extracting(event ->
                        ((RouteEvent.PrimaryElected) event).prefix() + " " + ((RouteEvent.PrimaryElected) event).node())
                .containsExactly("10.0.0.0/8 2", "192.168.1.0/24 1");
        assertThat(events.get(events.size() - 1).origin().correlationId()).contains("headscale machines 1");
    }

    @Test
    void importingTwiceChangesNothing() {
        for (String script : List.of("enabled-routes-0.6.sql", "routes-0.22.sql", "approved-routes-0.28.sql")) {
            HeadscaleImport read = read(script);
            ImportPlan first = read.into(EMPTY, OPEN, ADA, NOW);
            ImportPlan second = read.into(first.step().next(), OPEN, ADA, NOW.plusSeconds(1));
            assertThat(second.submissions()).as(script).isEmpty();
            assertThat(second.step().rowChanges().isEmpty()).as(script).isTrue();
            assertThat(second.step().events()).as(script).isEmpty();
            assertThat(second.report()).as(script).isEqualTo(first.report());
        }
    }

    @Test
    void theSubmissionsAloneBringAllButTheIncumbentsAndTwiceChangeNothing() {
        for (String script : List.of("enabled-routes-0.6.sql", "routes-0.22.sql", "approved-routes-0.28.sql")) {
            HeadscaleImport read = read(script);
            List<Submission> submissions = read.into(EMPTY, OPEN, ADA, NOW).submissions();
            Step first = Routing.step(EMPTY, submissions, NOW);
            assertThat(first.results()).as(script).allMatch(SubmissionResult.Accepted.class::isInstance);
            RoutingState planned = read.into(EMPTY, OPEN, ADA, NOW).step().next();
            assertThat(first.next().nodes().values())
                    .extracting(node -> node.facts() + " " + node.approvals())
                    .containsExactlyElementsOf(planned.nodes().values().stream()
                            .map(node -> node.facts() + " " + node.approvals())
                            .toList());
            assertThat(first.next().routes().values())
                    .as(script)
                    .allMatch(route -> route.primary().isEmpty());
            Step second = Routing.step(first.next(), submissions, NOW.plusSeconds(1));
            assertThat(second.rowChanges().isEmpty()).as(script).isTrue();
        }
    }

    @Test
    void factsOfANodeInTheTailnetAreNewer() {
        HeadscaleImport read = read("routes-0.22.sql");
        RoutingState imported = read.into(EMPTY, OPEN, ADA, NOW).step().next();
        Node renamed = imported.node(ONE).orElseThrow().facts().toBuilder()
                .name("renamed")
                .build();
        RoutingState moved = after(
                imported,
                new Command.UpdateNode(renamed),
                new Command.AdvertiseRoutes(ONE, List.of(TEN)),
                new Command.RevokeRoutes(ONE, List.of(LAN)),
                new Command.ConnectSession(ONE, new SessionId("s")),
                new Command.RevokeRoutes(TWO, List.of(TEN)));
        ImportPlan again = read.into(moved, OPEN, ADA, NOW.plusSeconds(1));
        RoutingState next = again.step().next();
        assertThat(next.node(ONE).orElseThrow().facts().name()).isEqualTo("renamed");
        assertThat(next.node(ONE).orElseThrow().advertised()).containsExactly(TEN);
        assertThat(next.primary(TEN)).contains(ONE);
        assertThat(again.step().rowChanges().isEmpty()).isTrue();
        assertThat(more(read, again))
                .containsExactly(
                        notTaken("1", ONE, LAN, moved),
                        notTaken("2", TWO, TEN, moved),
                        notKept("2", TWO, TEN, RouteReason.NoIncumbent.NODE_KNOWN),
                        notKept("4", ONE, LAN, RouteReason.NoIncumbent.NODE_KNOWN));
    }

    @Test
    void approvalsThatWereGivenSinceComeOver() {
        HeadscaleImport before = read("routes-0.22.sql");
        RoutingState imported = before.into(EMPTY, OPEN, ADA, NOW).step().next();
        Databases.execute(
                Databases.sqlite(folder.resolve("routes-0.22.sql.db")), "UPDATE routes SET enabled = 1 WHERE id = 16");
        ImportPlan again = HeadscaleImport.read(Databases.sqlite(folder.resolve("routes-0.22.sql.db")))
                .into(imported, OPEN, ADA, NOW);
        assertThat(again.step().rowChanges().routes().upserts())
                .extracting(RouteRow::key)
                .containsExactly(new RouteKey(THREE, Prefix.parse("172.20.0.0/16")));
    }

    @Test
    void aPrefixThatAnotherRouterCarriesIsNotTakenFromIt() {
        Node here = Node.builder(new NodeId(70), "here", Owner.tags("tag:here")).build();
        RoutingState state = after(
                EMPTY,
                new Command.RegisterNode(here),
                new Command.AdvertiseRoutes(here.id(), List.of(TEN)),
                new Command.SetApprovedRoutes(here.id(), List.of(TEN)),
                new Command.ConnectSession(here.id(), new SessionId("s")));
        HeadscaleImport read = read("routes-0.22.sql");
        ImportPlan plan = read.into(state, OPEN, ADA, NOW);
        assertThat(plan.step().next().primary(TEN)).contains(here.id());
        assertThat(plan.step().next().primary(LAN)).contains(ONE);
        assertThat(plan.step().rowChanges().applyTo(state.rows()))
                .isEqualTo(plan.step().next().rows());
        assertThat(plan.step().next().node(here.id()).orElseThrow().session()).contains(new SessionId("s"));
        assertThat(more(read, plan)).containsExactly(notKept("2", TWO, TEN, RouteReason.NoIncumbent.CARRIED));
    }

    @Test
    void aNumberIsKeptOrNotGivenAtAll() {
        Node other = Node.builder(TWO, "other", Owner.tags("tag:here"))
                .hostKey("mine")
                .build();
        RoutingState state = after(EMPTY, new Command.RegisterNode(other));
        HeadscaleImport read = read("routes-0.22.sql");
        ImportPlan plan = read.into(state, OPEN, ADA, NOW);
        assertThat(plan.step().next().node(TWO).orElseThrow().facts()).isEqualTo(other);
        assertThat(plan.step().next().node(TWO).orElseThrow().approvals().approved())
                .isEmpty();
        assertThat(plan.step().next().node(ONE)).isPresent();
        assertThat(more(read, plan))
                .containsExactly(
                        new ImportFinding("machines", "2", new NodeReason.NodeIdTaken(TWO, "mine")),
                        notKept("2", TWO, TEN, RouteReason.NoIncumbent.NODE_KNOWN));
    }

    @Test
    void aMachineThatIsHereUnderAnotherNumberIsRefusedAlone() {
        Node same = Node.builder(new NodeId(70), "same", Owner.tags("tag:here"))
                .hostKey("mkey:bb00000000000000000000000000000000000000000000000000000000000002")
                .build();
        RoutingState state = after(EMPTY, new Command.RegisterNode(same));
        HeadscaleImport read = read("routes-0.22.sql");
        ImportPlan plan = read.into(state, OPEN, ADA, NOW);
        assertThat(plan.step().next().nodes().keySet()).containsExactly(ONE, THREE, new NodeId(70));
        assertThat(more(read, plan))
                .containsExactly(
                        refused("2", new Problem.HostKeyTaken(0, TWO, same.hostKey(), same.id())),
                        notKept("2", TWO, TEN, RouteReason.NoIncumbent.NODE_REFUSED));
    }

    @Test
    void usersAreFoundByTheirTextAndNeverOverwritten() {
        User bob = User.builder(new UserId("u-bob"), "Robert")
                .email("bob@example.com")
                .build();
        User other = User.builder(new UserId("1"), "somebody else").build();
        RoutingState state = after(EMPTY, new Command.SetUsers(Users.of(bob, other)));
        HeadscaleImport read = read("approved-routes-0.28.sql");
        ImportPlan plan = read.into(state, OPEN, ADA, NOW);
        RoutingState next = plan.step().next();
        assertThat(next.users().all())
                .extracting(User::toString)
                .containsExactly(
                        "somebody else (1)",
                        "李雷 (3)",
                        "headscale-user-77 (77)",
                        "ada <ada@example.com> (headscale:1)",
                        "Robert <bob@example.com> (u-bob)");
        assertThat(next.node(ONE).orElseThrow().facts().owner()).isEqualTo(Owner.user(new UserId("headscale:1")));
        assertThat(next.node(THREE).orElseThrow().facts().owner()).isEqualTo(Owner.user(bob.id()));
        assertThat(more(read, plan))
                .containsExactly(
                        new ImportFinding(
                                "users", "1", new UserReason.UserRenumbered("ada", new UserId("headscale:1"))),
                        new ImportFinding("users", "2", new UserReason.UserMatched("bob@example.com", bob.id())));
        ImportPlan again = read.into(next, OPEN, ADA, NOW);
        assertThat(again.submissions()).isEmpty();
        assertThat(again.step().rowChanges().isEmpty()).isTrue();
    }

    @Test
    void aNodeBeyondTheLimitsIsRefusedAlone() {
        RoutingSettings tight = RoutingSettings.DEFAULT.toBuilder()
                .limits(TailnetLimits.builder()
                        .nodes(100)
                        .users(100)
                        .routesPerNode(2)
                        .routesRememberedPerNode(10)
                        .commandsPerSubmission(1_000)
                        .build())
                .build();
        HeadscaleImport read = read("routes-0.22.sql");
        ImportPlan plan = read.into(RoutingState.empty(TAILNET, tight, NOW), OPEN, ADA, NOW);
        assertThat(plan.step().next().nodes().keySet()).containsExactly(ONE);
        assertThat(more(read, plan))
                .containsExactly(
                        refused("2", new Problem.TooMany(2, Problem.Limit.ROUTES_PER_NODE, 3, 2)),
                        refused("3", new Problem.TooMany(1, Problem.Limit.ROUTES_PER_NODE, 3, 2)),
                        notKept("2", TWO, TEN, RouteReason.NoIncumbent.NODE_REFUSED));
    }

    @Test
    void withoutAGraceAfterRestartsNoNodeIsIncumbent() {
        RoutingSettings none =
                RoutingSettings.DEFAULT.toBuilder().restartGrace(Duration.ZERO).build();
        HeadscaleImport read = read("routes-0.22.sql");
        RoutingState state = RoutingState.empty(TAILNET, none, NOW);
        ImportPlan plan = read.into(state, OPEN, ADA, NOW);
        assertThat(plan.report().incumbents()).isEmpty();
        assertThat(plan.step().next().primary(TEN)).isEmpty();
        assertThat(plan.step().rowChanges().applyTo(state.rows()))
                .isEqualTo(plan.step().next().rows());
        assertThat(more(read, plan))
                .containsExactly(
                        notKept("2", TWO, TEN, RouteReason.NoIncumbent.NO_GRACE),
                        notKept("4", ONE, LAN, RouteReason.NoIncumbent.NO_GRACE));
    }

    @Test
    void theTimeOfTheImportCountsNotThatOfTheState() {
        Instant later = NOW.plus(Duration.ofHours(1));
        ImportPlan plan = read("routes-0.22.sql").into(EMPTY, OPEN, ADA, later);
        assertThat(plan.step().next().now()).isEqualTo(later);
        assertThat(plan.step().next().nextDeadline()).contains(later.plus(RoutingSettings.DEFAULT.restartGrace()));
    }
}
