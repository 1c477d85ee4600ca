package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.NodeState;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.ApprovalDifference;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The answer to an administrator's approval names what it changed. */
class ApprovalAnswerTest {

    private static final NodeId NODE = new NodeId(1);
    private static final Prefix A = Prefix.parse("10.1.0.0/16");
    private static final Prefix B = Prefix.parse("10.2.0.0/16");
    private static final Prefix C = Prefix.parse("10.3.0.0/16");

    private final ControllerFixture testing = new ControllerFixture().open().withRouters();

    private static TreeSet<Prefix> set(Prefix... prefixes) {
        return new TreeSet<>(Arrays.asList(prefixes));
    }

    @Test
    void theReceiptSaysWhatWasApprovedRevokedUnchangedAndIsNotAdvertisedYet() {
        testing.done(advertised(1, A, B));
        testing.done(approved(1, A, B));

        Receipt receipt = testing.done(approved(1, B, C));

        NodeState node = testing.controller.current().state().node(NODE).orElseThrow();
        assertThat(ApprovalDifference.of(NODE, node.approvals(), node.advertised(), receipt.events()))
                .isEqualTo(new ApprovalDifference(NODE, set(C), set(A), set(), set(B), set(C)));
        assertThat(receipt.result())
                .isEqualTo(
                        new SubmissionResult.Accepted(List.of(new SubmissionResult.NotAdvertisedYet(0, NODE, set(C)))));
    }
}
