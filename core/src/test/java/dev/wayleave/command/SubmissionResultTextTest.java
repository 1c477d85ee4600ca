package dev.wayleave.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.TextRules;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** An answer prints whether the submission was accepted, and all its remarks or problems. */
class SubmissionResultTextTest {

    private static final Names NAMES = Names.of(node -> "NODE" + node);
    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);

    @Test
    void anAnswerWithoutRemarksSaysOnlyThatItWasAccepted() {
        assertThat(SubmissionResult.accepted().text(NAMES)).isEqualTo("accepted");
    }

    @Test
    void anAcceptedSubmissionPrintsEachRemark() {
        SubmissionResult.Remark ignored = new SubmissionResult.SessionIgnored(0, A, new SessionId("s"));
        SubmissionResult.Remark waits =
                new SubmissionResult.NotAdvertisedYet(1, B, new TreeSet<>(Set.of(Prefix.parse("10.0.0.0/8"))));

        assertThat(new SubmissionResult.Accepted(List.of(ignored, waits)).text(NAMES))
                .satisfies(TextRules::assertReadable)
                .containsSubsequence("accepted", ignored.text(NAMES), waits.text(NAMES));
    }

    @Test
    void aRefusedSubmissionPrintsEachProblem() {
        Problem stale = new Problem.RevisionConflict(3, 4);
        Problem unknown = new Problem.UnknownNode(1, B);

        assertThat(new SubmissionResult.Refused(List.of(stale, unknown)).text(NAMES))
                .satisfies(TextRules::assertReadable)
                .containsSubsequence("refused", stale.text(NAMES), unknown.text(NAMES));
    }
}
