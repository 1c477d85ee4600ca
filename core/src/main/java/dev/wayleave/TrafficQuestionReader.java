package dev.wayleave;

import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.explanation.TrafficQuestionException;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.Protocol;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the texts of a question mean: nodes, addresses, prefixes, names of 4via6 and of the policy's hosts,
 * ports.
 */
final class TrafficQuestionReader {

    private final RoutingState state;

    TrafficQuestionReader(RoutingState state) {
        this.state = state;
    }

    /**
     * The prefixes that the text of a destination means, the best first: a node may be asked for by either of its
     * addresses.
     */
    private record Target(
            String text, List<Prefix> prefixes, @Nullable Integer port) {

        /**
         * The first that has the family of an address, or else simply the first: then the answer is that it has none.
         */
        Prefix reachedFrom(List<IpAddress> sources) {
            return prefixes.stream()
                    .filter(prefix -> sources.stream().anyMatch(source -> source.isIpv4() == prefix.isIpv4()))
                    .findFirst()
                    .orElse(prefixes.get(0));
        }
    }

    private record Sender(NodeId viewer, @Nullable IpAddress behind, List<IpAddress> sources) {}

    TrafficQuestion read(String from, String to, String protocol) {
        Target target = target(to);
        Integer port = target.port;
        Protocol usual = port == null ? null : Protocol.TCP;
        Protocol asked = protocol.isEmpty() ? usual : protocol(protocol);
        boolean ping = asked != null && asked.isIcmp();
        if (ping && port != null && port != 0) {
            throw new TrafficQuestionException("`" + protocol + "` has no ports: leave `:" + port + "` out", null);
        }
        if (!ping && port != null && port == 0) {
            throw malformedPort("0");
        }
        Sender sender = sender(from);
        return new TrafficQuestion(
                sender.viewer,
                sender.behind,
                target.reachedFrom(sender.sources),
                asked,
                ping ? Integer.valueOf(0) : port);
    }

    private static Protocol protocol(String text) {
        try {
            return Protocol.parse(text);
        } catch (PolicyException unknown) {
            throw new TrafficQuestionException(unknown.problems().get(0).message(), null);
        }
    }

    // The destination

    private Target target(String text) {
        if (text.startsWith("[") && text.contains("]")) {
            int end = text.lastIndexOf(']');
            String rest = text.substring(end + 1);
            if (!rest.isEmpty() && !rest.startsWith(":")) {
                throw new TrafficQuestionException(
                        "`" + text + "` goes on after its bracket: write a colon and a port there, or nothing", null);
            }
            Integer port = rest.isEmpty() ? null : port(rest.substring(1));
            return new Target(text, prefixes(text.substring(1, end)), port);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0 || isAddress(text) || hasNode(text)) {
            return new Target(text, prefixes(text), null);
        }
        return new Target(text, prefixes(text.substring(0, colon)), port(text.substring(colon + 1)));
    }

    private static boolean isAddress(String text) {
        return IpAddress.tryParse(text).isPresent() || Prefix.tryParse(text).isPresent();
    }

    private static Integer port(String text) {
        if (text.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65_535) {
            return Integer.valueOf(text);
        }
        throw malformedPort(text);
    }

    private static TrafficQuestionException malformedPort(String text) {
        return new TrafficQuestionException("`" + text + "` is not a port: write a number from 1 to 65535", null);
    }

    private List<Prefix> prefixes(String text) {
        Optional<NodeState> node = node(text);
        if (node.isPresent()) {
            List<Prefix> addresses = node.get().facts().addresses().stream()
                    .map(IpAddress::toPrefix)
                    .toList();
            if (addresses.isEmpty()) {
                throw new TrafficQuestionException("node `" + text + "` has no address of its own", null);
            }
            return addresses;
        }
        return literal(text).map(List::of).orElseThrow(() -> unknown(text));
    }

    /** An address, a prefix, the name of an address at a 4via6 site, or a name of the policy's hosts. */
    private Optional<Prefix> literal(String text) {
        if (text.contains("/")) {
            try {
                return Optional.of(Prefix.parse(text));
            } catch (AddressFormatException malformed) {
                throw new TrafficQuestionException(String.valueOf(malformed.getMessage()), null);
            }
        }
        return IpAddress.tryParse(text)
                .map(IpAddress::toPrefix)
                .or(() -> Optional.ofNullable(state.policy().hosts().get(text)))
                .or(() -> Via6.tryParseName(text).map(Via6::toPrefix));
    }

    // The sender

    private Sender sender(String text) {
        Optional<NodeState> node = node(text);
        if (node.isPresent()) {
            return new Sender(node.get().id(), null, node.get().facts().addresses());
        }
        Prefix literal = literal(text).orElseThrow(() -> unknown(text));
        if (!literal.isSingleAddress()) {
            throw new TrafficQuestionException(
                    "`" + text + "` is more than one address, and one node or host sends: name one of them", null);
        }
        IpAddress address = literal.first();
        List<IpAddress> sources = List.of(address);
        return state.nodes().values().stream()
                .filter(each -> each.facts().addresses().contains(address))
                .findFirst()
                .map(owner -> new Sender(owner.id(), null, sources))
                .orElseGet(() -> new Sender(router(address), address, sources));
    }

    /** The primary of the narrowest route around an address, or else the first node on which it is effective. */
    private NodeId router(IpAddress address) {
        return state.routes().values().stream()
                .filter(route -> route.prefix().contains(address))
                .max(Comparator.comparingInt(route -> route.prefix().length()))
                .map(route -> route.primary().orElseGet(() -> route.holders().get(0)))
                .orElseThrow(() -> new TrafficQuestionException(
                        "no node has `" + address + "`, and none carries a network around it", null));
    }

    // Nodes

    private boolean hasNode(String text) {
        return state.nodes().values().stream()
                .anyMatch(node -> node.facts().name().equals(text));
    }

    /** A node by its name, or else by its number. */
    private Optional<NodeState> node(String text) {
        List<NodeState> named = state.nodes().values().stream()
                .filter(node -> node.facts().name().equals(text))
                .toList();
        if (named.size() > 1) {
            throw new TrafficQuestionException(
                    "`" + text + "` is the name of more than one node: write one of the numbers "
                            + named.stream().map(NodeState::id).toList(),
                    null);
        }
        if (named.isEmpty() && text.matches("[1-9][0-9]{0,17}")) {
            return state.node(new NodeId(Long.parseLong(text)));
        }
        return named.stream().findFirst();
    }

    private static TrafficQuestionException unknown(@Nullable String text) {
        return new TrafficQuestionException("`" + text + "` is not a node, host or address", text);
    }
}
