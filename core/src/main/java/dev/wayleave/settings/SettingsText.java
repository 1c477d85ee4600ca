package dev.wayleave.settings;

import dev.wayleave.access.ExitRule;
import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.internal.json.Json;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import java.util.Map;
import java.util.TreeMap;

/** Settings as JSON: names in camel case, rules by their names, times as in ISO 8601. */
final class SettingsText {

    private static final String OFF = "off";

    private SettingsText() {}

    static Map<String, Object> map(RoutingSettings settings) {
        TailnetLimits limits = settings.limits();
        Json.ObjectText text = new Json.ObjectText()
                .with("withdrawal", settings.approval().withdrawal())
                .with("retroactive", settings.approval().retroactive())
                .with("rememberDenied", settings.approval().rememberDenied())
                .with("order", settings.election().order())
                .with("failBack", failBack(settings.election().failBack()))
                .with("offline", settings.election().offline())
                .with("exit", settings.exit())
                .with("grace", settings.grace())
                .with(
                        "silenceLimit",
                        settings.silenceLimit().map(Object::toString).orElse(OFF))
                .with("restartGrace", settings.restartGrace())
                .with("ephemeralIdle", settings.ephemeralIdle());
        Map<String, Object> priorities = new TreeMap<>();
        Map<NodeId, Map<String, Object>> byNode = new TreeMap<>();
        settings.nodePriorities()
                .forEach((node, priority) ->
                        byNode.computeIfAbsent(node, n -> new TreeMap<>()).put("", priority));
        settings.routePriorities()
                .forEach((key, priority) -> byNode.computeIfAbsent(key.node(), n -> new TreeMap<>())
                        .put(key.prefix().toString(), priority));
        byNode.forEach((node, ofNode) -> ofNode.forEach((prefix, priority) ->
                priorities.put(prefix.isEmpty() ? node.toString() : node + " " + prefix, priority)));
        return text.withIf(settings.policyTests(), "policyTests", true)
                .withIf(
                        !settings.overlay().equals(OverlayRanges.DEFAULT),
                        "overlay",
                        settings.overlay().addresses().prefixes())
                .withIf(!priorities.isEmpty(), "priorities", priorities)
                .with(
                        "limits",
                        new Json.ObjectText()
                                .with("nodes", limits.nodes())
                                .with("users", limits.users())
                                .with("routesPerNode", limits.routesPerNode())
                                .with("routesRememberedPerNode", limits.routesRememberedPerNode())
                                .with("commandsPerSubmission", limits.commandsPerSubmission())
                                .map())
                .map();
    }

    static String write(RoutingSettings settings) {
        return Json.write(map(settings));
    }

    private static String failBack(FailBack rule) {
        if (rule instanceof FailBack.After after) {
            return after.stability().toString();
        }
        return rule instanceof FailBack.AtOnce ? "AT_ONCE" : "NEVER";
    }

    static RoutingSettings read(Json.Fields fields) {
        RoutingSettingsBuilder builder = RoutingSettings.builder();
        if (fields.has("overlay")) {
            builder.overlay(OverlayRanges.of(AddressSet.ofPrefixes(fields.readAll("overlay", Prefix::parse))));
        }
        fields.readOptional("withdrawal", WithdrawalRule::valueOf).ifPresent(builder::withdrawal);
        fields.flag("retroactive").ifPresent(builder::retroactive);
        fields.flag("rememberDenied").ifPresent(builder::rememberDenied);
        fields.flag("policyTests").ifPresent(builder::policyTests);
        fields.readOptional("order", ElectionOrder::valueOf).ifPresent(builder::order);
        fields.readOptional("failBack", SettingsText::failBack).ifPresent(builder::failBack);
        fields.readOptional("offline", OfflineRule::valueOf).ifPresent(builder::offline);
        fields.readOptional("exit", ExitRule::valueOf).ifPresent(builder::exit);
        try {
            fields.duration("grace").ifPresent(builder::grace);
            if (fields.text("silenceLimit").filter(OFF::equals).isPresent()) {
                builder.withoutSilenceLimit();
            } else {
                fields.duration("silenceLimit").ifPresent(builder::silenceLimit);
            }
            fields.duration("restartGrace").ifPresent(builder::restartGrace);
            fields.duration("ephemeralIdle").ifPresent(builder::ephemeralIdle);
            fields.numbers("priorities").forEach((key, priority) -> priority(fields, builder, key, priority));
            fields.object("limits").ifPresent(limits -> builder.limits(limits(limits)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new StoredTextException(fields.what() + ": " + e.getMessage(), e);
        }
        fields.end();
        return builder.build();
    }

    private static FailBack failBack(String text) {
        return switch (text) {
            case "NEVER" -> FailBack.never();
            case "AT_ONCE" -> FailBack.atOnce();
            default -> FailBack.after(java.time.Duration.parse(text));
        };
    }

    private static void priority(Json.Fields fields, RoutingSettingsBuilder builder, String key, long priority) {
        int space = key.indexOf(' ');
        NodeId node = fields.parsed(
                "priorities", space < 0 ? key : key.substring(0, space), text -> new NodeId(Long.parseLong(text)));
        if (space < 0) {
            builder.priority(node, Math.toIntExact(priority));
        } else {
            Prefix prefix = fields.parsed("priorities", key.substring(space + 1), Prefix::parse);
            builder.priority(node, prefix, Math.toIntExact(priority));
        }
    }

    private static TailnetLimits limits(Json.Fields limits) {
        TailnetLimits read = TailnetLimits.builder()
                .nodes(Math.toIntExact(limits.number("nodes")))
                .users(Math.toIntExact(limits.number("users")))
                .routesPerNode(Math.toIntExact(limits.number("routesPerNode")))
                .routesRememberedPerNode(Math.toIntExact(limits.number("routesRememberedPerNode")))
                .commandsPerSubmission(Math.toIntExact(limits.number("commandsPerSubmission")))
                .build();
        limits.end();
        return read;
    }
}
