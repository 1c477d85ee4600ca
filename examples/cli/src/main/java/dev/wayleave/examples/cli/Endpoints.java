package dev.wayleave.examples.cli;

import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Finds out what two texts on the command line mean: nodes, addresses, names from the policy's hosts, ports. */
final class Endpoints {

    private final Tailnet tailnet;
    private final Decisions decisions;

    Endpoints(Tailnet tailnet, Decisions decisions) {
        this.tailnet = tailnet;
        this.decisions = decisions;
    }

    Packet packet(String from, String to, Optional<Protocol> asked) {
        Target target = target(to);
        if (target.port.isPresent() && asked.filter(Protocol.ICMP::equals).isPresent()) {
            throw new BadInput("`icmp` has no ports: leave `:" + target.port.getAsInt() + "` out");
        }
        Optional<Device> node = tailnet.find(from);
        if (node.isPresent()) {
            IpAddress destination = target.reachedFrom(node.get().node().addresses(), from);
            IpAddress source = node.get().node().addresses().stream()
                    .filter(address -> address.isIpv4() == destination.isIpv4())
                    .findFirst()
                    .orElseThrow();
            return new Packet(node.get(), source, destination, asked, target.port);
        }
        IpAddress source = IpAddress.tryParse(from).or(() -> host(from)).orElseThrow(() -> unknown(from));
        return new Packet(sender(source), source, target.reachedFrom(List.of(source), from), asked, target.port);
    }

    /** One or two addresses that a text stands for, and a port. */
    private record Target(String text, List<IpAddress> addresses, OptionalInt port) {

        IpAddress reachedFrom(List<IpAddress> sources, String from) {
            return addresses.stream()
                    .filter(address -> sources.stream().anyMatch(source -> source.isIpv4() == address.isIpv4()))
                    .findFirst()
                    .orElseThrow(() -> new BadInput("`" + from + "` has no address of the family of `" + text + "`"));
        }
    }

    private Target target(String text) {
        if (text.startsWith("[") && text.contains("]")) {
            int end = text.lastIndexOf(']');
            String rest = text.substring(end + 1);
            OptionalInt port = rest.startsWith(":") ? port(rest.substring(1)) : OptionalInt.empty();
            return new Target(text, addresses(text.substring(1, end)), port);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0 || IpAddress.tryParse(text).isPresent()) {
            return new Target(text, addresses(text), OptionalInt.empty());
        }
        return new Target(text, addresses(text.substring(0, colon)), port(text.substring(colon + 1)));
    }

    private static OptionalInt port(String text) {
        if (text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65_535) {
            return OptionalInt.of(Integer.parseInt(text));
        }
        throw new BadInput("`" + text + "` is no port: write a number from 1 to 65535");
    }

    private List<IpAddress> addresses(String text) {
        return tailnet.find(text)
                .map(device -> device.node().addresses())
                .or(() -> IpAddress.tryParse(text).or(() -> host(text)).map(List::of))
                .orElseThrow(() -> unknown(text));
    }

    /** The address for which a name in the policy's {@code hosts} stands. */
    private Optional<IpAddress> host(String name) {
        Optional<Prefix> host = Optional.ofNullable(tailnet.policy().hosts().get(name));
        if (host.isPresent() && !host.get().isSingleAddress()) {
            throw new BadInput("`" + name + "` stands for `" + host.get() + "`: name one address in it");
        }
        return host.map(Prefix::first);
    }

    private BadInput unknown(String text) {
        List<String> names = Stream.concat(
                        tailnet.devices().stream().map(device -> device.node().name()),
                        tailnet.policy().hosts().keySet().stream())
                .toList();
        return new BadInput("`" + text + "` is no node, host or address" + NearNames.hint(text, names));
    }

    /** The node that has an address, or else the one that carries the narrowest prefix around it. */
    private Device sender(IpAddress source) {
        return tailnet.devices().stream()
                .filter(device -> device.node().addresses().contains(source))
                .findFirst()
                .or(() -> carrier(source))
                .orElseThrow(() -> new BadInput("no node has `" + source + "`, and none carries a network around it"));
    }

    private Optional<Device> carrier(IpAddress source) {
        Comparator<Prefix> byLength = Comparator.comparingInt(Prefix::length);
        return decisions.prefixes().stream()
                .filter(prefix -> prefix.contains(source))
                .max(byLength)
                .flatMap(prefix -> decisions.primary(prefix).map(tailnet::device));
    }
}
