package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Decides a batch, and finds the submission with which a step fails. Without state of its own. */
final class BatchDecider {

    private final TailnetId tailnet;
    private final RoutingFunctions functions;
    private final @Nullable Ownership claim;

    BatchDecider(TailnetId tailnet, RoutingFunctions functions, @Nullable Ownership claim) {
        this.tailnet = tailnet;
        this.functions = functions;
        this.claim = claim;
    }

    /** Takes the step, and makes its commit. Throws what the step throws. */
    Decision decide(Snapshot before, @Nullable CommitToken expectedToken, Batch batch, Instant now) {
        Step step = functions.step(before.state(), batch.submissions(), now);
        Commit commit = new Commit(
                tailnet,
                before.revision(),
                expectedToken,
                CommitToken.random(),
                step.next().now(),
                rows(before.revision(), step),
                step.events(),
                claim);
        return new Decision(commit, batch, step);
    }

    /**
     * The first commit of a tailnet brings the tailnet itself. The step has its row with the first rows; a commit in
     * doubt may be followed by one without any.
     */
    private RowChanges rows(Revision expected, Step step) {
        RowChanges change = step.rowChanges();
        if (!expected.equals(Revision.NONE) || change.tailnet().isPresent()) {
            return change;
        }
        RoutingState next = step.next();
        return new RowChanges(
                new TailnetRow(tailnet, next.settings(), next.policy()),
                change.users(),
                change.nodes(),
                change.routes());
    }

    /**
     * The reason why a batch cannot be decided.
     *
     * @param suspect the submission with which the step fails; null if it fails without any
     * @param cause what was thrown
     */
    record Failure(@Nullable PendingSubmission suspect, Throwable cause) {}

    /**
     * Finds the submission with which a step fails: the last one of the shortest beginning of the batch whose step
     * fails. Bisects, so that a batch of n submissions takes about log n steps.
     */
    Failure failure(Snapshot before, Batch batch, Instant now, Throwable first) {
        int passes = 0;
        int fails = batch.all().size();
        Throwable cause = fails == 0 ? first : thrown(before, batch.first(0), now);
        if (cause != null) {
            return new Failure(null, cause);
        }
        while (fails - passes > 1) {
            int middle = (passes + fails) >>> 1;
            if (thrown(before, batch.first(middle), now) == null) {
                passes = middle;
            } else {
                fails = middle;
            }
        }
        cause = thrown(before, batch.first(fails), now);
        return cause == null
                ? new Failure(null, first)
                : new Failure(batch.all().get(fails - 1), cause);
    }

    private @Nullable Throwable thrown(Snapshot before, Batch batch, Instant now) {
        try {
            var unused = decide(before, null, batch, now);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
