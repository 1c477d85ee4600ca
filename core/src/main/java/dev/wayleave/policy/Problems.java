package dev.wayleave.policy;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.Sets;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects the problems and notices of one policy, and knows where in the text they are; for one thread. */
final class Problems {

    private static final Set<Code> MENDED_BY_MORE = Sets.immutableEnumSet(
            Code.UNKNOWN_GROUP,
            Code.UNKNOWN_TAG,
            Code.UNKNOWN_HOST,
            Code.UNKNOWN_IP_SET,
            Code.EMPTY_IP_SET,
            Code.MISSING_FIELD,
            Code.IP_AND_APP_EMPTY);

    private final String text;
    private final boolean located;
    private final PolicyLimits limits;
    private final int most;
    private final List<Finding<Code>> found = new ArrayList<>();
    private final List<Finding<PolicyNotice.Code>> noted = new ArrayList<>();
    private boolean moreNotices;
    private boolean cutShort;
    private boolean full;

    private record Finding<C>(C code, JsonValue.Path spot, String message) {}

    private Problems(String text, boolean located, PolicyLimits limits) {
        this.text = text;
        this.located = located;
        this.limits = limits;
        this.most = limits.problems();
    }

    static Problems inText(String text, PolicyLimits limits) {
        return new Problems(text, true, limits);
    }

    static Problems withoutText() {
        return new Problems("", false, PolicyLimits.NONE);
    }

    /**
     * Reads one text without a policy around it, such as a selector in code. A notice is a problem there: the caller
     * can mend the text, and has no policy that would keep the notice.
     */
    static <T> T orThrow(Function<ProblemSink, @Nullable T> reader) {
        Problems problems = withoutText();
        T result = reader.apply(new ProblemSink() {
            @Override
            public void about(Code code, String message) {
                problems.add(code, JsonValue.Path.root(0), message);
            }

            @Override
            public void notice(PolicyNotice.Code code, String message) {
                about(code == PolicyNotice.Code.HOST_BITS ? Code.HOST_BITS : Code.MALFORMED_SELECTOR, message);
            }
        });
        if (result == null || !problems.isEmpty()) {
            throw new PolicyException(problems.sorted());
        }
        return result;
    }

    /** After a syntax error, do not report errors that the unread part could correct. */
    void cutShort() {
        cutShort = true;
    }

    void add(Code code, JsonValue.Path spot, String message) {
        if (cutShort && MENDED_BY_MORE.contains(code)) {
            return;
        }
        if (found.size() == most) {
            full = true;
        } else {
            found.add(new Finding<>(code, spot, message));
        }
    }

    void notice(PolicyNotice.Code code, JsonValue.Path spot, String message) {
        if (noted.size() == most) {
            moreNotices = true;
        } else {
            noted.add(new Finding<>(code, spot, message));
        }
    }

    /** The limit is reached: a search for further problems is useless. */
    boolean isFull() {
        return full;
    }

    /** Some parts of a policy to look at one after the other, until there is no use in it. */
    <T> Iterable<T> untilFull(Collection<T> parts) {
        return () -> {
            Iterator<T> rest = parts.iterator();
            return new AbstractIterator<T>() {
                @Override
                protected @Nullable T computeNext() {
                    return !full && rest.hasNext() ? rest.next() : endOfData();
                }
            };
        };
    }

    /** {@return a sink for problems and notices at one place} */
    ProblemSink at(JsonValue.Path spot) {
        return new ProblemSink() {
            @Override
            public void about(Code code, String message) {
                add(code, spot, message);
            }

            @Override
            public void notice(PolicyNotice.Code code, String message) {
                Problems.this.notice(code, spot, message);
            }
        };
    }

    /** How much the policy may hold. */
    PolicyLimits limits() {
        return limits;
    }

    /** Whether the policy is read from a text, and was not built in code. */
    boolean isInText() {
        return located;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** By place in the text; problems at one place in the order in which they were found. */
    List<PolicyProblem> sorted() {
        TextPositions positions = TextPositions.of(text);
        return inOrder(
                        found,
                        full,
                        Code.TOO_MANY_PROBLEMS,
                        "the policy has more than " + most + " problems: mend these first")
                .map(each -> problem(each, positions))
                .toList();
    }

    boolean hasNotices() {
        return !noted.isEmpty();
    }

    /** By place in the text; notices at one place in the order in which they were found. */
    List<PolicyNotice> notices() {
        TextPositions positions = TextPositions.of(text);
        return inOrder(
                        noted,
                        moreNotices,
                        PolicyNotice.Code.TOO_MANY_NOTICES,
                        "there are more than " + most + " notices about the policy: look at these first")
                .map(each -> notice(each, positions))
                .toList();
    }

    /** What was found, and at its end whether there is more than the limit allows. */
    private <C> Stream<Finding<C>> inOrder(List<Finding<C>> all, boolean hasMore, C codeOfMore, String messageOfMore) {
        List<Finding<C>> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingInt(each -> each.spot().order()));
        if (hasMore) {
            sorted.add(new Finding<>(codeOfMore, sorted.get(most - 1).spot(), messageOfMore));
        }
        return sorted.stream();
    }

    private static PolicyNotice notice(Finding<PolicyNotice.Code> each, TextPositions positions) {
        JsonValue.Path spot = each.spot();
        int line = positions.line(spot.order());
        int column = positions.column(spot.order());
        return new PolicyNotice(each.code(), spot.path(), line, column, each.message());
    }

    private PolicyProblem problem(Finding<Code> each, TextPositions positions) {
        JsonValue.Path spot = each.spot();
        int line = located ? positions.line(spot.order()) : 0;
        int column = located ? positions.column(spot.order()) : 0;
        return new PolicyProblem(each.code(), spot.path(), line, column, each.message());
    }
}
