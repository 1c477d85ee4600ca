package dev.wayleave.explanation;

import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints the parts of a question about traffic, as every reason of its answer names them. */
final class QuestionText {

    private QuestionText() {}

    /** The host that sends: the viewer, or an address behind it. */
    static String sender(TrafficQuestion question, Names names) {
        return question.behind().map(IpAddress::toString).orElseGet(() -> names.node(question.viewer()));
    }

    /** An address without a length, and any other prefix with it. */
    static String prefix(Prefix prefix) {
        return prefix.isSingleAddress() ? prefix.first().toString() : prefix.toString();
    }

    static String site(Via6 site) {
        return prefix(site.ipv4()) + " at site " + site.site();
    }

    static String family(Prefix prefix) {
        return prefix.isIpv4() ? "IPv4" : "IPv6";
    }

    static String addresses(AddressSet addresses) {
        return Texts.first(
                addresses.ranges(),
                range -> range.toPrefix().map(QuestionText::prefix).orElse(range.toString()));
    }

    /** The traffic that is sent, for example {@code tcp 443}; of a ping the protocol that goes to the destination. */
    static String traffic(TrafficQuestion question) {
        Optional<Protocol> protocol = question.meantProtocol();
        boolean ping = protocol.filter(Protocol::isIcmp).isPresent();
        String port = ping || question.port().isEmpty() || question.port().getAsInt() == 0
                ? ""
                : " " + question.port().getAsInt();
        return protocol.map(meant -> meant + port).orElse("any traffic");
    }

    /**
     * Traffic that a rule opens, for example {@code tcp 80, 443; udp 53}; an entry that names no protocol means
     * three, as in a packet filter.
     */
    static String traffic(TrafficQuestion question, Collection<Traffic> open) {
        String usual = "tcp, udp, " + (question.destination().isIpv4() ? Protocol.ICMP : Protocol.IPV6_ICMP);
        Map<String, List<PortRange>> ports = new LinkedHashMap<>();
        for (Traffic each : open) {
            String protocol = each.protocol().map(Protocol::toString).orElse(usual);
            ports.computeIfAbsent(protocol, p -> new ArrayList<>()).addAll(each.ports());
        }
        return Texts.first(
                ports.entrySet(),
                entry -> entry.getValue().contains(PortRange.ALL)
                        ? entry.getKey()
                        : entry.getKey() + " " + Texts.first(entry.getValue(), PortRange::toString));
    }
}
