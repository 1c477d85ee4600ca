package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An administrator approves prefixes beside those that are approved. */
class ApproveRoutesTest {

    private static final Actor ADA = new Actor("ada");
    private static final Actor BEN = new Actor("ben");
    private static final Prefix TEN = Prefix.parse("10.0.0.0/8");
    private static final Prefix LAN = Prefix.parse("192.168.0.0/16");
    private static final Prefix EXIT_IPV4 = Prefix.parse("0.0.0.0/0");
    private static final Prefix EXIT_IPV6 = Prefix.parse("::/0");

    private final Scenario scenario =
            Scenario.begin().register("gw").advertise("gw", "10.0.0.0/8", "192.168.0.0/16", "0.0.0.0/0");

    private Step approve(Actor actor, Prefix... prefixes) {
        return step(Submission.of(actor, new Command.ApproveRoutes(scenario.id("gw"), List.of(prefixes))));
    }

    private Step step(Submission... submissions) {
        return Routing.step(
                scenario.state(), List.of(submissions), scenario.state().now());
    }

    private Set<Prefix> approved(Step step) {
        return step.next()
                .node(scenario.id("gw"))
                .orElseThrow()
                .approvals()
                .approved()
                .keySet();
    }

    @Test
    void twoAdministratorsWhoApproveDifferentPrefixesLoseNothing() {
        Step step = step(
                Submission.of(ADA, new Command.ApproveRoutes(scenario.id("gw"), List.of(TEN))),
                Submission.of(BEN, new Command.ApproveRoutes(scenario.id("gw"), List.of(LAN))));

        assertThat(approved(step)).containsExactly(TEN, LAN);
        assertThat(step.results()).containsOnly(SubmissionResult.accepted());
    }

    @Test
    void thePrefixThatAnotherAdministratorApprovedStaysTheirsAndTheAnswerSaysSo() {
        Step step = step(
                Submission.of(ADA, new Command.ApproveRoutes(scenario.id("gw"), List.of(TEN))),
                Submission.of(BEN, new Command.ApproveRoutes(scenario.id("gw"), List.of(TEN))));

        Approval first =
                new Approval(new Approver.Administrator(ADA), scenario.state().now());
        assertThat(step.next().node(scenario.id("gw")).orElseThrow().approvals().approved())
                .containsOnly(Map.entry(TEN, first));
        assertThat(step.results())
                .containsExactly(
                        SubmissionResult.accepted(),
                        new SubmissionResult.Accepted(
                                List.of(new SubmissionResult.AlreadyApproved(0, scenario.id("gw"), TEN, first))));
    }

    @Test
    void anApprovalLiftsTheDenialOfItsPrefixAndOfNoOther() {
        scenario.revoke("gw", "10.0.0.0/8", "192.168.0.0/16");

        Step step = approve(ADA, TEN);

        assertThat(approved(step)).containsExactly(TEN);
        assertThat(step.next().node(scenario.id("gw")).orElseThrow().approvals().denied())
                .containsOnlyKeys(LAN);
    }

    @ParameterizedTest
    @CsvSource({"::/0, 0.0.0.0/0", "0.0.0.0/0, ::/0"})
    void oneExitRouteMeansBothAndLiftsBothDenials(String denied, String approved) {
        scenario.revoke("gw", denied);

        Step step = approve(ADA, Prefix.parse(approved));

        assertThat(approved(step)).containsExactly(EXIT_IPV4, EXIT_IPV6);
        assertThat(step.next().node(scenario.id("gw")).orElseThrow().approvals().denied())
                .isEmpty();
    }

    @Test
    void aPrefixMayBeApprovedBeforeItIsAdvertised() {
        Prefix later = Prefix.parse("172.16.0.0/12");

        Step step = approve(ADA, later);

        assertThat(approved(step)).containsExactly(later);
        assertThat(step.results())
                .containsExactly(new SubmissionResult.Accepted(List.of(
                        new SubmissionResult.NotAdvertisedYet(0, scenario.id("gw"), new TreeSet<>(List.of(later))))));
        assertThat(step.next().route(later)).isEmpty();
    }

    @Test
    void anApprovalByThePolicyStaysThePolicysAndTheAnswerSaysSo() {
        scenario.policy("""
                {"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}""");
        Approval first = scenario.node("gw").approvals().approved().get(TEN);
        assertThat(first.by()).isInstanceOf(Approver.RouteApprover.class);

        Step step = approve(ADA, TEN, LAN);

        assertThat(step.results())
                .containsExactly(new SubmissionResult.Accepted(
                        List.of(new SubmissionResult.AlreadyApproved(0, scenario.id("gw"), TEN, first))));
        assertThat(step.next().node(scenario.id("gw")).orElseThrow().approvals().approved())
                .containsEntry(TEN, first);
        assertThat(approved(step)).containsExactly(TEN, LAN);
    }

    @Test
    void anEmptyListIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Command.ApproveRoutes(new NodeId(1), List.of()))
                .withMessageContaining("at least one");
    }
}
