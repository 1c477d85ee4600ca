package dev.wayleave.examples.cli;

import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.net.Prefix;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** Prints every node with routes as Headscale's {@code nodes list-routes} does. */
@Command(
        name = "routes",
        aliases = "list-routes",
        mixinStandardHelpOptions = true,
        versionProvider = Wayleave.Version.class,
        description = "Lists what every node advertises, what is approved, and what it serves now.",
        footer = {
            "",
            "Approved:  by hand or by the policy, advertised or not.",
            "Available: what the node advertises.",
            "Serving:   what it carries now: subnets that it is primary for, and its exit routes.",
        })
final class RoutesCommand implements Runnable {

    @Mixin
    private CaseOption tailnet = new CaseOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Tailnet read = tailnet.read();
        Decisions decisions = new Decisions(read);
        List<Device> routers = read.devices().stream()
                .filter(device -> !device.advertised().isEmpty()
                        || !decisions.approved(device).isEmpty())
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.print(json(routers, read, decisions));
        } else {
            out.print(table(
                    routers,
                    decisions,
                    new Ink(spec.commandLine().getColorScheme().ansi())));
        }
    }

    private static String table(List<Device> routers, Decisions decisions, Ink ink) {
        TextTable table = new TextTable(ink, List.of("ID", "Hostname", "Approved", "Available", "Serving (Primary)"));
        for (Device device : routers) {
            table.add(List.of(
                    List.of(device.node().id().toString()),
                    List.of(device.node().name()),
                    texts(decisions.approved(device)),
                    texts(device.advertised()),
                    texts(decisions.serving(device))));
        }
        return table.text();
    }

    private static String json(List<Device> routers, Tailnet tailnet, Decisions decisions) {
        return JsonOutput.write(json -> {
            json.writeStartArray();
            for (Device device : routers) {
                json.writeStartObject();
                json.writeStringProperty("id", device.node().id().toString());
                json.writeStringProperty("name", device.node().name());
                json.writeStringProperty("givenName", device.node().name());
                json.writeName("user");
                writeUser(json, device.node().owner(), tailnet);
                JsonOutput.texts(json, "tags", Tailnet.tags(device.node()));
                JsonOutput.texts(json, "ipAddresses", device.node().addresses());
                json.writeBooleanProperty("online", device.liveness() != Liveness.OFFLINE);
                JsonOutput.texts(json, "approvedRoutes", decisions.approved(device));
                JsonOutput.texts(json, "availableRoutes", device.advertised());
                JsonOutput.texts(json, "subnetRoutes", decisions.serving(device));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void writeUser(JsonGenerator json, Owner owner, Tailnet tailnet) {
        json.writeStartObject();
        if (owner instanceof Owner.OfUser ofUser) {
            User user = tailnet.owner(ofUser);
            json.writeStringProperty("id", user.id().toString());
            json.writeStringProperty("name", user.name());
            json.writeStringProperty("email", user.email().orElse(""));
        } else {
            // the user whom Headscale's answers name for every tagged node
            json.writeStringProperty("name", "tagged-devices");
        }
        json.writeEndObject();
    }

    private static List<String> texts(Collection<Prefix> prefixes) {
        return prefixes.stream().map(Prefix::toString).toList();
    }
}
