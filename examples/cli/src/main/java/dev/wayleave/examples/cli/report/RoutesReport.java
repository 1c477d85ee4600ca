package dev.wayleave.examples.cli.report;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The routes of nodes, in the words and with the members of Headscale's tool. */
public final class RoutesReport implements Report {

    private final RoutingState state;
    private final List<NodeState> routers;

    /** Of every node with routes; or of only one node, if it exists. */
    public RoutesReport(RoutingState state, @Nullable NodeId only) {
        this.state = state;
        Collection<NodeState> asked = only != null && state.nodes().containsKey(only)
                ? state.node(only).stream().toList()
                : state.nodes().values();
        this.routers = asked.stream()
                .filter(node -> !node.advertised().isEmpty()
                        || !node.approvals().approved().isEmpty())
                .toList();
    }

    @Override
    public String text(Ink ink) {
        TextTable table = new TextTable(ink, List.of("ID", "Hostname", "Approved", "Available", "Serving (Primary)"));
        for (NodeState node : routers) {
            table.add(List.of(
                    List.of(node.id().toString()),
                    List.of(node.facts().name()),
                    TextTable.lines(node.approvals().approved().keySet()),
                    TextTable.lines(node.advertised()),
                    TextTable.lines(serving(state, node))));
        }
        return table.text();
    }

    @Override
    public Object document() {
        return routers.stream().map(node -> document(state, node)).toList();
    }

    /** A node as Headscale's tool writes it. */
    record NodeDocument(
            String id,
            String name,
            String givenName,
            UserDocument user,
            Collection<Tag> tags,
            List<IpAddress> ipAddresses,
            boolean online,
            Collection<Prefix> approvedRoutes,
            Collection<Prefix> availableRoutes,
            Collection<Prefix> subnetRoutes) {}

    record UserDocument(
            @Nullable String id, String name, @Nullable String email) {}

    /** One node, which is there. */
    public static Object document(Tailnet tailnet, NodeId node) {
        return document(tailnet.state(), tailnet.state().node(node).orElseThrow());
    }

    private static NodeDocument document(RoutingState state, NodeState node) {
        Node facts = node.facts();
        return new NodeDocument(
                facts.id().toString(),
                facts.name(),
                facts.name(),
                user(state, facts.owner()),
                tags(facts),
                List.copyOf(facts.addresses()),
                node.liveness() != Liveness.OFFLINE,
                node.approvals().approved().keySet(),
                node.advertised(),
                serving(state, node));
    }

    static Collection<Tag> tags(Node node) {
        return node.owner() instanceof Owner.Tagged tagged ? tagged.tags() : List.of();
    }

    private static UserDocument user(RoutingState state, Owner owner) {
        if (owner instanceof Owner.OfUser ofUser) {
            Optional<User> user = state.users().find(ofUser.id());
            return new UserDocument(
                    ofUser.id().toString(),
                    user.map(User::name).orElse(""),
                    user.flatMap(User::email).orElse(""));
        }
        // the user whom Headscale's answers name for every tagged node
        return new UserDocument(null, "tagged-devices", null);
    }

    /** What a node carries now: the subnets that it is primary for, and its exit routes. */
    static SortedSet<Prefix> serving(RoutingState state, NodeState node) {
        SortedSet<Prefix> serving = new TreeSet<>();
        for (Prefix prefix : node.effective()) {
            if (prefix.isExitRoute()
                    || state.primary(prefix).filter(node.id()::equals).isPresent()) {
                serving.add(prefix);
            }
        }
        return serving;
    }
}
