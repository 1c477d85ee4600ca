package dev.wayleave.policy;

import com.google.common.collect.ImmutableList;
import dev.wayleave.net.WayleaveException;
import java.util.List;

/**
 * A policy is refused. The exception has all its problems.
 *
 * <p>Immutable, except for its stack trace, as every exception is.
 */
public final class PolicyException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** In the order of their places. */
    @SuppressWarnings("serial") // never serialised: the class is an exception only by inheritance
    private final List<PolicyProblem> problems;

    PolicyException(List<PolicyProblem> problems) {
        super(summary(problems));
        this.problems = ImmutableList.copyOf(problems);
    }

    /**
     * {@return everything that is wrong; at least one problem, in the order of their places in the policy; immutable}
     */
    public List<PolicyProblem> problems() {
        return problems;
    }

    private static String summary(List<PolicyProblem> problems) {
        String first = problems.get(0).toString();
        return problems.size() == 1
                ? "the policy has a problem: " + first
                : "the policy has " + problems.size() + " problems, the first of them: " + first;
    }
}
