package dev.wayleave.examples.cli.report;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.examples.cli.source.Device;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerRoutes;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** One node's view, for people and for programs. */
public final class ViewReport {

    private final Tailnet tailnet;
    private final Device device;
    private final ViewerRoutes view;
    private final boolean why;
    private final Names names;

    public ViewReport(Tailnet tailnet, Device device, ViewerRoutes view, Names names, boolean why) {
        this.tailnet = tailnet;
        this.device = device;
        this.view = view;
        this.why = why;
        this.names = names;
    }

    public String text(Ink ink) {
        Node self = device.node();
        StringBuilder text = new StringBuilder();
        text.append(ink.strong(Printable.line(self.name())))
                .append(ink.faint(" (" + self.id() + ", " + Printable.line(tailnet.owners(self)) + ")"));
        text.append("\n\n  addresses  ").append(joined(self.addresses()));
        text.append("\n  routes     ").append(joined(view.self().effective()));
        text.append("\n  primary    ").append(joined(view.selfPrimary())).append("\n\n");
        if (view.peers().isEmpty()) {
            text.append("It sees no peer.\n");
        } else {
            text.append(peers(ink));
        }
        return (why ? text.append(explained()) : text).toString();
    }

    private static String joined(Collection<?> values) {
        return values.isEmpty() ? "none" : values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private String peers(Ink ink) {
        TextTable table = new TextTable(ink, List.of("ID", "Peer", "Addresses", "Routes"));
        for (NodeId id : view.peers()) {
            Node peer = tailnet.node(id);
            table.add(List.of(
                    List.of(id.toString()),
                    List.of(peer.name()),
                    texts(peer.addresses()),
                    texts(view.routes(id).all())));
        }
        return table.text();
    }

    private String explained() {
        StringBuilder text = new StringBuilder();
        section(
                text,
                "Why it sees these peers",
                view.peers().stream()
                        .map(peer -> List.of(
                                tailnet.node(peer).name(),
                                view.seenByRule(peer)
                                        .map(rule -> rule.text(names))
                                        .orElse("")))
                        .toList());
        section(text, "Why it has these routes", lines(view.given()));
        section(text, "Why it does not have others", lines(view.withheld()));
        return text.toString();
    }

    private List<List<String>> lines(List<? extends RouteAnswer> answers) {
        return answers.stream()
                .map(answer -> List.of(
                        answer.prefix() + " through "
                                + tailnet.node(answer.peer()).name(),
                        answer.text(names, view.viewer())))
                .toList();
    }

    private static void section(StringBuilder text, String title, List<List<String>> lines) {
        if (lines.isEmpty()) {
            return;
        }
        List<List<String>> printable = lines.stream()
                .map(line -> line.stream().map(Printable::line).toList())
                .toList();
        int width =
                printable.stream().mapToInt(line -> line.get(0).length()).max().orElse(0);
        text.append('\n').append(title).append('\n');
        for (List<String> line : printable) {
            text.append("  ")
                    .append(line.get(0))
                    .append(" ".repeat(width - line.get(0).length()));
            text.append("  ").append(line.get(1)).append('\n');
        }
    }

    public String json() {
        return JsonOutput.write(json -> {
            json.writeStartObject();
            json.writeName("SelfNode");
            NodeRoutes self = view.self();
            writeNode(json, device, self.effective(), view.selfPrimary());
            json.writeArrayPropertyStart("Peers");
            for (NodeId id : view.peers()) {
                PeerRoutes routes = view.routes(id);
                writeNode(json, tailnet.device(id), routes.all(), routes.primary());
            }
            json.writeEndArray();
            if (why) {
                List<RouteAnswer> answers = new ArrayList<>(view.given());
                answers.addAll(view.withheld());
                json.writeArrayPropertyStart("Why");
                answers.forEach(answer -> writeReason(json, answer));
                json.writeEndArray();
            }
            json.writeEndObject();
        });
    }

    private static void writeNode(
            JsonGenerator json, Device device, Collection<Prefix> routes, Collection<Prefix> primary) {
        Node node = device.node();
        SortedSet<Prefix> addresses = new TreeSet<>();
        node.addresses().stream().map(IpAddress::toPrefix).forEach(addresses::add);
        SortedSet<Prefix> allowed = new TreeSet<>(addresses);
        allowed.addAll(routes);
        json.writeStartObject();
        json.writeNumberProperty("ID", node.id().value());
        json.writeStringProperty("Name", node.name());
        JsonOutput.texts(json, "Addresses", addresses);
        JsonOutput.texts(json, "AllowedIPs", allowed);
        JsonOutput.texts(json, "PrimaryRoutes", primary);
        JsonOutput.texts(json, "Tags", Tailnet.tags(node));
        json.writeBooleanProperty("Online", device.liveness() != Liveness.OFFLINE);
        json.writeEndObject();
    }

    private void writeReason(JsonGenerator json, RouteAnswer answer) {
        json.writeStartObject();
        json.writeStringProperty("Peer", tailnet.node(answer.peer()).name());
        json.writeStringProperty("Prefix", answer.prefix().toString());
        json.writeBooleanProperty("Given", answer.isGiven());
        json.writeStringProperty("Reason", answer.text(names, view.viewer()));
        json.writeEndObject();
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(Object::toString).toList();
    }
}
