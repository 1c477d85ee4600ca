package dev.wayleave;

import com.google.common.collect.ImmutableList;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.row.RowChanges;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commonest step by far: nothing but keep-alives of live sessions, and nothing is due. It comes to what the step with
 * a {@link StateBuilder} comes to, and allocates a third of the bytes.
 */
final class Hearing {

    private static final ImmutableList<SubmissionResult> ONE_ACCEPTED = ImmutableList.of(SubmissionResult.accepted());

    private Hearing() {}

    /** The step, or null if there is more to it. */
    static @Nullable Step step(RoutingState state, List<Submission> submissions, long now) {
        if (!state.unsettled.isEmpty() || !state.unsaved.isEmpty() || !state.unsavedNodes.isEmpty()) {
            return null;
        }
        LastHeardTimes heard = state.heard;
        for (int i = 0; i < submissions.size(); i++) {
            List<Command> commands = submissions.get(i).commands();
            if (commands.size() > state.settings.limits().commandsPerSubmission()) {
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
        return isAnythingDue(state, heard, now)
                ? null
                : new Step(
                        new RoutingState(state, heard, now),
                        accepted(submissions.size()),
                        ImmutableList.of(),
                        RowChanges.none(),
                        TouchedKeys.nothing());
    }

    private static @Nullable LastHeardTimes heard(RoutingState state, LastHeardTimes heard, Command command, long now) {
        if (!(command instanceof Command.KeepAlive keepAlive)) {
            return null;
        }
        NodeState node = state.nodes.get(keepAlive.node());
        if (node == null || !node.isListening() || !node.hasSession(keepAlive.session())) {
            return null;
        }
        long at = SessionCommands.heardAt(keepAlive, 0, now);
        return at > heard.at(node.slot()) ? heard.with(node.slot(), new LastHeardTimes.Heard(node.id(), at)) : heard;
    }

    private static boolean isAnythingDue(RoutingState state, LastHeardTimes heard, long now) {
        Optional<Duration> limit = state.settings.silenceLimit();
        return (limit.isPresent() && Times.plus(heard.earliestTime(), limit.get()) <= now)
                || (!state.deadlines.isEmpty() && state.deadlines.first().at() <= now)
                || (!state.failBacks.isEmpty() && state.failBacks.first().at() <= now);
    }

    private static List<SubmissionResult> accepted(int submissions) {
        return submissions == 1
                ? ONE_ACCEPTED
                : ImmutableList.copyOf(Collections.nCopies(submissions, SubmissionResult.accepted()));
    }
}
