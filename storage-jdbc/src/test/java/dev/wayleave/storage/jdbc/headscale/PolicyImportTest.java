package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyProblem;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.settings.TailnetLimits;
import dev.wayleave.storage.jdbc.headscale.ImportPlan.PolicyDecision;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the policy of a Headscale database. */
class PolicyImportTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Actor ADA = new Actor("ada");
    private static final RoutingState EMPTY = RoutingState.empty(new TailnetId("t"), RoutingSettings.DEFAULT, NOW);
    private static final RoutingPolicy CLOSED = PolicyReader.read("""
            {"acls": []}""");
    private static final NodeId GATE = new NodeId(1);

    @TempDir
    Path folder;

    private HeadscaleImport read(String... more) {
        DataSource source = Databases.sqlite(folder.resolve("headscale.db"), Databases.script("policy-0.29.sql"));
        for (String sql : more) {
            Databases.execute(source, sql);
        }
        return HeadscaleImport.read(source);
    }

    private static ImportPlan plan(HeadscaleImport read, RoutingState state) {
        return read.into(state, ImportChoices.policyOfDatabase(), ADA, NOW);
    }

    private static List<ImportFinding> findings(ImportPlan plan) {
        return plan.report().findings();
    }

    private static ImportFinding ofPolicy(PolicyReason reason) {
        return new ImportFinding("policies", "10", reason);
    }

    private static ImportFinding ofUser(String row, ImportFinding.Reason reason) {
        return new ImportFinding("users", row, reason);
    }

    private static Approver.AutoApprover approver(ImportPlan plan, NodeId node, String prefix) {
        return (Approver.AutoApprover) plan.step()
                .next()
                .node(node)
                .orElseThrow()
                .approvals()
                .approved()
                .get(Prefix.parse(prefix))
                .by();
    }

    private static boolean isOfPolicy(ImportFinding finding) {
        return finding.reason() instanceof PolicyReason;
    }

    private static RoutingState after(RoutingState state, Command... commands) {
        Step step = Routing.step(state, List.of(Submission.of(ADA, commands)), state.now());
        assertThat(step.results()).allMatch(SubmissionResult.Accepted.class::isInstance);
        return step.next();
    }

    private static void assertChangesNothing(ImportPlan plan, RoutingState state) {
        assertThat(plan.isBlocked()).isTrue();
        assertThat(plan.submissions()).isEmpty();
        assertThat(plan.step().rowChanges().isEmpty()).isTrue();
        assertThat(plan.step().events()).isEmpty();
        assertThat(plan.step().next()).isSameAs(state);
    }

    @Test
    void thePolicyOfTheNewestRowComesOver() {
        HeadscaleImport read = read();
        ImportReport.FoundPolicy found = read.report().policy().orElseThrow();
        assertThat(found.row()).isEqualTo("10");
        assertThat(found.writtenAt()).contains(Instant.parse("2026-02-02T11:00:00Z"));
        assertThat(found.text()).startsWith("// who goes where\n");

        ImportPlan plan = plan(read, EMPTY);

        assertThat(plan.isBlocked()).isFalse();
        assertThat(plan.policy()).isEqualTo(PolicyDecision.FROM_DATABASE);
        assertThat(plan.step().next().policy()).isEqualTo(PolicyReader.read(found.text()));
        assertThat(plan.step().next().node(GATE)).isPresent();
    }

    @Test
    void noNodeIsEverThereWithoutThePolicy() {
        List<Submission> submissions = plan(read(), EMPTY).submissions();
        assertThat(submissions.get(0).commands())
                .extracting(command -> (Object) command.getClass())
                .containsExactly(Command.SetUsers.class, Command.SetPolicy.class);
        assertThat(submissions).hasSize(4);
    }

    @Test
    void approvalsStayTheWordOfHeadscaleAndThoseThatThePolicyAddsAreFindings() {
        ImportPlan plan = plan(read(), EMPTY);
        var approved = plan.step().next().node(GATE).orElseThrow().approvals().approved();
        assertThat(approved.keySet())
                .extracting(Prefix::toString)
                .containsExactly("10.20.1.0/24", "10.20.2.0/24", "192.168.9.0/24");
        assertThat(approved.get(Prefix.parse("10.20.1.0/24")).by()).isEqualTo(new Approver.Import("headscale"));
        assertThat(approved.get(Prefix.parse("192.168.9.0/24")).by()).isEqualTo(new Approver.Import("headscale"));
        assertThat(approved.get(Prefix.parse("10.20.2.0/24")).by()).isInstanceOf(Approver.RouteApprover.class);
        assertThat(findings(plan))
                .extracting(
                        ImportFinding::degree,
                        ImportFinding::table,
                        ImportFinding::rowOrNull,
                        finding -> finding.reason().kind())
                .containsExactly(
                        tuple(ImportFinding.Degree.CHANGE, "users", "2", "replaced"),
                        tuple(ImportFinding.Degree.WARNING, "nodes", "1", "approved-by-policy"),
                        tuple(ImportFinding.Degree.CHANGE, "policies", "11", "row-left-out"));
        assertThat(findings(plan).get(1).reason())
                .isEqualTo(new RouteReason.ApprovedByPolicy(
                        GATE, Prefix.parse("10.20.2.0/24"), approver(plan, GATE, "10.20.2.0/24")));
    }

    @Test
    void importingTwiceChangesNothing() {
        HeadscaleImport read = read();
        RoutingState imported = plan(read, EMPTY).step().next();
        ImportPlan again = plan(read, imported);
        assertThat(again.policy()).isEqualTo(PolicyDecision.KEPT);
        assertThat(again.submissions()).isEmpty();
        assertThat(again.step().rowChanges().isEmpty()).isTrue();
        assertThat(findings(again)).noneMatch(PolicyImportTest::isOfPolicy);
    }

    @Test
    void aDatabaseWithoutAPolicyChangesNothingUntilTheCallerSaysWhichToTake() {
        for (String without : List.of("DELETE FROM policies", "DROP TABLE policies")) {
            HeadscaleImport read = read(without);
            ImportPlan plan = plan(read, EMPTY);
            assertChangesNothing(plan, EMPTY);
            assertThat(plan.policy()).isEqualTo(PolicyDecision.UNDECIDED);
            assertThat(findings(plan))
                    .contains(new ImportFinding("policies", null, new PolicyReason.PolicyUndecided()));

            ImportPlan open = read.into(EMPTY, ImportChoices.withoutPolicy(), ADA, NOW);
            assertThat(open.isBlocked()).isFalse();
            assertThat(open.policy()).isEqualTo(PolicyDecision.NONE);
            assertThat(open.step().next().policy()).isEqualTo(EMPTY.policy());
            assertThat(open.step().next().nodes()).hasSize(3);

            ImportPlan closed = read.into(EMPTY, ImportChoices.policy(CLOSED), ADA, NOW);
            assertThat(closed.policy()).isEqualTo(PolicyDecision.AS_GIVEN);
            assertThat(closed.step().next().policy()).isEqualTo(CLOSED);
            folder.resolve("headscale.db").toFile().delete();
        }
    }

    @Test
    void aPolicyThatCannotBeReadIsAFindingWithAllItsProblemsAndChangesNothing() {
        HeadscaleImport read = read("""
                UPDATE policies SET data = '{"acls": [
                  {"action": "deny", "src": ["*"], "dst": ["*:*"]},
                  {"action": "accept", "src": ["tag:nowhere"], "dst": ["*:*"]}]}' WHERE id = 10""");
        ImportPlan plan = plan(read, EMPTY);
        assertChangesNothing(plan, EMPTY);
        assertThat(plan.report().findings())
                .filteredOn(finding -> finding.reason() instanceof PolicyReason.PolicyUnreadable)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.row()).contains("10");
                    assertThat(((PolicyReason.PolicyUnreadable) finding.reason()).problems())
                            .extracting(PolicyProblem::code, PolicyProblem::line, PolicyProblem::column)
                            .containsExactly(
                                    tuple(PolicyProblem.Code.UNKNOWN_ACTION, 2, 14),
                                    tuple(PolicyProblem.Code.UNKNOWN_TAG, 3, 32));
                    assertThat(finding.table()).isEqualTo("policies");
                });

        ImportPlan mended = read.into(EMPTY, ImportChoices.policy(CLOSED), ADA, NOW);
        assertThat(mended.isBlocked()).isFalse();
        assertThat(mended.step().next().policy()).isEqualTo(CLOSED);
    }

    @Test
    void aRowThatHoldsNothingIsNoPolicy() {
        for (String nothing : List.of("''", "NULL", "' '", "CAST(x'ff' AS BLOB)")) {
            ImportPlan plan = plan(read("UPDATE policies SET data = " + nothing + " WHERE id = 10"), EMPTY);
            assertChangesNothing(plan, EMPTY);
            folder.resolve("headscale.db").toFile().delete();
        }
    }

    @Test
    void aPolicyThatTheCallerGivesOverridesTheRow() {
        HeadscaleImport read = read();
        ImportPlan given = read.into(EMPTY, ImportChoices.policy(CLOSED), ADA, NOW);
        assertThat(given.step().next().policy()).isEqualTo(CLOSED);
        assertThat(findings(given)).contains(ofPolicy(new PolicyReason.PolicyOverridden()));
        ImportPlan without = read.into(EMPTY, ImportChoices.withoutPolicy(), ADA, NOW);
        assertThat(without.step().next().policy()).isEqualTo(EMPTY.policy());
        assertThat(findings(without)).contains(ofPolicy(new PolicyReason.PolicyOverridden()));

        RoutingPolicy same =
                PolicyReader.read(read.report().policy().orElseThrow().text());
        assertThat(findings(read.into(EMPTY, ImportChoices.policy(same), ADA, NOW)))
                .noneMatch(PolicyImportTest::isOfPolicy);
    }

    @Test
    void aTailnetKeepsAPolicyOfItsOwn() {
        RoutingState own = after(EMPTY, new Command.SetPolicy(CLOSED));
        HeadscaleImport read = read();

        ImportPlan plan = plan(read, own);
        assertThat(plan.policy()).isEqualTo(PolicyDecision.KEPT);
        assertThat(plan.step().next().policy()).isEqualTo(CLOSED);
        assertThat(plan.step().next().nodes()).hasSize(3);
        assertThat(findings(plan)).contains(ofPolicy(new PolicyReason.PolicyKept()));

        RoutingPolicy other = PolicyReader.read("""
                {"grants": []}""");
        ImportPlan given = read.into(own, ImportChoices.policy(other), ADA, NOW);
        assertThat(given.step().next().policy()).isEqualTo(CLOSED);
        assertThat(findings(given))
                .contains(new ImportFinding(ImportFinding.GIVEN_POLICY, null, new PolicyReason.PolicyKept()));

        ImportPlan without = read.into(own, ImportChoices.withoutPolicy(), ADA, NOW);
        assertThat(without.step().next().policy()).isEqualTo(CLOSED);
        assertThat(findings(without))
                .contains(new ImportFinding(ImportFinding.GIVEN_POLICY, null, new PolicyReason.PolicyKept()));
    }

    @Test
    void aTailnetWithAPolicyOfItsOwnNeedsNoOther() {
        RoutingState own = after(EMPTY, new Command.SetPolicy(CLOSED));
        ImportPlan plan = plan(read("DELETE FROM policies"), own);
        assertThat(plan.isBlocked()).isFalse();
        assertThat(plan.policy()).isEqualTo(PolicyDecision.KEPT);
        assertThat(plan.step().next().nodes()).hasSize(3);
    }

    @Test
    void aTailnetWithNodesAndWithoutAPolicyGetsIt() {
        Node here = Node.builder(new NodeId(70), "here", Owner.tags("tag:gate")).build();
        Prefix lan = Prefix.parse("10.20.7.0/24");
        RoutingState open =
                after(EMPTY, new Command.RegisterNode(here), new Command.AdvertiseRoutes(here.id(), List.of(lan)));
        ImportPlan plan = plan(read(), open);
        assertThat(plan.policy()).isEqualTo(PolicyDecision.FROM_DATABASE);
        assertThat(plan.step().next().policy().acls()).isPresent();
        assertThat(findings(plan))
                .contains(new ImportFinding(
                        "policies",
                        "10",
                        new RouteReason.ApprovedByPolicy(here.id(), lan, approver(plan, here.id(), "10.20.7.0/24"))));
    }

    @Test
    void aTextThatNamesTwoUsersOfTheTailnetIsAFinding() {
        ImportPlan plan = plan(read("INSERT INTO users (id, name, email) VALUES (3, 'ann', 'ann@example.com')"), EMPTY);
        assertThat(findings(plan))
                .filteredOn(finding -> finding.reason() instanceof PolicyReason.PolicyAmbiguous)
                .hasSize(2)
                .allMatch(finding ->
                        finding.table().equals("policies") && finding.row().equals(Optional.of("10")));
    }

    @Test
    void aUserNamedByTheIdentifierOfAProviderIsAFindingWithTheTextToWrite() {
        String policy = """
                {
                  "groups": {"group:it": ["sub-1@", "ann@"]},
                  "acls": [{"action": "accept", "src": ["group:it", "id@idp.example"], "dst": ["10.20.1.0/24:443"]}]
                }
                """;
        ImportPlan plan = plan(
                read(
                        "UPDATE users SET provider_identifier = 'sub-1' WHERE id = 1",
                        "UPDATE users SET provider_identifier = 'id@idp.example' WHERE id = 2",
                        "UPDATE policies SET data = '" + policy + "' WHERE id = 10"),
                EMPTY);
        assertThat(plan.isBlocked()).isFalse();
        assertThat(findings(plan))
                .contains(
                        ofUser("1", new PolicyReason.IdentifierInPolicy("provider_identifier", "sub-1@", "ann@")),
                        ofUser(
                                "2",
                                new PolicyReason.IdentifierInPolicy(
                                        "provider_identifier", "id@idp.example", "ben@example.com")));
    }

    @Test
    void anIdentifierThatIsTheNameOfAnotherUserIsAFinding() {
        assertThat(findings(plan(read("UPDATE users SET provider_identifier = 'ann' WHERE id = 2"), EMPTY)))
                .contains(ofUser(
                        "2", new PolicyReason.IdentifierInPolicy("provider_identifier", "ann@", "ben@example.com")));
    }

    @Test
    void anIdentifierThatThePolicyDoesNotNameOrThatIsTheNameIsNoFinding() {
        assertThat(findings(plan(
                        read(
                                "UPDATE users SET provider_identifier = 'ann' WHERE id = 1",
                                "UPDATE users SET provider_identifier = 'https://idp.example/2' WHERE id = 2"),
                        EMPTY)))
                .noneMatch(finding -> finding.reason() instanceof PolicyReason.IdentifierInPolicy);
    }

    @Test
    void namesOfThePolicyThatMatchNothingInTheTailnetAreFindings() {
        String policy = """
                {"tagOwners": {"tag:gates": ["anna@"]}, "acls": []}""";
        assertThat(findings(plan(read("UPDATE policies SET data = '" + policy + "' WHERE id = 10"), EMPTY)))
                .filteredOn(finding -> finding.reason() instanceof PolicyReason.PolicyNoticed)
                .hasSize(2)
                .allMatch(finding -> finding.degree() == ImportFinding.Degree.WARNING)
                .anyMatch(finding -> finding.toString().contains("`tag:gates`"))
                .anyMatch(finding -> finding.toString().contains("`anna@`"));
    }

    @Test
    void noticesOfThePolicyAreFindingsOfALowerDegree() {
        ImportPlan plan = plan(read("""
                UPDATE policies SET data = '{"acls": [],
                 "hosts": {"lan": "10.1.2.3/16"}}' WHERE id = 10"""), EMPTY);
        assertThat(plan.isBlocked()).isFalse();
        assertThat(plan.step().next().policy().hosts()).containsEntry("lan", Prefix.parse("10.1.0.0/16"));
        assertThat(findings(plan))
                .filteredOn(finding -> finding.reason() instanceof PolicyReason.PolicyNoticed noticed
                        && noticed.notice().line() == 2
                        && noticed.notice().column() == 19)
                .singleElement()
                .asString()
                .contains("10.1.0.0/16");
    }

    @Test
    void usersThatTheTailnetRefusesLetNothingComeOver() {
        RoutingSettings tight = RoutingSettings.DEFAULT.toBuilder()
                .limits(TailnetLimits.builder()
                        .nodes(100)
                        .users(1)
                        .routesPerNode(100)
                        .routesRememberedPerNode(100)
                        .commandsPerSubmission(1_000)
                        .build())
                .build();
        RoutingState state = RoutingState.empty(new TailnetId("t"), tight, NOW);
        ImportPlan plan = plan(read(), state);
        assertChangesNothing(plan, state);
        assertThat(findings(plan))
                .contains(new ImportFinding(
                        ImportFinding.DATABASE,
                        null,
                        new DatabaseReason.TailnetRefused(List.of(new Problem.TooMany(0, Problem.Limit.USERS, 2, 1)))));
    }

    @Test
    void aBlockedPlanStillSaysWhatElseWouldNotComeOver() {
        User other = User.builder(new UserId("1"), "other").build();
        Node taken = Node.builder(GATE, "taken", Owner.user(other.id()))
                .hostKey("mine")
                .build();
        RoutingState state = after(EMPTY, new Command.SetUsers(Users.of(other)), new Command.RegisterNode(taken));
        ImportPlan plan = plan(read("DELETE FROM policies"), state);
        assertChangesNothing(plan, state);
        assertThat(findings(plan))
                .contains(
                        ofUser("1", new UserReason.UserRenumbered("ann", new UserId("headscale:1"))),
                        new ImportFinding("nodes", "1", new NodeReason.NodeIdTaken(GATE, "mine")));
    }

    @Test
    void theSameViewsHoldAfterARestart() {
        ImportPlan plan = plan(read(), EMPTY);
        RoutingState restored = RoutingState.restore(plan.step().next().rows(), NOW);
        RoutingState online = after(
                restored,
                new Command.ConnectSession(GATE, new SessionId("s1")),
                new Command.ConnectSession(new NodeId(10), new SessionId("s10")));
        assertThat(online.policy()).isEqualTo(plan.step().next().policy());
        assertThat(RoutingViews.of(online)
                        .viewer(new NodeId(10))
                        .orElseThrow()
                        .routes(GATE)
                        .all())
                .extracting(Prefix::toString)
                .containsExactly("192.168.9.0/24");
    }
}
