package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.RoutingPolicy;

/**
 * The policy in force at a control plane.
 *
 * @param rules the policy as it is read
 * @param written its text at the control plane; blank where there is no policy
 * @param leftOut what {@code rules} lack of that text; empty if they lack nothing
 */
public record ReportedPolicy(RoutingPolicy rules, String written, String leftOut) {

    /** The text of a control plane without a policy: every node reaches every other one. */
    public static final SourceText NONE = new SourceText("", "");

    /** Reads a policy; a blank text is none. */
    static ReportedPolicy read(SourceText source, Users users) {
        RoutingPolicy rules = source.text().isBlank()
                ? RoutingPolicy.builder().build()
                : PolicyText.alone(source).read(users);
        return new ReportedPolicy(rules, source.text(), "");
    }

    /** Reads a policy of Tailscale, of which a part may be left out; a blank text is none. */
    static ReportedPolicy pruned(SourceText source, Users users) {
        PrunedPolicy pruned = PrunedPolicy.of(source.text());
        return new ReportedPolicy(
                read(new SourceText(source.name(), pruned.text()), users).rules(), source.text(), pruned.leftOut());
    }

    /** {@return whether there is no policy} */
    public boolean isNone() {
        return written.isBlank();
    }
}
