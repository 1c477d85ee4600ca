package dev.wayleave;

import com.google.common.collect.ImmutableList;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.row.RowChanges;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of keep-alives of live sessions only, with nothing due: by far the most common step. It gives what the step
 * with a {@link StateBuilder} gives, and allocates a quarter of the bytes.
 */
final class KeepAliveStep {

    private static final ImmutableList<SubmissionResult> ONE_ACCEPTED = ImmutableList.of(SubmissionResult.accepted());

    private KeepAliveStep() {}

    /** The step, or null if anything else is to do. */
    static @Nullable Step step(RoutingState state, List<Submission> submissions, long now) {
        if (!state.fields.repairs.isEmpty()) {
            return null;
        }
        LastHeardTimes heard = state.fields.heard;
        for (int i = 0; i < submissions.size(); i++) {
            List<Command> commands = submissions.get(i).commands();
            if (commands.size() > state.fields.settings.limits().commandsPerSubmission()) {
                return null;
            }
            for (int j = 0; j < commands.size(); j++) {
                LastHeardTimes next = heard(state, heard, commands.get(j), now);
                if (next == null) {
                    return null;
                }
                heard = next;
            }
        }
        StateFields fields = state.fields.copy();
        fields.heard = heard;
        return fields.nextDue() <= now
                ? null
                : new Step(
                        new RoutingState(fields, now),
                        accepted(submissions.size()),
                        ImmutableList.of(),
                        RowChanges.none(),
                        TouchedKeys.nothing());
    }

    private static @Nullable LastHeardTimes heard(RoutingState state, LastHeardTimes heard, Command command, long now) {
        if (!(command instanceof Command.KeepAlive keepAlive)) {
            return null;
        }
        NodeState node = state.fields.nodes.get(keepAlive.node());
        if (node == null || !node.isListening() || !node.hasSession(keepAlive.session())) {
            return null;
        }
        long at = SessionCommands.heardAt(keepAlive, 0, now);
        return at > heard.at(node.slot())
                ? heard.with(node.slot(), new LastHeardTimes.LastHeardTime(node.id(), at))
                : heard;
    }

    private static List<SubmissionResult> accepted(int submissions) {
        return submissions == 1
                ? ONE_ACCEPTED
                : ImmutableList.copyOf(Collections.nCopies(submissions, SubmissionResult.accepted()));
    }
}
