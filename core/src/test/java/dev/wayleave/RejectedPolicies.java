package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.PolicyProblem;
import dev.wayleave.policy.PolicyProblem.Code;
import dev.wayleave.policy.PolicyReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What the control plane refuses, we refuse for the same cause. */
final class RejectedPolicies implements ConformanceKind {

    /** The control plane's wording of a cause, and our name for it. */
    private static final Map<Pattern, Code> CAUSES = new LinkedHashMap<>();

    static {
        cause("(src=|dst=)?tag not found: \".*\"", Code.UNKNOWN_TAG);
        cause("""
                tag ".*" not found""", Code.UNKNOWN_TAG);
        cause("via can only be a tag", Code.VIA_NOT_A_TAG);
        cause("ip and app can not both be empty", Code.IP_AND_APP_EMPTY);
        cause("""
                port range ".*": invalid (first|last) integer""", Code.MALFORMED_PORTS);
        cause("""
                port range ".*": first port must be >0.*""", Code.PORT_ZERO);
        cause("""
                dst ".*/0": to allow all IP addresses, use .*""", Code.ALL_ADDRESSES);
        cause("cannot use app grants with autogroup:internet", Code.APP_TO_INTERNET);
    }

    private static void cause(String wording, Code code) {
        CAUSES.put(Pattern.compile(wording), code);
    }

    @Override
    public String name() {
        return "rejected";
    }

    @Override
    public boolean concerns(ConformanceCase recorded) {
        return recorded.refusal().isPresent();
    }

    @Override
    public void check(ConformanceCase recorded) {
        String message = recorded.refusal().orElseThrow();
        Code cause = CAUSES.entrySet().stream()
                .filter(known -> known.getKey().matcher(message).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no code is known for the cause `" + message + "`"));
        PolicyException refused =
                catchThrowableOfType(PolicyException.class, () -> PolicyReader.read(recorded.policy()));
        assertThat(refused).as("the policy refused with: %s", message).isNotNull();
        assertThat(refused.problems())
                .as("our problems with the policy refused with: %s", message)
                .extracting(PolicyProblem::code)
                .containsOnly(cause);
    }
}
