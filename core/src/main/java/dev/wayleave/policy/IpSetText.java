package dev.wayleave.policy;

import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.IpSetDefinition.Operation;
import dev.wayleave.policy.IpSetDefinition.Target;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The spelling of the operations that make IP sets. */
final class IpSetText {

    static final String HOST = "host:";

    private static final String ADD = "add ";
    private static final String REMOVE = "remove ";

    private IpSetText() {}

    /** Null after a complaint. */
    static @Nullable Operation operation(String text, ProblemSink complaint) {
        boolean removes = text.startsWith(REMOVE);
        String named = (removes
                        ? text.substring(REMOVE.length())
                        : text.startsWith(ADD) ? text.substring(ADD.length()) : text)
                .strip();
        Target target = target(named, complaint);
        return target == null ? null : new Operation(removes, target);
    }

    private static @Nullable Target target(String text, ProblemSink complaint) {
        if (text.startsWith(SelectorText.IP_SET) && SelectorText.isIpSetName(text)) {
            return new Target.Nested(text);
        }
        if (text.equals(Selector.Autogroup.INTERNET.text())) {
            return new Target.Internet();
        }
        String host = text.startsWith(HOST) ? text.substring(HOST.length()) : text;
        if (SelectorText.isHostName(host)) {
            return new Target.NamedHost(host);
        }
        if (SelectorText.isRange(text)) {
            Optional<IpRange> range = IpRange.tryParse(text);
            if (range.isEmpty()) {
                complaint.about(
                        Code.MALFORMED_PREFIX,
                        Quotes.quoted(text)
                                + " is not a range: write two addresses of one family, the lower one first");
            }
            return range.map(Target.Range::new).orElse(null);
        }
        if (text.indexOf('/') >= 0 || SelectorText.looksLikeAddress(text)) {
            Prefix prefix = SelectorText.addressOrPrefix(text, complaint);
            return prefix == null ? null : new Target.Block(prefix);
        }
        complaint.about(
                Code.MALFORMED_SELECTOR,
                Quotes.quoted(text)
                        + " cannot be in an IP set: write `add` or `remove` and an address, a prefix, a range, "
                        + "`host:…`, `ipset:…` or `autogroup:internet`");
        return null;
    }
}
