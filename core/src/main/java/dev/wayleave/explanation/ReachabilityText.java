package dev.wayleave.explanation;

import dev.wayleave.explanation.Hop.ExitNode;
import dev.wayleave.explanation.NearRule.Difference;
import dev.wayleave.explanation.Reachability.Note;
import dev.wayleave.explanation.Reachability.Path;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints whether traffic passes: the question with the answer before it, then one fact a line. */
final class ReachabilityText {

    /** How many lines of one kind are enough. */
    private static final int LINES = 20;

    private final Names names;
    private final Reachability.Endpoints endpoints;
    private final StringBuilder out = new StringBuilder();

    ReachabilityText(Names names, Reachability.Endpoints endpoints) {
        this.names = names;
        this.endpoints = endpoints;
    }

    String of(Reachability answer) {
        TrafficQuestion question = answer.question();
        out.append(answer.kind() + ": " + text(question) + "\n\n");
        if (answer instanceof Reachability.Partly partly) {
            line("open to", addresses(partly.reachable()) + " of " + question.destination());
        }
        capped(answer.paths(), path -> path(question, path));
        if (answer instanceof Reachability.Partly) {
            line("closed", "the rest of " + question.destination() + ":");
        }
        missing(question, answer.paths(), answer.missing());
        near(question, answer.near());
        // the meaning of a 4via6 address is printed beside it
        List<Note> notes = answer.notes().stream()
                .filter(note -> !(note instanceof Reachability.MapsToSite))
                .toList();
        capped(notes, note -> note(question, note));
        return out.toString();
    }

    private void line(String title, String text) {
        out.append("  ").append(title).append(" ".repeat(Math.max(0, 8 - title.length())));
        out.append("  ").append(text).append('\n');
    }

    private <T> void capped(Collection<T> values, java.util.function.Consumer<T> each) {
        values.stream().limit(LINES).forEach(each);
        if (values.size() > LINES) {
            line("", "and " + (values.size() - LINES) + " more");
        }
    }

    // The question

    private String text(TrafficQuestion question) {
        return sender(question) + " → " + destination(question.destination()) + ", " + traffic(question);
    }

    private String sender(TrafficQuestion question) {
        String viewer = names.node(question.viewer());
        if (question.behind().isPresent()) {
            return question.behind().get() + " behind " + viewer;
        }
        return viewer + address(question).map(address -> " (" + address + ")").orElse("");
    }

    private String shortSender(TrafficQuestion question) {
        return question.behind().map(IpAddress::toString).orElseGet(() -> names.node(question.viewer()));
    }

    private Optional<IpAddress> address(TrafficQuestion question) {
        return endpoints.viewerAddresses().stream()
                .filter(address -> address.isIpv4() == question.destination().isIpv4())
                .findFirst();
    }

    private String destination(Prefix destination) {
        String text = text(destination);
        Optional<String> site = Via6.of(destination).map(ReachabilityText::site);
        return endpoints
                .destinationNode()
                .map(names::node)
                .or(() -> site)
                .map(more -> text + " (" + more + ")")
                .orElse(text);
    }

    private static String text(Prefix prefix) {
        return prefix.isSingleAddress() ? prefix.first().toString() : prefix.toString();
    }

    private static String site(Via6 site) {
        return text(site.ipv4()) + " at site " + site.site();
    }

    /** What is sent, for example {@code tcp 443}; of a ping the protocol that goes to the destination. */
    private static String traffic(TrafficQuestion question) {
        Optional<Protocol> protocol = question.meantProtocol();
        boolean ping = protocol.filter(Protocol::isIcmp).isPresent();
        String port = ping || question.port().isEmpty() || question.port().getAsInt() == 0
                ? ""
                : " " + question.port().getAsInt();
        return protocol.map(meant -> meant + port).orElse("any traffic");
    }

    // Yes

