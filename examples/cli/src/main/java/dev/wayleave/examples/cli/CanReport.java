package dev.wayleave.examples.cli;

import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.visibility.PeerRoutes;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a packet arrives: who takes it, which entry of the policy lets it in, and if not, what is missing. */
final class CanReport {

    private final Tailnet tailnet;
    private final Decisions decisions;
    private final Packet packet;
    private final Ink ink;
    private final ViewerRoutes view;
    private final RuleNames rules;
    private final StringBuilder text = new StringBuilder();

    private CanReport(Tailnet tailnet, Decisions decisions, Packet packet, Ink ink) {
        this.tailnet = tailnet;
        this.decisions = decisions;
        this.packet = packet;
        this.ink = ink;
        this.view = decisions.visibility().viewer(packet.sender().node().id()).orElseThrow();
        this.rules = new RuleNames(tailnet.policy());
    }

    /** The answer, and whether it is yes. */
    record Answer(boolean passes, String text) {}

    static Answer of(Tailnet tailnet, Decisions decisions, Packet packet, Ink ink) {
        return new CanReport(tailnet, decisions, packet, ink).answer();
    }

    /**
     * A node that takes the packet.
     *
     * @param at the node
     * @param prefix the route that leads to it; empty if the destination is the node itself
     */
    private record Hop(Device at, Optional<Prefix> prefix) {

        boolean isExit() {
            return prefix.filter(Prefix::isExitRoute).isPresent();
        }
    }

    /** An entry of the policy, and the packet filter that a node would have if there were no other. */
    private record Entry(RuleId id, PacketFilter filter) {}

    private Answer answer() {
        Optional<Prefix> own = longest(view.self().effective().stream());
        Optional<Device> receiver = tailnet.devices().stream()
                .filter(device -> device.node().addresses().contains(packet.destination()))
                .findFirst();
        if (receiver.equals(Optional.of(packet.sender()))) {
            return local("the destination is " + name(packet.sender()) + " itself");
        }
        List<Hop> hops = receiver.isPresent() ? direct(receiver.get()) : routed();
        if (receiver.isEmpty() && own.isPresent() && !own.get().isExitRoute() && isNarrowest(own.get(), hops)) {
            return local("the destination is in " + own.get() + ", behind " + name(packet.sender()) + " itself");
        }
        List<Hop> passing = hops.stream()
                .filter(hop -> packet.passes(filter(tailnet.policy(), hop.at())))
                .toList();
        verdict(!passing.isEmpty());
        if (!passing.isEmpty()) {
            passing.forEach(this::describePassing);
        } else if (hops.stream().anyMatch(hop -> !hop.isExit())) {
            hops.forEach(this::describeFiltered);
        } else {
            describeNoRoute(receiver);
            if (hops.isEmpty() && KnownRanges.PUBLIC_INTERNET.contains(packet.destination())) {
                describeNoExit();
            }
            hops.forEach(hop -> line("exit", route(hop) + ", but it does not let this in"));
        }
        return new Answer(!passing.isEmpty(), text.toString());
    }

    private Answer local(String reason) {
        verdict(true);
        line("route", "none needed: " + reason);
        return new Answer(true, text.toString());
    }

    private void verdict(boolean passes) {
        text.append(passes ? ink.good("yes") : ink.bad("no"))
                .append(": ")
                .append(Printable.line(packet.text()))
                .append("\n\n");
    }

    private List<Hop> direct(Device receiver) {
        return view.sees(receiver.node().id()) ? List.of(new Hop(receiver, Optional.empty())) : List.of();
    }

    /** The longest match among the routes that the sender has: one router, or every exit node. */
    private List<Hop> routed() {
        Map<NodeId, PeerRoutes> routes = view.routes();
        Optional<Prefix> match = longest(routes.values().stream().flatMap(each -> each.all().stream()));
        List<Hop> hops = new ArrayList<>();
        routes.forEach((peer, each) -> {
            if (match.isPresent() && each.all().contains(match.get())) {
                hops.add(new Hop(tailnet.device(peer), match));
            }
        });
        return hops;
    }

    private Optional<Prefix> longest(Stream<Prefix> prefixes) {
        return prefixes.filter(prefix -> prefix.contains(packet.destination()))
                .max(Comparator.comparingInt(Prefix::length));
    }

    private static boolean isNarrowest(Prefix own, List<Hop> hops) {
        return hops.stream().flatMap(hop -> hop.prefix().stream()).allMatch(prefix -> prefix.length() <= own.length());
    }

    private void describePassing(Hop hop) {
        line("route", route(hop));
        entries(hop.at()).stream()
                .filter(entry -> packet.passes(entry.filter()))
                .forEach(entry -> line("rule", rules.of(entry.id())));
        if (packet.port().isEmpty()) {
            line("open", openings(filter(tailnet.policy(), hop.at())));
        }
        if (hop.at().liveness() == Liveness.OFFLINE) {
            line("but", name(hop.at()) + " is offline");
        }
    }

    private void describeFiltered(Hop hop) {
        line("route", route(hop));
        line(
                "missing",
                "a rule that lets " + packet.traffic() + " from " + name(packet.sender()) + " in at " + name(hop.at()));
        nearly(List.of(hop.at()));
    }

