package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
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

    private static List<String> findings(ImportPlan plan) {
        return plan.report().findings().stream()
                .map(finding -> finding.degree() + " " + finding)
                .toList();
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
                .containsExactly(
                        "CHANGE users 2: `email` is empty, and the name is an e-mail address: `ben@example.com` "
                                + "replaces it",
                        "NOTICE nodes 1: the policy approves `10.20.2.0/24` on node `1` by `tag:gate`; Headscale had "
                                + "not approved it yet",
                        "CHANGE policies 11: the row is marked as deleted: left out");
    }

    @Test
    void importingTwiceChangesNothing() {
        HeadscaleImport read = read();
        RoutingState imported = plan(read, EMPTY).step().next();
        ImportPlan again = plan(read, imported);
        assertThat(again.policy()).isEqualTo(PolicyDecision.KEPT);
        assertThat(again.submissions()).isEmpty();
        assertThat(again.step().rowChanges().isEmpty()).isTrue();
        assertThat(findings(again)).noneMatch(finding -> finding.contains("policy"));
    }

    @Test
    void aDatabaseWithoutAPolicyChangesNothingUntilTheCallerSaysWhichToTake() {
        for (String without : List.of("DELETE FROM policies", "DROP TABLE policies")) {
            HeadscaleImport read = read(without);
            ImportPlan plan = plan(read, EMPTY);
            assertChangesNothing(plan, EMPTY);
            assertThat(plan.policy()).isEqualTo(PolicyDecision.UNDECIDED);
            assertThat(findings(plan))
                    .contains("BLOCKING policies: there is no policy to import, and without a policy every node"
                            + " reaches every node: give the policy of Headscale's file, or decide to have"
                            + " no policy");

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
                    assertThat(finding.toString())
                            .contains("policies 10: `data` holds a policy that cannot be read: 2:14: ", "; 3:32: ");
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
        assertThat(findings(given))
                .contains("CHANGE policies 10: the policy of the row is not imported, as the caller decided");
        ImportPlan without = read.into(EMPTY, ImportChoices.withoutPolicy(), ADA, NOW);
        assertThat(without.step().next().policy()).isEqualTo(EMPTY.policy());
        assertThat(findings(without))
                .contains("CHANGE policies 10: the policy of the row is not imported, as the caller decided");

        RoutingPolicy same =
                PolicyReader.read(read.report().policy().orElseThrow().text());
        assertThat(findings(read.into(EMPTY, ImportChoices.policy(same), ADA, NOW)))
                .noneMatch(finding -> finding.contains("not imported"));
    }

    @Test
    void aTailnetKeepsAPolicyOfItsOwn() {
        RoutingState own = after(EMPTY, new Command.SetPolicy(CLOSED));
        HeadscaleImport read = read();

        ImportPlan plan = plan(read, own);
        assertThat(plan.policy()).isEqualTo(PolicyDecision.KEPT);
        assertThat(plan.step().next().policy()).isEqualTo(CLOSED);
        assertThat(plan.step().next().nodes()).hasSize(3);
        assertThat(findings(plan))
                .contains("CHANGE policies 10: the tailnet has a policy of its own and keeps it: this policy is not "
                        + "imported");

        RoutingPolicy other = PolicyReader.read("""
                {"grants": []}""");
        ImportPlan given = read.into(own, ImportChoices.policy(other), ADA, NOW);
        assertThat(given.step().next().policy()).isEqualTo(CLOSED);
        assertThat(findings(given))
                .contains(
                        "CHANGE policy: the tailnet has a policy of its own and keeps it: this policy is not imported");

        ImportPlan without = read.into(own, ImportChoices.withoutPolicy(), ADA, NOW);
        assertThat(without.step().next().policy()).isEqualTo(CLOSED);
        assertThat(findings(without))
                .contains(
                        "CHANGE policy: the tailnet has a policy of its own and keeps it: this policy is not imported");
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
                .contains("NOTICE policies 10: the policy approves `10.20.7.0/24` on node `70` by `tag:gate`; "
                        + "Headscale had not approved it yet");
    }

    @Test
    void aTextThatNamesTwoUsersOfTheTailnetIsAFinding() {
        ImportPlan plan = plan(read("INSERT INTO users (id, name, email) VALUES (3, 'ann', 'ann@example.com')"), EMPTY);
        assertThat(findings(plan))
                .filteredOn(finding -> finding.contains("matches several users"))
                .hasSize(2)
                .allMatch(finding -> finding.startsWith("CHANGE policies 10: "));
    }

    @Test
    void aUserWhomThePolicyNamesByTheIdentifierOfAProviderIsAFindingWithWhatToWrite() {
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
                        "CHANGE users 1: the policy names the user `sub-1@`, by `provider_identifier`, which does"
                                + " not name this user in the tailnet: write `ann@` in the policy",
                        "CHANGE users 2: the policy names the user `id@idp.example`, by `provider_identifier`,"
                                + " which does not name this user in the tailnet: write `ben@example.com` in the"
                                + " policy");
    }

    @Test
    void anIdentifierThatIsTheNameOfAnotherUserIsAFinding() {
        assertThat(findings(plan(read("UPDATE users SET provider_identifier = 'ann' WHERE id = 2"), EMPTY)))
                .contains("CHANGE users 2: the policy names the user `ann@`, by `provider_identifier`, which does"
                        + " not name this user in the tailnet: write `ben@example.com` in the policy");
    }

    @Test
    void anIdentifierThatThePolicyDoesNotNameOrThatIsTheNameIsNoFinding() {
        assertThat(findings(plan(
                        read(
                                "UPDATE users SET provider_identifier = 'ann' WHERE id = 1",
                                "UPDATE users SET provider_identifier = 'https://idp.example/2' WHERE id = 2"),
                        EMPTY)))
                .noneMatch(finding -> finding.contains("provider_identifier"));
    }

    @Test
    void namesOfThePolicyThatMatchNothingInTheTailnetAreFindings() {
        String policy = """
                {"tagOwners": {"tag:gates": ["anna@"]}, "acls": []}""";
        assertThat(findings(plan(read("UPDATE policies SET data = '" + policy + "' WHERE id = 10"), EMPTY)))
                .filteredOn(finding -> finding.startsWith("NOTICE policies 10: 1:"))
                .hasSize(2)
                .anyMatch(finding -> finding.contains("`tag:gates`"))
                .anyMatch(finding -> finding.contains("`anna@`"));
    }

    @Test
    void noticesOfThePolicyAreFindingsOfALowerDegree() {
        ImportPlan plan = plan(read("""
                UPDATE policies SET data = '{"acls": [],
                 "hosts": {"lan": "10.1.2.3/16"}}' WHERE id = 10"""), EMPTY);
        assertThat(plan.isBlocked()).isFalse();
        assertThat(plan.step().next().policy().hosts()).containsEntry("lan", Prefix.parse("10.1.0.0/16"));
        assertThat(findings(plan))
                .filteredOn(finding -> finding.startsWith("NOTICE policies 10: 2:19:"))
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
                .contains("BLOCKING database: refused: 2 users in the tailnet: at most 1 are allowed; raise the limit "
                        + "in the settings");
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
                        "CHANGE users 1: user `ann` gets the id `headscale:1`: another user of the tailnet has its id",
                        "CHANGE nodes 1: the tailnet has another node `1`, with the host key `mine`: not imported");
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
