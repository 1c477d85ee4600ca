package dev.wayleave.examples.cli.report;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * A node with its routes, in the words of Headscale's tool.
 *
 * @param id its number
 * @param hostname its name
 * @param approved what may be carried, advertised or not
 * @param available what is advertised
 * @param serving what is carried: as the primary, and exit routes
 * @param json writes it for programs, as Headscale's tool does
 */
public record Router(
        String id,
        String hostname,
        List<String> approved,
        List<String> available,
        List<String> serving,
        Consumer<JsonGenerator> json) {

    public boolean hasRoutes() {
        return !approved.isEmpty() || !available.isEmpty() || !serving.isEmpty();
    }

    /** For programs. */
    public static String json(List<Router> routers) {
        return JsonOutput.write(json -> {
            json.writeStartArray();
            routers.forEach(router -> router.json().accept(json));
            json.writeEndArray();
        });
    }

    /** For people. */
    public static String table(List<Router> routers, Ink ink) {
        TextTable table = new TextTable(ink, List.of("ID", "Hostname", "Approved", "Available", "Serving (Primary)"));
        for (Router router : routers) {
            table.add(List.of(
                    List.of(router.id()),
                    List.of(router.hostname()),
                    router.approved(),
                    router.available(),
                    router.serving()));
        }
        return table.text();
    }

    /** A node of an answer of a server. */
    public static Router of(ControlPlane server, Json answer) {
        Fields node = server.fields(answer);
        return new Router(
                node.text("id").orElse(""),
                node.text("givenName").orElse(""),
                node.texts("approvedRoutes"),
                node.texts("availableRoutes"),
                node.texts("subnetRoutes"),
                json -> JsonOutput.write(json, answer));
    }

    /** A node of a tailnet. */
    public static Router of(RoutingState state, NodeState node) {
        Node facts = node.facts();
        List<String> approved = texts(node.approvals().approved().keySet());
        List<String> available = texts(node.advertised());
        List<String> serving = texts(serving(state, node.id(), node.effective()));
        return new Router(facts.id().toString(), facts.name(), approved, available, serving, json -> {
            json.writeStartObject();
            json.writeStringProperty("id", facts.id().toString());
            json.writeStringProperty("name", facts.name());
            json.writeStringProperty("givenName", facts.name());
            json.writeName("user");
            writeUser(json, state, facts.owner());
            JsonOutput.texts(json, "tags", Tailnet.tags(facts));
            JsonOutput.texts(json, "ipAddresses", facts.addresses());
            json.writeBooleanProperty("online", node.liveness() != Liveness.OFFLINE);
            JsonOutput.texts(json, "approvedRoutes", approved);
            JsonOutput.texts(json, "availableRoutes", available);
            JsonOutput.texts(json, "subnetRoutes", serving);
            json.writeEndObject();
        });
    }

    private static void writeUser(JsonGenerator json, RoutingState state, Owner owner) {
        json.writeStartObject();
        if (owner instanceof Owner.OfUser ofUser) {
            Optional<User> user = state.users().find(ofUser.id());
            json.writeStringProperty("id", ofUser.id().toString());
            json.writeStringProperty("name", user.map(User::name).orElse(""));
            json.writeStringProperty("email", user.flatMap(User::email).orElse(""));
        } else {
            // the user whom Headscale's answers name for every tagged node
            json.writeStringProperty("name", "tagged-devices");
        }
        json.writeEndObject();
    }

    private static Collection<Prefix> serving(RoutingState state, NodeId node, Collection<Prefix> effective) {
        List<Prefix> serving = new ArrayList<>();
        for (Prefix prefix : effective) {
            if (prefix.isExitRoute()
                    || state.primary(prefix).filter(node::equals).isPresent()) {
                serving.add(prefix);
            }
        }
        return serving;
    }

    private static List<String> texts(Collection<Prefix> prefixes) {
        return prefixes.stream().map(Prefix::toString).toList();
    }
}
