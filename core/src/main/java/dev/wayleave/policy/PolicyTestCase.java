package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the policy's section {@code tests}: what the administrators expect to pass, and not to pass.
 * {@code dev.wayleave.foresight.RouteTests} evaluates it.
 *
 * <p>The names in it need not be defined: a name that is not is a notice of the policy.
 *
 * @param source who sends
 * @param protocolOrNull the protocol; null where the test names none
 * @param accept what must be reached, in the order of the policy. Port 0 stands for a packet of a protocol without
 *     ports: {@code tag:server:0} with {@code icmp} is a ping
 * @param deny what must not be reached, in the order of the policy
 * @param postureAttributes what the test assumes about the sender's device, under {@code srcPostureAttrs}: each name
 *     with its value as canonical JSON text
 */
public record PolicyTestCase(
        Selector source,
        @Nullable Protocol protocolOrNull,
        List<AclRule.Destination> accept,
        List<AclRule.Destination> deny,
        SortedMap<String, String> postureAttributes) {

    public PolicyTestCase {
        Objects.requireNonNull(source, "source");
        accept = Copies.list(accept, "accept");
        deny = Copies.list(deny, "deny");
        postureAttributes = Copies.sortedMap(postureAttributes, "postureAttributes");
    }

    /** {@return the protocol; empty where the test names none} */
    public Optional<Protocol> protocol() {
        return Optional.ofNullable(protocolOrNull);
    }
}
