package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.approval.Approver;
import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.NodeFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Prints what a plan would change of the tailnet itself, before any view: one line for each change. */
final class EventText {

    private final RoutePlan plan;
    private final Names names;
    private final List<RouteEvent> events;

    EventText(RoutePlan plan, Names names) {
        this.plan = plan;
        this.names = names;
        this.events = plan.events();
    }

    List<PlanLine> tailnet() {
        return lines(event -> !(event instanceof RouteEvent.OfNode || event instanceof RouteEvent.OfElection));
    }

    List<PlanLine> nodes() {
        List<PlanLine> lines = new ArrayList<>();
        for (NodeId id : plan.step().touched().nodes()) {
            Optional<Node> old = plan.before().state().node(id).map(NodeState::facts);
            Optional<Node> now = plan.after().state().node(id).map(NodeState::facts);
            if (old.isPresent() && now.isPresent()) {
                NodeFact.changed(old.get(), now.get())
                        .forEach(fact ->
                                lines.add(new PlanLine(PlanLine.Kind.CHANGED, changed(fact, old.get(), now.get()))));
            } else if (now.isPresent()) {
                lines.add(new PlanLine(PlanLine.Kind.GAINED, names.node(id) + " is registered"));
            } else if (old.isPresent()) {
                RouteEvent removed = new RouteEvent.NodeRemoved(Origin.time(), id, new Reason.Reported());
                lines.add(new PlanLine(PlanLine.Kind.LOST, removed.headline(names)));
            }
        }
        lines.addAll(lines(RouteEvent.OfPresence.class::isInstance));
        return lines;
    }

    private String changed(NodeFact fact, Node old, Node now) {
        String node = names.node(now.id());
        return switch (fact) {
            case NAME -> new RouteEvent.NodeRenamed(Origin.time(), now.id(), old.name(), now.name()).headline(names);
            case OWNER -> node + " gets another owner";
            case ADDRESSES -> node + " gets other addresses";
            case HOST_KEY -> node + " gets another host key";
            case KEY_EXPIRY ->
                "the key of " + node
                        + now.keyExpiry()
                                .map(time -> " expires at " + Texts.time(time))
                                .orElse(" no longer expires");
            case ONLINE -> throw new IllegalStateException("no fact that a host says");
        };
    }

    List<PlanLine> drains() {
        List<PlanLine> lines = new ArrayList<>();
        for (RouteEvent event : events) {
            if (event instanceof RouteEvent.DrainStarted || event instanceof RouteEvent.DrainEnded) {
                lines.add(new PlanLine(PlanLine.Kind.CHANGED, event.text(names)));
            }
            if (event instanceof RouteEvent.DrainStarted drain && isExitNode(drain.node())) {
                String text = names.node(drain.node()) + " stays an exit node: a drain moves no exit routes";
                lines.add(new PlanLine(PlanLine.Kind.CHANGED, text));
            }
        }
        plan.staying()
                .forEach((node, prefixes) -> prefixes.forEach(prefix -> lines.add(new PlanLine(
                        PlanLine.Kind.CHANGED,
                        prefix + " stays on " + names.node(node) + ": no other healthy node can carry it now"))));
        return lines;
    }

    private boolean isExitNode(NodeId node) {
        return plan.after().state().node(node).orElseThrow().effective().stream()
                .anyMatch(Prefix::isExitRoute);
    }

    List<PlanLine> routes() {
        return lines(event -> event instanceof RouteEvent.RouteAdvertised
                || event instanceof RouteEvent.RouteWithdrawn
                || event instanceof RouteEvent.ApprovalPending);
    }

    List<PlanLine> approvals() {
        List<PlanLine> lines = new ArrayList<>();
        Set<RouteKey> denied = keys(RouteEvent.RouteDenied.class::isInstance);
        Set<RouteKey> revoked = keys(RouteEvent.RouteRevoked.class::isInstance);
        for (RouteEvent.OfRoute event : plan.approvals()) {
            if (event instanceof RouteEvent.RouteApproved approved) {
                lines.add(approved(approved));
            } else if (event instanceof RouteEvent.RouteDenied) {
                lines.add(denied(event, revoked.contains(key(event))));
            } else if (!denied.contains(key(event))) {
                lines.add(new PlanLine(PlanLine.Kind.LOST, withoutActor(event)));
            }
        }
        return lines;
    }

    private Set<RouteKey> keys(Predicate<RouteEvent.OfRoute> these) {
        return plan.approvals().stream().filter(these).map(EventText::key).collect(Collectors.toSet());
    }

    private static RouteKey key(RouteEvent.OfRoute event) {
        return new RouteKey(event.node(), event.prefix());
    }

    private PlanLine approved(RouteEvent.RouteApproved event) {
        boolean advertised = plan.after()
                .state()
                .node(event.node())
                .orElseThrow()
                .advertised()
                .contains(event.prefix());
        return advertised
                ? new PlanLine(PlanLine.Kind.GAINED, withoutActor(event))
                : new PlanLine(
                        PlanLine.Kind.CHANGED,
                        withoutActor(event) + "; this takes effect only when " + names.node(event.node())
                                + " advertises it");
    }

    private PlanLine denied(RouteEvent.OfRoute event, boolean revoked) {
        String route = event.prefix() + " on " + names.node(event.node());
        return revoked
                ? new PlanLine(
                        PlanLine.Kind.LOST,
                        route + " is no longer approved, and is denied: only an administrator can approve it again")
                : new PlanLine(PlanLine.Kind.CHANGED, route + " is denied: only an administrator can approve it");
    }

    /** Without the administrator who asks for the plan: the reader knows. */
    private String withoutActor(RouteEvent.OfRoute event) {
        boolean asked = event.reason() instanceof Reason.Revoked
                || (event.reason() instanceof Reason.ByApproval given
                        && given.approval().by() instanceof Approver.Administrator);
        return asked ? event.headline(names) : event.text(names);
    }

    List<PlanLine> primaries() {
        return lines(RouteEvent.OfElection.class::isInstance);
    }

    private List<PlanLine> lines(Predicate<RouteEvent> these) {
        return events.stream()
                .filter(these)
                .map(event -> new PlanLine(kind(event), event.text(names)))
                .toList();
    }

    private static PlanLine.Kind kind(RouteEvent event) {
        if (event instanceof RouteEvent.PrefixUnserved
                || event instanceof RouteEvent.PrimaryKept
                || event instanceof RouteEvent.RouteWithdrawn
                || event instanceof RouteEvent.NodeOffline) {
            return PlanLine.Kind.LOST;
        }
        if (event instanceof RouteEvent.PrimaryElected
                || event instanceof RouteEvent.RouteAdvertised
                || event instanceof RouteEvent.NodeOnline) {
            return PlanLine.Kind.GAINED;
        }
        return event instanceof RouteEvent.PrimaryMoved ? PlanLine.Kind.MOVED : PlanLine.Kind.CHANGED;
    }
}
