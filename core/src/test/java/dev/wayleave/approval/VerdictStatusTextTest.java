package dev.wayleave.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The text of a verdict that is a statement of its own. */
class VerdictStatusTextTest {

    private static final Verdict APPROVED = new Verdict.AlreadyApproved(
            new Approval(new Approver.Administrator(new Actor("ada")), Instant.parse("2026-01-01T10:00:00Z")));
    private static final Verdict BY_POLICY = new Verdict.ApprovedByPolicy(
            new Approver.RouteApprover(Prefix.parse("10.0.0.0/8"), Selector.parse("tag:router")));

    @Test
    void anApprovedRouteIsPrintedAsApproved() {
        assertThat(APPROVED.statusText(Names.NUMBERS, true))
                .startsWith("approved ")
                .contains("`ada`", "2026-01-01T10:00:00Z");
    }

    @Test
    void anApprovedRouteThatIsNotAdvertisedWaitsForItsNode() {
        assertThat(APPROVED.statusText(Names.NUMBERS, false))
                .isEqualTo(APPROVED.statusText(Names.NUMBERS, true) + ", and waits for the node to advertise it");
    }

    @Test
    void anAdvertisedRouteIsPrintedWithWhatItsApprovalNeeds() {
        assertThat(BY_POLICY.statusText(Names.NUMBERS, true)).isEqualTo(BY_POLICY.textIfAdvertised(Names.NUMBERS));
    }

    @Test
    void anyOtherRouteIsPrintedWithTheReason() {
        assertThat(BY_POLICY.statusText(Names.NUMBERS, false)).isEqualTo(BY_POLICY.text(Names.NUMBERS));
    }
}
