package dev.wayleave;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.util.Optional;

/** What follows when the settings change. */
final class SettingsCommands {

    private SettingsCommands() {}

    static void apply(StateBuilder transition, RouteCommands routes, RoutingSettings next) {
        RoutingSettings last = transition.settings;
        if (next.equals(last)) {
            return;
        }
        for (NodeState node : transition.nodes.values()) {
            transition.moveDeadline(node.id(), node.due(last), node.due(next));
        }
        transition.changing();
        transition.settings = next;
        if (isShorter(next.silenceLimit(), last.silenceLimit())) {
            hearAll(transition);
        }
        transition.happened(new RouteEvent.SettingsChanged(transition.origin()));
        if (!next.nodePriorities().equals(last.nodePriorities())
                || !next.routePriorities().equals(last.routePriorities())) {
            rank(transition);
        }
        if (!next.election().equals(last.election())) {
            transition.edits.prefixes().forEach(transition::election);
        }
        if (next.approval().retroactive() && !last.approval().retroactive()) {
            routes.reviewAll();
        }
    }

    private static boolean isShorter(Optional<Duration> next, Optional<Duration> last) {
        return next.isPresent() && (last.isEmpty() || next.get().compareTo(last.get()) < 0);
    }

    /** Who kept to the last limit has not been silent under the next: it counts from now. */
    private static void hearAll(StateBuilder transition) {
        for (NodeState node : transition.nodes.values()) {
            if (node.isListening()) {
                LastHeardTimes.Heard heard = new LastHeardTimes.Heard(node.id(), transition.now);
                transition.heard(transition.heard.with(node.slot(), heard));
            }
        }
    }

    private static void rank(StateBuilder transition) {
        for (NodeState node : transition.nodes.values()) {
            for (Prefix prefix : node.effectiveSet()) {
                if (!prefix.isExitRoute()) {
                    transition.stand(node, prefix, true);
                }
            }
        }
    }

    /** A number that is given to another node must not bring its predecessor's priorities along. */
    static void forget(StateBuilder transition, NodeId node) {
        RoutingSettings settings = transition.settings;
        if (settings.nodePriorities().containsKey(node)
                || settings.routePriorities().keySet().stream()
                        .anyMatch(key -> key.node().equals(node))) {
            transition.changing();
            transition.settings = settings.toBuilder().noPriority(node).build();
            transition.happened(new RouteEvent.SettingsChanged(transition.origin()));
        }
    }
}
