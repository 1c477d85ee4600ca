package dev.wayleave;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;

/** Applies new settings to the state: timers, priorities, elections and approvals. */
final class SettingsCommands {

    private SettingsCommands() {}

    static void apply(StateBuilder builder, RouteCommands routes, RoutingSettings next) {
        RoutingSettings last = builder.fields.settings;
        if (next.equals(last)) {
            return;
        }
        for (NodeState node : builder.fields.nodes.values()) {
            builder.moveDeadline(node.id(), node.due(last), node.due(next));
        }
        builder.fields.settings = next;
        if (hasShorterSilence(next, last)) {
            restartSilence(builder);
        }
        builder.happened(new RouteEvent.SettingsChanged(builder.origin()));
        if (!next.nodePriorities().equals(last.nodePriorities())
                || !next.routePriorities().equals(last.routePriorities())) {
            updatePriorities(builder);
        }
        if (!next.election().equals(last.election())) {
            builder.edits.prefixes().forEach(builder::requestElection);
        }
        if (next.approval().retroactive() && !last.approval().retroactive()) {
            routes.reviewAll();
        }
    }

    private static boolean hasShorterSilence(RoutingSettings next, RoutingSettings last) {
        return next.silenceLimit()
                .filter(limit -> last.silenceLimit()
                        .filter(previous -> previous.compareTo(limit) <= 0)
                        .isEmpty())
                .isPresent();
    }

    /** A shorter limit counts from now: a session that kept to the last limit is not silent. */
    private static void restartSilence(StateBuilder builder) {
        for (NodeState node : builder.fields.nodes.values()) {
            if (node.isListening()) {
                LastHeardTimes.LastHeardTime heard = new LastHeardTimes.LastHeardTime(node.id(), builder.now);
                builder.fields.heard = builder.fields.heard.with(node.slot(), heard);
            }
        }
    }

    private static void updatePriorities(StateBuilder builder) {
        for (NodeState node : builder.fields.nodes.values()) {
            for (Prefix prefix : node.effectiveSet()) {
                if (!prefix.isExitRoute()) {
                    builder.updateHolder(node, prefix);
                }
            }
        }
    }

    /** A number that is given to another node must not bring its predecessor's priorities along. */
    static void forgetPriorities(StateBuilder builder, NodeId node) {
        RoutingSettings settings = builder.fields.settings;
        if (settings.nodePriorities().containsKey(node)
                || settings.routePriorities().keySet().stream()
                        .anyMatch(key -> key.node().equals(node))) {
            builder.fields.settings = settings.toBuilder().noPriority(node).build();
            builder.happened(new RouteEvent.SettingsChanged(builder.origin()));
        }
    }
}
