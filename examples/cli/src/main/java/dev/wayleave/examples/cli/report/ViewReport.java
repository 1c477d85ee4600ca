package dev.wayleave.examples.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerRoutes;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node's view. The document has the names of Tailscale's netmap. */
public final class ViewReport implements Report {

    private final RoutingState state;
    private final Names names;
    private final NodeState node;
    private final ViewerRoutes view;
    private final boolean why;

    public ViewReport(Tailnet tailnet, NodeState node, ViewerRoutes view, boolean why) {
        this.state = tailnet.state();
        this.names = tailnet.names();
        this.node = node;
        this.view = view;
        this.why = why;
    }

    @Override
    public String text(Ink ink) {
        Node self = node.facts();
        StringBuilder text = new StringBuilder();
        text.append(ink.strong(Printable.line(self.name())))
                .append(ink.faint(" (" + self.id() + ", " + Printable.line(owner(self)) + ")"));
        text.append("\n\n  addresses  ").append(joined(self.addresses()));
        text.append("\n  offers     ").append(joined(view.self().effective()));
        text.append("\n  primary    ").append(joined(view.selfPrimary())).append("\n\n");
        text.append(view.peers().isEmpty() ? "It sees no peer.\n" : peers(ink));
        return (why ? text.append(explained(ink)) : text).toString();
    }

    private String owner(Node self) {
        return self.owner() instanceof Owner.OfUser owner
                ? state.users().find(owner.id()).map(User::name).orElse("")
                : joined(RoutesReport.tags(self));
    }

    private static String joined(Collection<?> values) {
        return values.isEmpty() ? "none" : values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private String peers(Ink ink) {
        TextTable table = new TextTable(ink, List.of("ID", "Peer", "Addresses", "Routes"));
        for (NodeId id : view.peers()) {
            table.add(List.of(
                    List.of(id.toString()),
                    List.of(names.node(id)),
                    TextTable.lines(peer(id).facts().addresses()),
                    TextTable.lines(view.routes(id).all())));
        }
        return table.text();
    }

    private NodeState peer(NodeId id) {
        return state.node(id).orElseThrow();
    }

    private String explained(Ink ink) {
        Stream<List<String>> seen = view.peers().stream()
                .map(peer -> List.of(
                        names.node(peer),
                        view.seenByRule(peer).map(rule -> rule.text(names)).orElse("")));
        return section(ink, "Why it sees these peers", seen)
                + section(ink, "Why it has these routes", answers(view.given()))
                + section(ink, "Why it does not have other routes", answers(view.withheld()));
    }

    private Stream<List<String>> answers(List<? extends RouteAnswer> answers) {
        return answers.stream()
                .map(answer -> List.of(
                        answer.prefix() + " through " + names.node(answer.peer()), answer.text(names, view.viewer())));
    }

    private static String section(Ink ink, String title, Stream<List<String>> lines) {
        List<List<String>> printable =
                lines.map(line -> line.stream().map(Printable::line).toList()).toList();
        if (printable.isEmpty()) {
            return "";
        }
        int width =
                printable.stream().mapToInt(line -> line.get(0).length()).max().orElse(0);
        StringBuilder text = new StringBuilder("\n" + ink.strong(title) + "\n");
        for (List<String> line : printable) {
            text.append("  ")
                    .append(line.get(0))
                    .append(" ".repeat(width - line.get(0).length()))
                    .append("  ")
                    .append(line.get(1))
                    .append('\n');
        }
        return text.toString();
    }

    private record NodeDocument(
            @JsonProperty("ID") NodeId id,
            @JsonProperty("Name") String name,
            @JsonProperty("Addresses") Collection<Prefix> addresses,
            @JsonProperty("AllowedIPs") Collection<Prefix> allowed,
            @JsonProperty("PrimaryRoutes") Collection<Prefix> primary,
            @JsonProperty("Tags") Collection<Tag> tags,
            @JsonProperty("Online") boolean online) {}

    private record ReasonDocument(
            @JsonProperty("Peer") String peer,
            @JsonProperty("Prefix") Prefix prefix,
            @JsonProperty("Given") boolean given,
            @JsonProperty("Reason") String reason) {}

    private record ViewDocument(
            @JsonProperty("SelfNode") NodeDocument self,
            @JsonProperty("Peers") List<NodeDocument> peers,
            @JsonProperty("Why") @Nullable List<ReasonDocument> reasons) {}

    @Override
    public Object document() {
        List<NodeDocument> peers = view.peers().stream()
                .map(id -> {
                    PeerRoutes routes = view.routes(id);
                    return document(peer(id), routes.all(), routes.primary());
                })
                .toList();
        List<ReasonDocument> reasons = Stream.concat(view.given().stream(), view.withheld().stream())
                .map(answer -> new ReasonDocument(
                        names.node(answer.peer()),
                        answer.prefix(),
                        answer.isGiven(),
                        answer.text(names, view.viewer())))
                .toList();
        return new ViewDocument(
                document(node, view.self().effective(), view.selfPrimary()), peers, why ? reasons : null);
    }

    private static NodeDocument document(NodeState node, Collection<Prefix> prefixes, Collection<Prefix> primary) {
        Node facts = node.facts();
        SortedSet<Prefix> addresses = new TreeSet<>();
        facts.addresses().stream().map(IpAddress::toPrefix).forEach(addresses::add);
        SortedSet<Prefix> allowed = new TreeSet<>(addresses);
        allowed.addAll(prefixes);
        return new NodeDocument(
                facts.id(),
                facts.name(),
                addresses,
                allowed,
                primary,
                RoutesReport.tags(facts),
                node.liveness() != Liveness.OFFLINE);
    }
}
