package dev.wayleave.examples.cli.report;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.foresight.RouteExpectation;
import dev.wayleave.foresight.RouteTestFailure;
import dev.wayleave.foresight.RouteTests;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which route tests hold in a tailnet.
 *
 * @param tests how many there are
 * @param failures those that do not hold
 * @param names how texts call the nodes of the tailnet
 */
public record RouteTestsRun(int tests, List<RouteTestFailure> failures, Names names) {

    /** No test. */
    public static final RouteTestsRun NONE = new RouteTestsRun(0, List.of(), Names.NUMBERS);

    /** What does not hold of a test, in one line. */
    public String text(RouteTestFailure failure) {
        return failure.text(names);
    }

    /**
     * Runs the tests of a file on a tailnet once it has this policy, also a policy that fails its own tests: these are
     * reported beside the route tests.
     */
    public static RouteTestsRun of(SourceText file, RoutingState tailnet, RoutingPolicy policy) {
        try {
            List<RouteExpectation> tests = RouteTests.read(file.text());
            RoutingViews views = RoutingViews.of(withPolicy(tailnet, policy));
            return new RouteTestsRun(tests.size(), RouteTests.run(views, tests), tailnet.names());
        } catch (StoredTextException malformed) {
            throw new BadInput(file.name() + ": " + malformed.getMessage());
        }
    }

    private static RoutingState withPolicy(RoutingState tailnet, RoutingPolicy policy) {
        RoutingSettings settings =
                tailnet.settings().toBuilder().policyTests(false).build();
        Submission change = Submission.of(
                new Actor("policy test"), new Command.SetSettings(settings), new Command.SetPolicy(policy));
        Step step = Routing.step(tailnet, List.of(change), tailnet.now());
        if (step.results().get(0) instanceof SubmissionResult.Refused refused) {
            throw new BadInput(refused.problems().stream()
                    .map(Problem::message)
                    .collect(Collectors.joining("; ", "the tailnet refuses the policy: ", "")));
        }
        return step.next();
    }
}
