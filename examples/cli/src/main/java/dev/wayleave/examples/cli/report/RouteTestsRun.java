package dev.wayleave.examples.cli.report;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.foresight.RouteExpectation;
import dev.wayleave.foresight.RouteTestFailure;
import dev.wayleave.foresight.RouteTests;
import dev.wayleave.mesh.Actor;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.policy.RoutingPolicy;
import java.util.List;

/**
 * Which route tests hold in a tailnet.
 *
 * @param tests how many there are
 * @param failures those that do not hold
 */
public record RouteTestsRun(int tests, List<RouteTestFailure> failures) {

    /** No test. */
    public static final RouteTestsRun NONE = new RouteTestsRun(0, List.of());

    /** Runs the tests of a file on a tailnet once it has this policy. */
    public static RouteTestsRun of(SourceText file, RoutingState tailnet, RoutingPolicy policy) {
        try {
            List<RouteExpectation> tests = RouteTests.read(file.text());
            Submission change = Submission.of(new Actor("policy test"), new Command.SetPolicy(policy));
            RoutingState then =
                    Routing.step(tailnet, List.of(change), tailnet.now()).next();
            return new RouteTestsRun(tests.size(), RouteTests.run(RoutingViews.of(then), tests));
        } catch (StoredTextException malformed) {
            throw new BadInput(file.name() + ": " + malformed.getMessage());
        }
    }
}
