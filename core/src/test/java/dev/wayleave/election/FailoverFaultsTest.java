package dev.wayleave.election;

import static dev.wayleave.election.CandidateClass.UNHEALTHY;
import static dev.wayleave.election.Candidates.DEFAULT;
import static dev.wayleave.election.Candidates.ROUTE;
import static dev.wayleave.election.Candidates.after;
import static dev.wayleave.election.Candidates.elect;
import static dev.wayleave.election.Candidates.first;
import static dev.wayleave.election.Candidates.id;
import static dev.wayleave.election.Candidates.inGrace;
import static dev.wayleave.election.Candidates.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Faults of failover that users of other control planes reported, each by the number of its issue, and the result of
 * the election here. {@code FailoverRegressionTest} runs such reports as whole scenarios.
 */
class FailoverFaultsTest {

    private static Optional<NodeId> unserved() {
        return elect(DEFAULT, id(1)).primary();
    }

    /** The dead router kept the flag, be it the oldest or the only one, and no other was used. */
    @Test
    void headscale2228Tailscale2430Netbird1263Netbird3886ALaterRouterTakesOverFromADeadOne() {
        assertThat(after(1, node(2)).winner()).isEqualTo(id(2));
    }

    /** After days of uptime neither of two routers was primary. */
    @Test
    void headscale1561TwoRoutersHaveAPrimaryInEveryState() {
        for (CandidateClass one : CandidateClass.values()) {
            for (CandidateClass other : CandidateClass.values()) {
                assertThat(first(node(1, one), node(2, other)).primary()).isPresent();
                assertThat(first(inGrace(node(1, one)), inGrace(node(2, other))).primary())
                        .isPresent();
                assertThat(after(2, node(1, one), inGrace(node(2, other))).primary())
                        .isPresent();
            }
        }
    }

    /** Enabling a standby that was enabled already left no primary. */
    @Test
    void headscale2749ApprovingAStandbyAgainChangesNothing() {
        Outcome.Elected before = after(1, node(1), node(2));

        assertThat(elect(DEFAULT, before.winner(), node(1), node(2))).isEqualTo(before);
    }

    /** New auto-approved routers stayed without a prefix until the server restarted. */
    @Test
    void headscale2896ARouteServesAsSoonAsItIsAutoApproved() {
        RoutingPolicy policy = RoutingPolicy.builder()
                .tagOwners(new Tag("tag:router"), List.of())
                .autoApproveRoutes(ROUTE, List.of(new Selector.Tagged(new Tag("tag:router"))))
                .build();
        SortedSet<Prefix> advertised = new TreeSet<>(List.of(ROUTE));
        Approvals approvals = Approvals.none()
                .autoApprove(
                        Owner.tags("tag:router"),
                        advertised,
                        AutoApproval.compile(policy, Users.none()),
                        Candidates.NOW)
                .next();

        assertThat(approvals.effective(advertised)).containsExactly(ROUTE);
        assertThat(first(node(9)).winner()).isEqualTo(id(9));
    }

    /** All routers went offline, one came back, and stayed out of the table. */
    @Test
    void headscale3203TheFirstToComeBackServesThePrefix() {
        assertThat(elect(DEFAULT, unserved().orElse(null), node(2)).primary()).contains(id(2));
        assertThat(elect(DEFAULT, unserved().orElse(null), node(2, UNHEALTHY)).primary())
                .contains(id(2));
    }

    /** A deleted node stayed primary. */
    @Test
    void headscale3327ANodeThatIsNoCandidateIsNotPrimary() {
        assertThat(after(1, node(2), node(3)).winner()).isEqualTo(id(2));
        assertThat(unserved()).isEmpty();
    }

    /** A sole router, approved and advertising, did not serve. */
    @Test
    void headscale3020ASoleRouterServes() {
        assertThat(first(node(1)).winner()).isEqualTo(id(1));
    }

    /** A router whose control session was alive but which forwarded nothing stayed primary. */
    @Test
    void headscale2129Headscale2902ARouterThatDoesNotForwardLosesThePrefix() {
        assertThat(after(1, node(1, UNHEALTHY), node(2)).winner()).isEqualTo(id(2));
    }

    /** A router that is online but cut off from the destination never failed over. */
    @Test
    void tailscale16357ARouterReportedAsCutOffLosesThePrefix() {
        assertThat(after(1, node(1, UNHEALTHY), node(2)).losers())
                .containsExactly(new Loss.WorseClass(id(1), UNHEALTHY, id(2), CandidateClass.HEALTHY));
    }

    /** Without memory, routes moved with every restart of the control plane. */
    @Test
    void tailscale299NothingMovesWhileRoutersReconnect() {
        assertThat(after(2, inGrace(node(1)), inGrace(node(2))).winner()).isEqualTo(id(2));
        assertThat(after(2, node(1), inGrace(node(2))).winner()).isEqualTo(id(2));
        assertThat(after(2, node(1), node(2)).winner()).isEqualTo(id(2));
    }

    /** Routes moved to and fro between two routers at one place. */
    @Test
    void netbird2150TwoEqualRoutersDoNotSwap() {
        Optional<NodeId> primary = first(node(1), node(2)).primary();
        for (int round = 0; round < 5; round++) {
            primary = elect(DEFAULT, primary.orElse(null), node(2), node(1)).primary();
            assertThat(primary).contains(id(1));
        }
    }

    /** The routes of a router that was away stayed and led nowhere. */
    @Test
    void headscale2743Tailscale4532Zerotier1737APrefixWithoutARouterIsUnserved() {
        assertThat(elect(DEFAULT, id(1))).isEqualTo(new Outcome.Unserved());
    }
}
