package dev.wayleave.examples.cli.report;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.foresight.RouteExpectation;
import dev.wayleave.foresight.RouteTestFailure;
import dev.wayleave.foresight.RouteTests;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.policy.RoutingPolicy;
import java.util.List;
import java.util.function.Supplier;

/**
 * The result of the route tests in a tailnet.
 *
 * @param tests how many there are
 * @param failures those that do not hold
 * @param names how texts call the nodes of the tailnet
 */
public record RouteTestsRun(int tests, List<RouteTestFailure> failures, Names names) {

    /** No test. */
    public static final RouteTestsRun NONE = new RouteTestsRun(0, List.of(), Names.NUMBERS);

    /** The failure of a test, in one line. */
    public String text(RouteTestFailure failure) {
        return failure.text(names);
    }

    /**
     * Runs the tests of a file on a tailnet once it has this policy, also a policy that fails its own tests: these are
     * reported beside the route tests.
     */
    public static RouteTestsRun of(SourceText file, RoutingState tailnet, RoutingPolicy policy) {
        return of(file, () -> RoutingViews.of(withPolicy(tailnet, policy)), tailnet.names());
    }

    /** Runs the tests of a file on a tailnet. */
    public static RouteTestsRun of(SourceText file, RoutingViews views) {
        return of(file, () -> views, views.state().names());
    }

    private static RouteTestsRun of(SourceText file, Supplier<RoutingViews> views, Names names) {
        try {
            List<RouteExpectation> tests = RouteTests.read(file.text());
            return new RouteTestsRun(tests.size(), RouteTests.run(views.get(), tests), names);
        } catch (StoredTextException malformed) {
            throw new BadInput(file.name() + ": " + malformed.getMessage());
        }
    }

    private static RoutingState withPolicy(RoutingState tailnet, RoutingPolicy policy) {
        RoutingState taking = Tailnet.withoutPolicyTests(tailnet);
        Submission change = Submission.of(new Actor("policy test"), new Command.SetPolicy(policy));
        Step step = Routing.step(taking, List.of(change), taking.now());
        if (step.results().get(0) instanceof SubmissionResult.Refused refused) {
            throw BadInput.refused("the tailnet refuses the policy: ", tailnet.names(), List.of(refused));
        }
        return step.next();
    }
}