    private void path(TrafficQuestion question, Path path) {
        boolean whole = path.destinations().contains(question.destination())
                || path.hop()
                        .route()
                        .filter(route -> path.destinations().contains(route))
                        .isPresent();
        line("route", hop(question, path.hop()) + (whole ? "" : ": " + addresses(path.destinations())));
        capped(path.rules(), rule -> line("rule", rule.text(names)));
        if (question.port().isEmpty() && !path.open().isEmpty()) {
            line("open", traffic(question, path.open()));
        }
    }

    private String hop(TrafficQuestion question, Hop hop) {
        String viewer = names.node(question.viewer());
        if (hop instanceof Hop.Itself) {
            return "none needed: the destination is " + viewer + " itself";
        }
        if (hop instanceof Hop.OwnNetwork own) {
            return "none needed: " + own.prefix() + " is behind " + viewer + " itself";
        }
        if (hop instanceof Hop.Router router) {
            return router.prefix() + " through " + names.node(router.carrier())
                    + (router.primary() ? ", the primary" : ", chosen for " + viewer);
        }
        if (hop instanceof ExitNode exit) {
            return exit.prefix() + " through " + names.node(exit.exitNode()) + ", if " + viewer
                    + " uses it as its exit node";
        }
        return hop instanceof Hop.Peer peer ? "straight to " + names.node(peer.peer()) : hop.toString();
    }

    // No

    private void missing(TrafficQuestion question, List<Path> answered, List<Missing> missing) {
        Set<Hop> closed = new LinkedHashSet<>();
        for (Missing each : missing) {
            if (each instanceof Missing.NoRuleAt at) {
                closed.add(at.hop());
            }
        }
        // a way of which a part is open is named already
        Set<Hop> named = answered.stream().map(Path::hop).collect(Collectors.toSet());
        capped(closed.stream().filter(hop -> !named.contains(hop)).toList(), hop -> line("route", hop(question, hop)));
        if (!closed.isEmpty()) {
            String places = Texts.first(
                    closed.stream()
                            .map(hop -> hop.node().orElseThrow())
                            .collect(Collectors.toCollection(LinkedHashSet::new)),
                    names::node);
            line(
                    "missing",
                    "a rule that lets " + traffic(question) + " from " + shortSender(question) + " in at " + places);
        }
        List<Missing> others = missing.stream()
                .filter(each -> !(each instanceof Missing.NoRuleAt))
                .toList();
        boolean noWay = closed.isEmpty()
                && !others.isEmpty()
                && others.stream()
                        .allMatch(each -> each instanceof Missing.NotApproved || each instanceof Missing.NoRoute);
        if (noWay) {
            line("route", "none: no node advertises an approved route to " + rest(answered, question.destination()));
        }
        capped(others, each -> missing(question, rest(answered, question.destination()), each));
    }

    private static String rest(List<Path> answered, Prefix destination) {
        return (answered.isEmpty() ? "" : "the rest of ") + text(destination);
    }

    private void missing(TrafficQuestion question, String destination, Missing missing) {
        String viewer = names.node(question.viewer());
        if (missing instanceof Missing.NoAddressOfFamily) {
            line("missing", "an " + family(question.destination()) + " address of the sender: " + addresses(question));
        } else if (missing instanceof Missing.NotSeen not) {
            line("route", "none: " + viewer + " does not see " + names.node(not.node()));
            line("missing", "a rule that lets " + viewer + " reach " + names.node(not.node()));
        } else if (missing instanceof Missing.RouteWithheld withheld) {
            line(
                    withheld.prefix().isExitRoute() ? "no exit" : "no route",
                    withheld.prefix() + " through " + names.node(withheld.holder()) + ": "
                            + withheld.reason().text(names, question.viewer()));
        } else if (missing instanceof Missing.NotApproved not) {
            line(
                    "missing",
                    "approval of " + not.prefix() + " at " + names.node(not.node()) + ": "
                            + not.verdict().textIfAdvertised(names));
        } else if (missing instanceof Missing.NoRoute no) {
            line(
                    "missing",
                    "a node that advertises a route to " + destination
                            + (no.exitNode() ? ", or offers itself as an exit node" : ""));
        } else if (missing instanceof Missing.OwnSite own) {
            line(
                    "missing",
                    "a way round: " + viewer + " is a router of site "
                            + own.site().site() + " itself, and cannot use the addresses of its own site");
        } else if (missing instanceof Missing.ViaOverridden lifted) {
            line(
                    "lifted",
                    lifted.via().text(names) + " would let it in at " + names.node(lifted.router()) + ", but "
                            + lifted.plain().text(names) + ", which has no via, leads " + viewer + " to "
                            + names.node(lifted.carrier()));
        } else {
            line("missing", missing.toString());
        }
    }

