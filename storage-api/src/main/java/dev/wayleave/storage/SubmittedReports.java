package dev.wayleave.storage;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Lists;
import com.google.common.collect.Multiset;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Submits reports of other processes in the order in which they were added. One thread at a time submits; what other
 * threads add meanwhile waits for it: the last report of a node is decided last.
 *
 * <p>Safe for use by several threads.
 */
final class SubmittedReports {

    private static final QuietLog LOG = QuietLog.of(SubmittedReports.class);

    private static final Actor REPLICA = new Actor("replica");

    /** The largest number of commands in one submission. */
    private static final int MOST_COMMANDS = 500;

    private final Function<Submission, CompletionStage<Receipt>> submit;
    private final Runnable whenFailed;

    // guarded by this

    private final Queue<List<Command.ReportSession>> waiting = new ArrayDeque<>();

    /** The nodes of reports that are added and not decided: the published state does not have their changes yet. */
    private final Multiset<NodeId> undecided = HashMultiset.create();

    private boolean isSubmitting;

    /**
     * Creates it without reports.
     *
     * @param submit takes the commands; does not block, should not throw, and may run a turn of the loop
     * @param whenFailed is called when it is not known whether reports were decided
     */
    SubmittedReports(Function<Submission, CompletionStage<Receipt>> submit, Runnable whenFailed) {
        this.submit = submit;
        this.whenFailed = whenFailed;
    }

    synchronized boolean isUndecided(NodeId node) {
        return undecided.contains(node);
    }

    /** Adds reports, to be submitted by the next {@link #submit}. */
    synchronized void add(List<Command.ReportSession> reports) {
        reports.forEach(report -> undecided.add(report.node()));
        waiting.addAll(Lists.partition(List.copyOf(reports), MOST_COMMANDS));
    }

    /** Submits what was added, unless another thread does. The caller holds no lock. */
    void submit() {
        for (List<Command.ReportSession> next = first(); next != null; next = next()) {
            List<Command.ReportSession> reports = next;
            var unused = submitted(reports).whenComplete((receipt, failure) -> decided(reports, receipt));
        }
    }

    /** An error here must not keep the later reports waiting for ever. */
    private CompletionStage<Receipt> submitted(List<Command.ReportSession> reports) {
        try {
            return submit.apply(new Submission(REPLICA, null, List.copyOf(reports)));
        } catch (Throwable e) {
            LOG.error("{} reports of other processes could not be submitted", reports.size(), e);
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Takes the reports to begin with; null if there are none, or if another thread submits. */
    private synchronized @Nullable List<Command.ReportSession> first() {
        return isSubmitting ? null : next();
    }

    private synchronized @Nullable List<Command.ReportSession> next() {
        List<Command.ReportSession> next = waiting.poll();
        isSubmitting = next != null;
        return next;
    }

    private void decided(List<Command.ReportSession> reports, @Nullable Receipt receipt) {
        boolean isRefused = receipt != null && receipt.result() instanceof SubmissionResult.Refused;
        synchronized (this) {
            for (Command.ReportSession report : reports) {
                // a node was removed meanwhile: the other reports are taken one by one, unless a later one waits
                if (isRefused && reports.size() > 1 && undecided.count(report.node()) == 1) {
                    waiting.add(List.of(report));
                } else {
                    undecided.remove(report.node());
                }
            }
        }
        if (receipt == null) {
            whenFailed.run();
        }
        submit();
    }
}
