package dev.wayleave.visibility.engine;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.ViewerRoutes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A small tailnet written out by name, for tests that read like the specification. */
final class NamedTailnet {

    private final Users users = Users.of(
            User.builder(new UserId("1"), "alice").email("alice@example.com").build(),
            User.builder(new UserId("2"), "bob").email("bob@example.com").build());
    private final Map<String, NodeRoutes> nodes = new LinkedHashMap<>();
    private final Map<Prefix, ElectedRoute> elected = new TreeMap<>();
    private ExitRule exitRule = ExitRule.INTERNET;
    private OverlayRanges overlay = OverlayRanges.DEFAULT;
    private String network = "100.64.0.";
    private RoutingPolicy policy = RoutingPolicy.builder().build();

    /** A node of a user or, as {@code tag:name}, of tags; numbers count up from 1, and with them the addresses. */
    NamedTailnet node(String name, String owner, String... effective) {
        int id = nodes.size() + 1;
        Node node = Node.builder(new NodeId(id), name, owner(owner))
                .address(IpAddress.parse(network + id))
                .address(IpAddress.parse("fd7a:115c:a1e0::" + id))
                .build();
        TreeSet<Prefix> routes = new TreeSet<>();
        Arrays.stream(effective).map(Prefix::parse).forEach(routes::add);
        nodes.put(name, new NodeRoutes(node, routes));
        for (Prefix prefix : routes) {
            if (!prefix.isExitRoute()) {
                List<NodeId> candidates = new ArrayList<>(
                        elected.getOrDefault(prefix, ElectedRoute.UNSERVED).candidates());
                candidates.add(node.id());
                elected.put(prefix, new ElectedRoute(candidates.get(0), candidates));
            }
        }
        return this;
    }

    /** A node with those of its routes that the policy, which must be set before, approves by itself. */
    NamedTailnet advertising(String name, String owner, String... advertised) {
        Owner owned = owner(owner);
        TreeSet<Prefix> routes = new TreeSet<>();
        Arrays.stream(advertised).map(Prefix::parse).forEach(routes::add);
        Approvals approvals = Approvals.none()
                .autoApprove(owned, routes, AutoApproval.compile(policy, users), Instant.EPOCH)
                .next();
        return node(
                name,
                owner,
                approvals.effective(routes).stream().map(Prefix::toString).toArray(String[]::new));
    }

    private Owner owner(String text) {
        return text.startsWith("tag:")
                ? Owner.tags(text.split(","))
                : Owner.user(users.named(text + "@").get(0).id());
    }

    NamedTailnet exitRule(ExitRule rule) {
        this.exitRule = rule;
        return this;
    }

    /** What the IPv4 addresses of the next nodes begin with, instead of {@code 100.64.0.} */
    NamedTailnet network(String begin) {
        this.network = begin;
        return this;
    }

    NamedTailnet overlay(String... prefixes) {
        this.overlay = OverlayRanges.of(
                AddressSet.ofPrefixes(Arrays.stream(prefixes).map(Prefix::parse).toList()));
        return this;
    }

    /** The policy as HuJSON; apostrophes stand for quotation marks. */
    NamedTailnet policy(String text) {
        this.policy = PolicyReader.read(text.replace('\'', '"'));
        return this;
    }

    /** What the election found, in place of the first of all holders; the first name is the primary. */
    NamedTailnet elected(String prefix, String... candidates) {
        List<NodeId> ids = Arrays.stream(candidates).map(this::id).toList();
        elected.put(
                Prefix.parse(prefix), new ElectedRoute(ids.stream().findFirst().orElse(null), ids));
        return this;
    }

    NodeId id(String name) {
        return nodes.get(name).node().id();
    }

    Visibility visibility() {
        AccessRules rules = AccessRules.compile(policy, users, nodes.values(), overlay, exitRule);
        return Visibility.of(rules, elected, Presences.NONE);
    }

    /** Under the policy of earlier rules, whatever policy this tailnet has. */
    Visibility visibility(AccessRules earlier) {
        return Visibility.of(earlier.withNodes(nodes.values()), elected, Presences.NONE);
    }

    ViewerRoutes viewer(String name) {
        return visibility().viewer(id(name)).orElseThrow();
    }

    /** The names of the peers of a viewer. */
    List<String> peersOf(String name) {
        return viewer(name).peers().stream().map(this::name).toList();
    }

    /** The routes of a viewer as {@code peer: prefix prefix}. */
    List<String> routesOf(String name) {
        List<String> texts = new ArrayList<>();
        viewer(name)
                .routes()
                .forEach((peer, routes) -> texts.add(name(peer) + ": "
                        + String.join(
                                " ", routes.all().stream().map(Prefix::toString).toList())));
        return texts;
    }

    PacketFilter filterOf(String name) {
        return visibility().rules().filter(id(name));
    }

    /** Whether TCP from a node's own address passes the filter of another. */
    boolean passes(String from, String at, String to, int port) {
        IpAddress source = nodes.get(from).node().ipv4().orElseThrow();
        return filterOf(at).admits(source, IpAddress.parse(to), new Protocol(6), port);
    }

    RouteAnswer explain(String viewer, String peer, String prefix) {
        return viewer(viewer).explain(id(peer), Prefix.parse(prefix));
    }

    private String name(NodeId id) {
        return nodes.values().stream()
                .map(NodeRoutes::node)
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow()
                .name();
    }
}
