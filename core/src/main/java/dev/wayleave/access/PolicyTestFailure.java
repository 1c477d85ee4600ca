package dev.wayleave.access;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Selector;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the section of tests of a policy that does not hold.
 *
 * @param test its place in the section, from 0
 * @param lineOrNull the line on which it begins; null if the policy has no text
 * @param source the sender that it names
 * @param faults what does not hold, in the order of the test; at least one
 */
public record PolicyTestFailure(int test, @Nullable Integer lineOrNull, Selector source, List<Fault> faults) {

    /** Copies the faults. */
    public PolicyTestFailure {
        Objects.requireNonNull(source, "source");
        faults = Copies.list(faults, "faults");
    }

    /** {@return the line on which the test begins in the text of the policy; empty if it has none} */
    public OptionalInt line() {
        return lineOrNull == null ? OptionalInt.empty() : OptionalInt.of(lineOrNull);
    }

    /**
     * Describes which test failed, and everything that failed in it.
     *
     * @return one line in lower case, for example {@code tests[2], line 40: no rule lets `ann@` reach `tag:db:5432`}
     */
    public String text() {
        String place = "tests[" + test + "]" + (lineOrNull == null ? "" : ", line " + lineOrNull);
        return place + ": " + faults.stream().map(fault -> fault.text(source)).collect(Collectors.joining("; "));
    }

    /** One thing about a test that does not hold. A minor version may add kinds, named in the changelog. */
    public sealed interface Fault extends NamedKind {

        /**
         * Describes what failed.
         *
         * @param source the sender that the test names
         * @return a part of a line in lower case
         */
        String text(Selector source);
    }

    /**
     * The test expects a destination to be reached, and no rule lets the sender reach it.
     *
     * @param destination what the test names
     * @param senderOrNull the sender that does not reach it, where the test names several by a group; else null
     */
    @Kind("not-accepted")
    public record NotAccepted(
            AclRule.Destination destination, @Nullable String senderOrNull) implements Fault {

        public NotAccepted {
            Objects.requireNonNull(destination, "destination");
        }

        /** {@return the sender that does not reach it; empty unless the test names several senders by a group} */
        public Optional<String> sender() {
            return Optional.ofNullable(senderOrNull);
        }

        @Override
        public String text(Selector source) {
            Objects.requireNonNull(source, "source");
            return "no rule lets " + senderText(source, senderOrNull) + " reach `" + destination + "`";
        }
    }

    /**
     * The test expects a destination not to be reached, and a rule lets the sender reach it, or a part of it.
     *
     * @param destination what the test names
     * @param rule the first such rule
     * @param lineOrNull the line of the rule; null if the policy has no text
     * @param senderOrNull the sender that reaches it, where the test names several by a group; else null
     */
    @Kind("not-denied")
    public record NotDenied(
            AclRule.Destination destination,
            RuleId rule,
            @Nullable Integer lineOrNull,
            @Nullable String senderOrNull) implements Fault {

        public NotDenied {
            Objects.requireNonNull(destination, "destination");
            Objects.requireNonNull(rule, "rule");
        }

        /** {@return the line of the rule; empty if the policy has no text} */
        public OptionalInt line() {
            return lineOrNull == null ? OptionalInt.empty() : OptionalInt.of(lineOrNull);
        }

        /** {@return the sender that reaches it; empty unless the test names several senders by a group} */
        public Optional<String> sender() {
            return Optional.ofNullable(senderOrNull);
        }

        @Override
        public String text(Selector source) {
            Objects.requireNonNull(source, "source");
            String by = rule.equals(RuleId.DEFAULT)
                    ? "a policy without rules"
                    : "`" + rule + "`" + (lineOrNull == null ? "" : ", line " + lineOrNull + ",");
            return by + " lets " + senderText(source, senderOrNull) + " reach `" + destination + "`";
        }
    }

    /** The sender of the test is neither a user nor a tag, so that the test has no answer. */
    @Kind("no-sender")
    public record NoSender() implements Fault {

        @Override
        public String text(Selector source) {
            Objects.requireNonNull(source, "source");
            return "`" + source.text() + "` names no sender: name a user, a tag or an address";
        }
    }

    /**
     * The test has attributes of the sender's device, which are not evaluated.
     *
     * @param attributes their names; at least one
     */
    @Kind("posture-not-evaluated")
    public record PostureNotEvaluated(SortedSet<String> attributes) implements Fault {

        /** Copies the names. */
        public PostureNotEvaluated {
            attributes = Copies.sortedSet(attributes, "attributes");
        }

        @Override
        public String text(Selector source) {
            Objects.requireNonNull(source, "source");
            return "`srcPostureAttrs` is not evaluated (" + String.join(", ", attributes)
                    + "): take it out of the test, or the test out of the policy";
        }
    }

    private static String senderText(Selector source, @Nullable String senderOrNull) {
        return senderOrNull == null ? "`" + source.text() + "`" : "`" + senderOrNull + "` of `" + source.text() + "`";
    }
}
