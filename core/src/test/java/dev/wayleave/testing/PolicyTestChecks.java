package dev.wayleave.testing;

import dev.wayleave.RoutingViews;
import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.foresight.RouteExpectation;
import dev.wayleave.foresight.RouteTestFailure;
import dev.wayleave.foresight.RouteTests;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.PolicyTestCase;
import dev.wayleave.policy.RoutingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tests of a policy, and route tests, as checks of a test framework, one each. With JUnit:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> thePolicyOpensWhatItSays() {
 *     return PolicyTestChecks.of(policy, users, OverlayRanges.DEFAULT).stream()
 *             .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
 * }
 *
 * @TestFactory
 * Stream<DynamicTest> routesAreAsExpected() {
 *     return PolicyTestChecks.ofRoutes(RoutingViews.of(state), RouteTests.read(text)).stream()
 *             .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
 * }
 * }</pre>
 */
public final class PolicyTestChecks {

    private PolicyTestChecks() {}

    /**
     * One test.
     *
     * @param name its place, and what it expects
     * @param failure what does not hold; empty if the test holds
     */
    public record Check(String name, String failure) {

        /**
         * Fails if the test does not hold.
         *
         * @throws AssertionError with everything that does not hold
         */
        public void run() {
            if (!failure.isEmpty()) {
                throw new AssertionError(failure);
            }
        }
    }

    /**
     * Returns the tests of a policy.
     *
     * @param policy the policy
     * @param users the users of the tailnet, or none
     * @param overlay the tailnet's own ranges
     * @return a check for each test, in their order
     */
    public static List<Check> of(RoutingPolicy policy, Users users, OverlayRanges overlay) {
        Map<Integer, PolicyTestFailure> failures = RouteTests.ofPolicy(policy, users, overlay).stream()
                .collect(Collectors.toMap(PolicyTestFailure::test, Function.identity()));
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < policy.tests().size(); i++) {
            PolicyTestCase test = policy.tests().get(i);
            PolicyTestFailure failure = failures.get(i);
            String name = "tests[" + i + "] " + test.source().text()
                    + (test.accept().isEmpty() ? "" : " reaches " + test.accept())
                    + (test.deny().isEmpty() ? "" : " does not reach " + test.deny());
            checks.add(new Check(name, failure == null ? "" : failure.text()));
        }
        return checks;
    }

    /**
     * Returns route tests.
     *
     * @param views the views of the tailnet
     * @param tests the tests, as {@link RouteTests#read} reads them
     * @return a check for each test, in their order
     */
    public static List<Check> ofRoutes(RoutingViews views, List<RouteExpectation> tests) {
        Map<Integer, RouteTestFailure> failures = RouteTests.run(views, tests).stream()
                .collect(Collectors.toMap(RouteTestFailure::test, Function.identity()));
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            RouteTestFailure failure = failures.get(i);
            checks.add(new Check(
                    "routeTests[" + i + "] " + name(tests.get(i)),
                    failure == null ? "" : failure.text(views.state().names())));
        }
        return checks;
    }

    private static String name(RouteExpectation test) {
        String down = test.withDown().isEmpty() ? "" : " with " + test.withDown() + " down";
        if (test instanceof RouteExpectation.OfPrefix prefix) {
            return prefix.prefix() + " has " + prefix.healthyRouters() + " healthy routers or more" + down;
        }
        RouteExpectation.OfViewer viewer = (RouteExpectation.OfViewer) test;
        return viewer.viewer()
                + (viewer.reaches().isEmpty() ? "" : " reaches " + viewer.reaches())
                + (viewer.not().isEmpty() ? "" : " does not reach " + viewer.not())
                + down;
    }
}
