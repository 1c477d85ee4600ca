package dev.wayleave.policy;

import java.util.Objects;

/**
 * Reads policies in HuJSON: JSON with {@code //} and {@code /*} comments and trailing commas.
 *
 * <p>It reads the sections {@code groups}, {@code hosts}, {@code ipsets}, {@code tagOwners}, {@code autoApprovers}
 * ({@code routes}, {@code exitNode}), {@code acls} ({@code action}, {@code src}, {@code dst}, {@code proto}),
 * {@code grants} ({@code src}, {@code dst}, {@code ip}, {@code app}, {@code via}), {@code tests}, and of
 * {@code nodeAttrs} the app connectors. Their names and those of their fields match without regard to case; names that
 * the policy itself gives – groups, hosts, tags, capabilities – match exactly. Other known sections are accepted,
 * and {@link RoutingPolicy#sectionsNotRead} lists them. Fields that begin with {@code #} or {@code //} are comments.
 * What is unknown, or would narrow access and is not honoured here, is a problem: a policy is never read as more open
 * than it is written. What is accepted, but may not be what its author thinks, is a notice:
 * {@link RoutingPolicy#notices}.
 *
 * <p>The cost is {@code O(text)}; an error in it costs no more than the rest.
 */
public final class PolicyReader {

    private PolicyReader() {}

    /**
     * Reads a policy within {@link PolicyLimits#DEFAULT}.
     *
     * @param hujson the text; a byte order mark at its beginning is passed over
     * @return the policy
     * @throws PolicyException with everything that is wrong with the text, up to {@link PolicyLimits#problems}
     */
    public static RoutingPolicy read(String hujson) {
        Objects.requireNonNull(hujson, "hujson");
        return read(hujson, PolicyLimits.DEFAULT);
    }

    /**
     * Reads a policy.
     *
     * @param hujson the text; a byte order mark at its beginning is passed over
     * @param limits how much it may hold
     * @return the policy
     * @throws PolicyException with everything that is wrong with the text, up to {@link PolicyLimits#problems}; an
     *     error of syntax ends the reading and comes with what was found before it
     */
    public static RoutingPolicy read(String hujson, PolicyLimits limits) {
        Objects.requireNonNull(hujson, "hujson");
        Objects.requireNonNull(limits, "limits");
        String text = JsonText.withoutByteOrderMark(hujson);
        Problems problems = Problems.inText(text, limits);
        return decode(text, problems, PolicyVisitor.NONE).readFrom(text, problems.notices());
    }

    /** Shows what is in a policy that was read before. */
    static void visit(String text, PolicyVisitor visitor) {
        var unused = decode(text, Problems.inText(text, PolicyLimits.NONE), visitor);
    }

    private static RoutingPolicyBuilder decode(String text, Problems problems, PolicyVisitor visitor) {
        JsonValue root = JsonText.read(text, problems.limits(), problems, JsonValue.Path.root(0));
        boolean whole = problems.isEmpty();
        RoutingPolicyBuilder builder =
                root == null ? RoutingPolicy.builder() : PolicyDecoder.decode(root, problems, visitor);
        if (!whole || !problems.isEmpty()) {
            throw new PolicyException(problems.sorted());
        }
        return builder;
    }
}
