package dev.wayleave.examples.cli;

import dev.wayleave.RoutingText;
import dev.wayleave.election.Outcome;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import java.util.Optional;
import java.util.function.Function;

/** Says in English what happened, and why. */
final class EventReasons {

    private final Function<NodeId, String> names;
    private final RoutingText words;

    /** With the way to call a node. */
    EventReasons(Function<NodeId, String> names) {
        this.names = names;
        this.words = RoutingText.naming(names).withoutTimes();
    }

    String sentence(RouteEvent event) {
        if (event instanceof RouteEvent.OfElection election) {
            return election(election);
        }
        if (event instanceof RouteEvent.OfRoute ofRoute) {
            return ofRoute(ofRoute, names.apply(ofRoute.nodeId()));
        }
        if (event instanceof RouteEvent.OfNode ofNode) {
            return ofNode(ofNode, names.apply(ofNode.nodeId()));
        }
        if (event instanceof RouteEvent.PolicyReplaced) {
            return "the policy is replaced";
        }
        if (event instanceof RouteEvent.PolicyTextChanged) {
            return "the policy is written in other words, and says the same";
        }
        if (event instanceof RouteEvent.UsersChanged) {
            return "the users are replaced: " + RoutingText.NUMBERED.of(event.reason());
        }
        if (event instanceof RouteEvent.ClockStepped) {
            return RoutingText.NUMBERED.of(event.reason());
        }
        return event instanceof RouteEvent.SettingsChanged ? "the settings are changed" : event.kind();
    }

    private String ofRoute(RouteEvent.OfRoute event, String node) {
        if (event instanceof RouteEvent.RouteAdvertised) {
            return node + " advertises " + event.route();
        }
        if (event instanceof RouteEvent.RouteWithdrawn) {
            return node + " no longer advertises " + event.route();
        }
        String route = event.route() + " on " + node;
        if (event instanceof RouteEvent.RouteApproved approved) {
            return route + " is approved: " + words.of(approved.approval());
        }
        if (event instanceof RouteEvent.ApprovalPending pending) {
            return route + " waits for approval: " + words.reason(pending.verdict());
        }
        if (event instanceof RouteEvent.RouteDenied denied) {
            return route + " is denied by " + denied.denial().by();
        }
        if (event instanceof RouteEvent.RouteRevoked revoked) {
            return route + " is no longer approved: "
                    + (revoked.reason() instanceof Reason.TakenAway taken
                            ? taken.by() + " took it away"
                            : "approvals go with the advertisement in this tailnet");
        }
        return route + ": " + event.kind();
    }

    private static String ofNode(RouteEvent.OfNode event, String node) {
        if (event instanceof RouteEvent.NodeOnline) {
            return node + " is online" + because(event.reason());
        }
        if (event instanceof RouteEvent.NodeInGrace grace) {
            return node + " is in its grace until " + grace.until() + because(event.reason());
        }
        if (event instanceof RouteEvent.NodeOffline) {
            return node + " is offline" + because(event.reason());
        }
        if (event instanceof RouteEvent.NodeRemoved) {
            return node + " is removed" + because(event.reason());
        }
        if (event instanceof RouteEvent.DrainStarted drain) {
            return node + " is drained"
                    + drain.until().map(until -> " until " + until).orElse("");
        }
        if (event instanceof RouteEvent.NodeRenamed renamed) {
            return "`" + renamed.from() + "` is renamed to `" + renamed.to() + "`";
        }
        if (event instanceof RouteEvent.NodeOwnerChanged || event instanceof RouteEvent.NodeKeyChanged) {
            return node + " is changed: " + RoutingText.NUMBERED.of(event.reason());
        }
        return event instanceof RouteEvent.DrainEnded
                ? "the drain of " + node + " ends" + because(event.reason())
                : node + ": " + event.kind();
    }

    /** Nothing, if somebody just said so. */
    private static String because(Reason reason) {
        return reason instanceof Reason.Reported ? "" : ": " + of(reason);
    }

    private static String of(Reason reason) {
        if (reason instanceof Reason.SessionUp up) {
            return "session `" + up.session() + "` is up";
        }
        if (reason instanceof Reason.SessionDown down) {
            return "session `" + down.session() + "` ended";
        }
        if (reason instanceof Reason.SessionSilent silent) {
            return "nothing was heard on session `" + silent.session() + "` since " + silent.lastHeard();
        }
        if (reason instanceof Reason.GraceOver over) {
            return "its grace ended at " + over.until();
        }
        if (reason instanceof Reason.Idle idle) {
            return "it is ephemeral and had no session since " + idle.since();
        }
        return reason instanceof Reason.DeadlinePassed passed
                ? "its time ended at " + passed.until()
                : reason.toString();
    }

    private String election(RouteEvent.OfElection event) {
        if (event instanceof RouteEvent.PrefixUnserved) {
            return event.route() + " is unserved: no candidate is left";
        }
        if (event instanceof RouteEvent.PrimaryKept kept) {
            return event.route() + " is kept by " + names.apply(kept.last()) + ", though no candidate is left";
        }
        Outcome.Elected outcome = event.outcome() instanceof Outcome.Elected elected ? elected : null;
        String why = outcome == null ? "" : ": it " + words.of(outcome.why());
        if (event instanceof RouteEvent.PrimaryMoved moved) {
            Optional<String> loss = outcome == null
                    ? Optional.empty()
                    : outcome.losers().stream()
                            .filter(loser -> loser.node().equals(moved.from()))
                            .findFirst()
                            .map(loser -> "; of " + names.apply(moved.from()) + ": " + words.of(loser));
            return event.route() + " moves from " + names.apply(moved.from()) + " to " + names.apply(moved.to()) + why
                    + loss.orElse("");
        }
        return event instanceof RouteEvent.PrimaryElected elected
                ? event.route() + " is served by " + names.apply(elected.nodeId()) + why
                : event.route() + ": " + event.kind();
    }
}