    private void describeNoRoute(Optional<Device> receiver) {
        if (receiver.isPresent()) {
            Device peer = receiver.get();
            line("route", "none: " + name(packet.sender()) + " does not see " + name(peer));
            line("missing", "a rule that lets " + name(packet.sender()) + " reach " + name(peer));
            nearly(List.of(peer));
            return;
        }
        Optional<Prefix> effective = longest(decisions.prefixes().stream());
        if (effective.isEmpty()) {
            line("route", "none: no approved subnet route leads to " + packet.destination());
            describeUnapproved();
            return;
        }
        Prefix prefix = effective.get();
        List<Device> holders = tailnet.devices().stream()
                .filter(device -> decisions.effective(device).contains(prefix))
                .toList();
        holders.forEach(holder -> line("no route", withheld(holder, prefix)));
        nearly(holders);
    }

    private void describeNoExit() {
        for (Device device : tailnet.devices()) {
            for (Prefix prefix : decisions.effective(device)) {
                if (prefix.isExitRoute() && prefix.contains(packet.destination())) {
                    line("no exit", withheld(device, prefix));
                }
            }
        }
    }

    private String withheld(Device holder, Prefix prefix) {
        ViewReasons reasons = new ViewReasons(id -> tailnet.node(id).name(), rules, name(packet.sender()));
        return prefix + " through " + name(holder) + ": "
                + reasons.of(view.explain(holder.node().id(), prefix));
    }

    /** What is advertised and not approved; if that is nothing, who would have to come. */
    private void describeUnapproved() {
        boolean isPublic = KnownRanges.PUBLIC_INTERNET.contains(packet.destination());
        boolean found = false;
        for (Device device : tailnet.devices()) {
            for (Prefix prefix : device.advertised()) {
                boolean leads = !prefix.isExitRoute()
                        || (isPublic && !decisions.effective(device).contains(prefix));
                if (leads && prefix.contains(packet.destination())) {
                    Reasons reasons = new Reasons(id -> tailnet.node(id).name());
                    found = true;
                    line(
                            "missing",
                            "approval of " + prefix + " at " + name(device) + ": "
                                    + reasons.of(decisions.verdict(device, prefix)));
                }
            }
        }
        boolean exits = tailnet.devices().stream()
                .flatMap(device -> decisions.effective(device).stream())
                .anyMatch(prefix -> prefix.isExitRoute() && prefix.contains(packet.destination()));
        if (!found && !(isPublic && exits)) {
            line(
                    "missing",
                    "a node that advertises a route to " + packet.destination()
                            + (isPublic ? ", or offers itself as an exit node" : ""));
        }
    }

    /** The entries that would do for other traffic, or for other senders. */
    private void nearly(List<Device> receivers) {
        Map<RuleId, String> near = new TreeMap<>();
        for (Device receiver : receivers) {
            for (Entry entry : entries(receiver)) {
                List<Packet.Opening> others = packet.openings(entry.filter());
                if (!others.isEmpty()) {
                    near.put(entry.id(), rules.of(entry.id()) + " lets in " + openings(entry.filter()) + " only");
                } else if (isOpen(entry.filter())) {
                    near.put(entry.id(), rules.of(entry.id()) + " is for " + rules.sources(entry.id()) + " only");
                }
            }
        }
        near.values().forEach(each -> line("near", each));
    }

    /** Whether a filter would let the packet in if it came from somebody whom the filter names. */
    private boolean isOpen(PacketFilter filter) {
        return filter.rules().stream()
                .flatMap(rule -> rule.sources().stream())
                .flatMap(pattern -> pattern.range().stream())
                .map(range -> new Packet(
                        packet.sender(), range.first(), packet.destination(), packet.protocol(), packet.port()))
                .anyMatch(other -> other.passes(filter));
    }

    private String openings(PacketFilter filter) {
        return packet.openings(filter).stream()
                .map(Packet.Opening::text)
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private List<Entry> entries(Device at) {
        RoutingPolicy policy = tailnet.policy();
        List<Entry> entries = new ArrayList<>();
        policy.grants().ifPresent(grants -> {
            for (int i = 0; i < grants.size(); i++) {
                RoutingPolicy alone = policy.toBuilder()
                        .grants(List.of(grants.get(i)))
                        .acls(List.of())
                        .build();
                entries.add(new Entry(new RuleId(RuleId.Section.GRANTS, i), filter(alone, at)));
            }
        });
        policy.acls().ifPresent(acls -> {
            for (int i = 0; i < acls.size(); i++) {
                RoutingPolicy alone = policy.toBuilder()
                        .acls(List.of(acls.get(i)))
                        .grants(List.of())
                        .build();
                entries.add(new Entry(new RuleId(RuleId.Section.ACLS, i), filter(alone, at)));
            }
        });
        if (policy.grants().isEmpty() && policy.acls().isEmpty()) {
            entries.add(new Entry(RuleId.DEFAULT, filter(policy, at)));
        }
        return entries;
    }

    private PacketFilter filter(RoutingPolicy policy, Device at) {
        return decisions.rules(policy).filter(at.node().id());
    }

    private String route(Hop hop) {
        if (hop.prefix().isEmpty()) {
            return "straight to " + name(hop.at());
        }
        Prefix prefix = hop.prefix().get();
        String through = prefix + " through " + name(hop.at());
        if (prefix.isExitRoute()) {
            return through + ", if " + name(packet.sender()) + " uses it as its exit node";
        }
        boolean primary =
                decisions.primary(prefix).equals(Optional.of(hop.at().node().id()));
        return through + (primary ? ", the primary" : ", chosen for " + name(packet.sender()));
    }

    private static String name(Device device) {
        return device.node().name();
    }

    private void line(String title, String value) {
        text.append("  ")
                .append(title)
                .append(" ".repeat(Math.max(0, 8 - title.length())))
                .append("  ");
        text.append(Printable.line(value)).append('\n');
    }
}
