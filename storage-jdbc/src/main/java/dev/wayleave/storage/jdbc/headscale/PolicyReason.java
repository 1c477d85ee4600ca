package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.internal.Copies;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.PolicyProblem;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A finding of an import about the policy. */
public sealed interface PolicyReason extends ImportFinding.Reason {

    /**
     * The policy of a row cannot be read, and is left out.
     *
     * @param column the column with the policy
     * @param problems all its problems, in the order of their places
     */
    record PolicyUnreadable(String column, List<PolicyProblem> problems) implements PolicyReason {
        @Override
        public String kind() {
            return "policy-unreadable";
        }

        /** Copies the problems. */
        public PolicyUnreadable {
            Objects.requireNonNull(column, "column");
            problems = Copies.list(problems, "problems");
        }

        @Override
        public String message() {
            return "`" + column + "` holds a policy that cannot be read: "
                    + problems.stream().map(PolicyProblem::toString).collect(Collectors.joining("; "));
        }
    }

    /** The database holds no policy that can be read, and the caller gave none: nothing is imported. */
    record PolicyUndecided() implements PolicyReason {
        @Override
        public String kind() {
            return "policy-undecided";
        }

        @Override
        public ImportFinding.Degree degree() {
            return ImportFinding.Degree.BLOCKING;
        }

        @Override
        public String message() {
            return "there is no policy to import, and without a policy every node reaches every node: give the policy "
                    + "of Headscale's file, or decide to have no policy";
        }
    }

    /** The policy of the row is not imported, because the caller decided otherwise. */
    record PolicyOverridden() implements PolicyReason {
        @Override
        public String kind() {
            return "policy-overridden";
        }

        @Override
        public String message() {
            return "the policy of the row is not imported, as the caller decided";
        }
    }

    /** The tailnet has a policy of its own, and keeps it. */
    record PolicyKept() implements PolicyReason {
        @Override
        public String kind() {
            return "policy-kept";
        }

        @Override
        public String message() {
            return "the tailnet has a policy of its own and keeps it: this policy is not imported";
        }
    }

    /**
     * The policy is imported, and a part of it may not do what its author expects.
     *
     * @param notice the notice, with its place
     */
    record PolicyNoticed(PolicyNotice notice) implements PolicyReason {
        @Override
        public String kind() {
            return "policy-noticed";
        }

        public PolicyNoticed {
            Objects.requireNonNull(notice, "notice");
        }

        @Override
        public ImportFinding.Degree degree() {
            return ImportFinding.Degree.WARNING;
        }

        @Override
        public String message() {
            return notice.toString();
        }
    }

    /**
     * The policy is imported, but a text in it names more than one user, and therefore no user.
     *
     * @param problem the place and the users
     */
    record PolicyAmbiguous(PolicyProblem problem) implements PolicyReason {
        @Override
        public String kind() {
            return "policy-ambiguous";
        }

        public PolicyAmbiguous {
            Objects.requireNonNull(problem, "problem");
        }

        @Override
        public String message() {
            return problem.toString();
        }
    }

    /**
     * The policy names the user by an identifier of an identity provider. Headscale finds the user by it; in the
     * tailnet it names no user, or another user.
     *
     * @param column the column that holds the identifier
     * @param text the text in the policy
     * @param instead the text that names the user in the tailnet
     */
    record IdentifierInPolicy(String column, String text, String instead) implements PolicyReason {
        @Override
        public String kind() {
            return "identifier-in-policy";
        }

        public IdentifierInPolicy {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(instead, "instead");
        }

        @Override
        public String message() {
            return "the policy names the user `" + text + "`, by `" + column
                    + "`, which does not name this user in the tailnet: write `" + instead + "` in the policy";
        }
    }
}
