package dev.wayleave.testing;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A history as data: from a first state, submissions at times. It can be replayed, and expanded into other histories
 * that must come to the same end.
 *
 * @param start where it begins
 * @param moments one for each step
 */
public record Script(RoutingState start, List<Moment> moments) {

    public Script {
        moments = List.copyOf(moments);
    }

    /**
     * One step.
     *
     * @param at its time
     * @param submissions what was handed in
     */
    public record Moment(Instant at, List<Submission> submissions) {

        public Moment {
            submissions = List.copyOf(submissions);
        }

        /** One submission with these commands. */
        public static Moment of(Instant at, Command... commands) {
            return new Moment(at, List.of(new Submission(new Actor("test"), null, Arrays.asList(commands))));
        }
    }

    /** The same history for a host whose clock was never stepped. */
    public Script onOneClock() {
        List<Moment> steady = new ArrayList<>();
        Duration stepped = Duration.ZERO;
        for (Moment moment : moments) {
            List<Submission> submissions = new ArrayList<>();
            for (Submission submission : moment.submissions()) {
                if (submission.commands().size() == 1
                        && submission.commands().get(0) instanceof Command.StepClock step) {
                    stepped = stepped.plus(step.by());
                } else {
                    submissions.add(new Submission(
                            submission.actor(),
                            submission.correlationId().orElse(null),
                            submission.commands().stream()
                                    .filter(command -> !(command instanceof Command.StepClock))
                                    .toList()));
                }
            }
            steady.add(new Moment(moment.at().minus(stepped), submissions));
        }
        return new Script(start, steady);
    }

    /** Starts a script whose moments are named by the time since its start. */
    public static Builder from(RoutingState start) {
        return new Builder(start);
    }

    /** Collects moments. */
    public static final class Builder {

        private final RoutingState start;
        private final List<Moment> moments = new ArrayList<>();

        private Builder(RoutingState start) {
            this.start = start;
        }

        public Builder at(Duration sinceStart, Command... commands) {
            moments.add(Moment.of(start.now().plus(sinceStart), commands));
            return this;
        }

        public Script build() {
            return new Script(start, moments);
        }
    }
}