    private String addresses(TrafficQuestion question) {
        if (question.behind().isPresent()) {
            return "it has " + question.behind().get();
        }
        List<IpAddress> own = endpoints.viewerAddresses();
        String viewer = names.node(question.viewer());
        return viewer + " has " + (own.isEmpty() ? "no address" : own.get(0) + " only");
    }

    private static String family(Prefix prefix) {
        return prefix.isIpv4() ? "IPv4" : "IPv6";
    }

    private void near(TrafficQuestion question, List<NearRule> near) {
        capped(
                near,
                rule -> line(
                        "near",
                        rule.rule().text(names) + " "
                                + rule.differences().stream()
                                        .map(difference -> difference(question, difference))
                                        .collect(Collectors.joining("; it "))));
    }

    private String difference(TrafficQuestion question, Difference difference) {
        if (difference instanceof NearRule.OtherTraffic other) {
            return "opens " + traffic(question, other.open()) + " only";
        }
        if (difference instanceof NearRule.OtherSources other) {
            return "is for " + Texts.first(other.sources(), Selector::text) + " only";
        }
        if (difference instanceof NearRule.SameUserOnly) {
            return "opens devices of the same user only";
        }
        if (difference instanceof NearRule.ThroughTags through) {
            String tags = Texts.first(through.tags(), Object::toString);
            return "leads through nodes with " + tags
                    + (through.nodes().isEmpty()
                            ? ", and there is none"
                            : " only: " + Texts.first(through.nodes(), names::node));
        }
        if (difference instanceof NearRule.OtherAddresses other) {
            return "opens " + addresses(other.open()) + " only";
        }
        return difference instanceof NearRule.CapabilitiesOnly
                ? "gives capabilities, and opens no traffic"
                : difference.toString();
    }

    // Notes

    private void note(TrafficQuestion question, Note note) {
        if (note instanceof Reachability.PingOfFamily ping) {
            line(
                    "note",
                    "a ping of an " + family(question.destination()) + " address is " + ping.meant() + ", not "
                            + ping.asked());
        } else if (note instanceof Reachability.ExistsAtSite at) {
            line(
                    "4via6",
                    "site " + at.site().site() + " has " + text(at.site().ipv4()) + " too, behind "
                            + Texts.first(at.routers(), names::node) + ": ask for "
                            + at.site().name().orElse(at.site().toPrefix().toString()));
        } else if (note instanceof Reachability.ExitNodesShown shown) {
            line(
                    "note",
                    names.node(question.viewer()) + " is also shown "
                            + Texts.first(shown.exitNodes(), names::node)
                            + " as exit node, because " + shown.rule().text(names)
                            + " opens a public destination; the subnet route, the longer match, goes first");
        } else if (note instanceof Reachability.CarrierOffline offline) {
            line("but", names.node(offline.node()) + " is offline");
        } else {
            line("note", note.toString());
        }
    }

    // Addresses and traffic

    private static String addresses(AddressSet addresses) {
        return Texts.first(
                addresses.ranges(),
                range -> range.toPrefix().map(ReachabilityText::text).orElse(range.toString()));
    }

    /**
     * For example {@code tcp 80, 443; udp 53}; an entry that names no protocol stands for three, as in a packet filter.
     */
    private static String traffic(TrafficQuestion question, Collection<Traffic> open) {
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
