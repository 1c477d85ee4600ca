package dev.wayleave.foresight;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.access.engine.PolicyTestEvaluator;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.policy.RoutingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Evaluates what administrators expect of their policy and of their routes.
 */
public final class RouteTests {

    private RouteTests() {}

    /**
     * Evaluates the section {@code tests} of a policy over the policy and the users only: nodes, routers, {@code via}
     * and health are not read.
     *
     * <p>A destination under {@code accept} holds if rules let the sender reach all of it, on each of its ports, by the
     * protocol of the test – by TCP or by UDP, where the test names none. One under {@code deny} holds if no rule
     * lets the sender reach any part of it. A group stands for each of its members; a user whom the tailnet does not
     * have is taken as a member with that e-mail address or name. A test with {@code srcPostureAttrs} fails: nothing
     * here knows devices.
     *
     * @param policy the policy, in force or to come
     * @param users the users of the tailnet; {@link Users#none} to test a policy by itself
     * @param overlay the tailnet's own ranges
     * @return the tests that do not hold, in their order; empty if all hold. {@code O(tests × destinations × rules)}
     */
    public static List<PolicyTestFailure> ofPolicy(RoutingPolicy policy, Users users, OverlayRanges overlay) {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(users, "users");
        Objects.requireNonNull(overlay, "overlay");
        return PolicyTestEvaluator.failures(policy, users, overlay);
    }

    /**
     * Evaluates the section {@code tests} of the policy that is in force.
     *
     * @param state the tailnet
     * @return the tests that do not hold, in their order; empty if all hold
     */
    public static List<PolicyTestFailure> ofPolicy(RoutingState state) {
        Objects.requireNonNull(state, "state");
        return ofPolicy(state.policy(), state.users(), state.settings().overlay());
    }

    /**
     * Reads route tests. Comments, and commas after the last entry, are allowed.
     *
     * <pre>{@code
     * {"routeTests": [
     *   {"viewer": "ann@", "reaches": ["10.0.0.0/24 via tag:site-a"], "not": ["autogroup:internet"]},
     *   {"prefix": "10.0.0.0/8", "healthyRouters": ">=2"},
     *   {"withDown": ["berlin-a"], "viewer": "laptop", "reaches": ["10.0.0.1"]}
     * ]}
     * }</pre>
     *
     * @param json a JSON object
     * @return the tests, in their order
     * @throws StoredTextException if the text is malformed, or has a member that is unknown; the message begins with
     *     the place
     */
    public static List<RouteExpectation> read(String json) {
        Objects.requireNonNull(json, "json");
        return RouteTestReader.read(json);
    }

    /**
     * Evaluates route tests on a tailnet as it is, with the liveness and the health that its nodes have. The nodes that
     * a test declares offline are gone for longer than their grace, and their prefixes are elected anew. A node that is
     * not known to be offline ({@link dev.wayleave.mesh.Liveness#UNKNOWN}) counts as online.
     *
     * @param views the tailnet
     * @param tests the tests
     * @return the tests that do not hold, in their order; empty if all hold. {@code O(nodes + routes)} for each viewer,
     *     and for each set of nodes that tests declare offline
     */
    public static List<RouteTestFailure> run(RoutingViews views, List<RouteExpectation> tests) {
        Objects.requireNonNull(views, "views");
        Copies.refuseNull(tests, "tests");
        RouteTestEvaluator evaluator = new RouteTestEvaluator(views);
        List<RouteTestFailure> failures = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            List<RouteTestFailure.Fault> faults = evaluator.faults(tests.get(i));
            if (!faults.isEmpty()) {
                failures.add(new RouteTestFailure(i, faults));
            }
        }
        return failures;
    }
}
