package dev.wayleave.testing;

import dev.wayleave.Step;
import dev.wayleave.command.Problem;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What is expected of one step, for tests that call {@link dev.wayleave.Routing#step} themselves.
 *
 * <pre>{@code
 * StepExpectations.of(step).accepted().moved("10.0.0.0/8", berlin, backup).noEvent(RouteEvent.PrefixUnserved.class);
 * }</pre>
 */
public final class StepExpectations {

    private final Step step;

    private StepExpectations(Step step) {
        this.step = step;
    }

    public static StepExpectations of(Step step) {
        return new StepExpectations(step);
    }

    /** Every submission was accepted. */
    public StepExpectations accepted() {
        require(
                step.results().stream().allMatch(SubmissionResult.Accepted.class::isInstance),
                "all is accepted, not " + step.results());
        return this;
    }

    /** One submission, from 0, was refused, and one of its problems is of this kind. */
    public StepExpectations refused(int submission, Class<? extends Problem> problem) {
        SubmissionResult result = step.results().get(submission);
        require(
                result instanceof SubmissionResult.Refused refused
                        && refused.problems().stream().anyMatch(problem::isInstance),
                "submission " + submission + " is refused by " + problem.getSimpleName() + ", not " + result);
        return this;
    }

    /** The prefix has another primary, and had this one. */
    public StepExpectations moved(String prefix, NodeId from, NodeId to) {
        require(
                step.events().stream()
                        .anyMatch(event -> event instanceof RouteEvent.PrimaryMoved moved
                                && moved.prefix().equals(Prefix.parse(prefix))
                                && moved.from().equals(from)
                                && moved.to().equals(to)),
                prefix + " moves from " + from + " to " + to + ", but there are " + step.events());
        return carriedBy(prefix, to);
    }

    /** No prefix got, lost or changed its primary. */
    public StepExpectations nothingMoved() {
        List<RouteEvent> moves = step.events().stream()
                .filter(RouteEvent.OfElection.class::isInstance)
                .toList();
        require(moves.isEmpty(), "nothing moves, but " + moves);
        return this;
    }

    /** The primary afterwards. */
    public StepExpectations carriedBy(String prefix, NodeId node) {
        Optional<NodeId> primary = step.next().primary(Prefix.parse(prefix));
        require(primary.equals(Optional.of(node)), prefix + " is carried by " + node + ", not by " + primary);
        return this;
    }

    /** No node carries the prefix afterwards. */
    public StepExpectations unserved(String prefix) {
        Optional<NodeId> primary = step.next().primary(Prefix.parse(prefix));
        require(primary.isEmpty(), prefix + " is unserved, not carried by " + primary);
        return this;
    }

    public StepExpectations event(Class<? extends RouteEvent> type) {
        require(
                step.events().stream().anyMatch(type::isInstance),
                "one event is " + type.getSimpleName() + ", but there are " + step.events());
        return this;
    }

    public StepExpectations noEvent(Class<? extends RouteEvent> type) {
        require(
                step.events().stream().noneMatch(type::isInstance),
                "no event is " + type.getSimpleName() + ", but there are " + step.events());
        return this;
    }

    /** No row changed. */
    public StepExpectations writesNothing() {
        require(step.rowChanges().isEmpty(), "nothing is written, but " + step.rowChanges());
        return this;
    }

    /** No view can have changed. */
    public StepExpectations touchesNothing() {
        require(step.touched().isEmpty(), "nothing is touched, but " + step.touched());
        return this;
    }

    private static void require(boolean holds, String expectation) {
        if (!holds) {
            throw new AssertionError("expected that " + expectation);
        }
    }
}
