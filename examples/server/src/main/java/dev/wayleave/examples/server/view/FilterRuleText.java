package dev.wayleave.examples.server.view;

import dev.wayleave.access.PacketFilter;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints a rule of a packet filter: sources, destinations, ports and protocol, long lists cut short. */
final class FilterRuleText {

    /** The number of values of a long list that are enough to recognize an entry. */
    private static final int LISTED = 4;

    private FilterRuleText() {}

    /** A rule of a packet filter. */
    static String of(PacketFilter.Rule rule) {
        String from = "from " + texts(rule.sources(), Object::toString) + " to ";
        if (rule instanceof PacketFilter.TrafficRule traffic) {
            return from
                    + texts(
                            traffic.destinations().entrySet(),
                            to -> to.getKey() + ":" + texts(to.getValue(), Object::toString))
                    + ", " + traffic.protocol().map(Object::toString).orElse("tcp, udp, icmp");
        }
        return rule instanceof PacketFilter.CapabilityRule capability
                ? from + texts(capability.destinations(), Object::toString) + ": no traffic, but "
                        + texts(capability.capabilities().keySet(), Object::toString)
                : rule.toString();
    }

    private static <T> String texts(Collection<T> values, Function<T, String> text) {
        String listed = values.stream().limit(LISTED).map(text).collect(Collectors.joining(", "));
        return values.size() > LISTED ? listed + " and " + (values.size() - LISTED) + " more" : listed;
    }
}
