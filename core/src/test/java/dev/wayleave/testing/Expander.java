package dev.wayleave.testing;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.row.StateRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Another form of the same history, which must come to the same end – or the scenario states why the form matters.
 */
public enum Expander {
    /** As it was written. */
    IDENTITY,
    /** The submissions of each step in the opposite order. */
    PERMUTE,
    /** Each submission a step of its own, at the same time. */
    SPLIT,
    /** Steps at the same time as one. */
    SQUASH,
    /** Every submission twice. */
    DUPLICATE,
    /** Steps without any submission before, between and after. */
    INSERT_EMPTIES,
    /** A restart from the stored rows after every step, after which all live sessions connect again. */
    RESTART;

    private static final Actor HOST = new Actor("host");

    /**
     * Runs the history in this form, with all {@link Invariants} checked, and returns the rows that are stored in the
     * end.
     */
    public StateRows run(Script script) {
        RoutingState state = script.start();
        for (Script.Moment moment : moments(script)) {
            state = step(state, moment.submissions(), moment.at());
            if (this == RESTART) {
                state = restarted(state);
            }
        }
        return state.rows();
    }

    private static RoutingState step(RoutingState state, List<Submission> submissions, Instant at) {
        Step step = Routing.step(state, submissions, at);
        Invariants.check(state, submissions, step);
        return step.next();
    }

    private static RoutingState restarted(RoutingState state) {
        List<Submission> sessions = new ArrayList<>();
        state.nodes().values().forEach(node -> {
            if (state.lastHeard(node.id()).isPresent()) {
                sessions.add(Submission.of(
                        HOST,
                        new Command.ConnectSession(node.id(), node.session().orElseThrow())));
            }
        });
        return step(RoutingState.restore(state.rows(), state.now()), sessions, state.now());
    }

    private List<Script.Moment> moments(Script script) {
        List<Script.Moment> moments = new ArrayList<>();
        Instant last = script.start().now();
        for (Script.Moment moment : script.moments()) {
            switch (this) {
                case PERMUTE -> {
                    List<Submission> reversed = new ArrayList<>(moment.submissions());
                    java.util.Collections.reverse(reversed);
                    moments.add(new Script.Moment(moment.at(), reversed));
                }
                case SPLIT -> {
                    moment.submissions().forEach(each -> moments.add(new Script.Moment(moment.at(), List.of(each))));
                    if (moment.submissions().isEmpty()) {
                        moments.add(moment);
                    }
                }
                case SQUASH -> squash(moments, moment);
                case DUPLICATE -> {
                    List<Submission> twice = new ArrayList<>(moment.submissions());
                    twice.addAll(moment.submissions());
                    moments.add(new Script.Moment(moment.at(), twice));
                }
                case INSERT_EMPTIES -> {
                    Duration half = Duration.between(last, moment.at()).dividedBy(2);
                    moments.add(new Script.Moment(last.plus(half), List.of()));
                    moments.add(moment);
                    moments.add(new Script.Moment(moment.at(), List.of()));
                }
                default -> moments.add(moment);
            }
            last = moment.at();
        }
        return moments;
    }

    private static void squash(List<Script.Moment> moments, Script.Moment moment) {
        Script.Moment before = moments.isEmpty() ? null : moments.get(moments.size() - 1);
        if (before == null || !before.at().equals(moment.at())) {
            moments.add(moment);
            return;
        }
        List<Submission> all = new ArrayList<>(before.submissions());
        all.addAll(moment.submissions());
        moments.set(moments.size() - 1, new Script.Moment(moment.at(), all));
    }
}
