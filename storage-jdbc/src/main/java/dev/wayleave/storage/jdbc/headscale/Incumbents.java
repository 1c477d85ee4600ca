package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.RouteState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.TouchedKeys;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.User;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPrimary;
import dev.wayleave.storage.jdbc.headscale.RouteReason.NoIncumbent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Keeps the primaries of an import. No command can name a primary, but a state that is restored from rows takes the
 * primaries of the rows, as after a restart. So the rows of the import are marked, and the state is restored from them.
 *
 * <pre>
 *   state ──submissions──► stepped ──rows──► marked: primary, candidate ──reload──► new nodes in their grace ──►
 * settled
 * </pre>
 */
final class Incumbents {

    private final ImportReport report;
    private final RoutingState state;
    private final Actor actor;
    private final Instant now;
    private final Findings findings;
    private final TreeMap<Prefix, FoundPrimary> kept = new TreeMap<>();

    Incumbents(ImportReport report, RoutingState state, Actor actor, Instant now, Findings findings) {
        this.report = report;
        this.state = state;
        this.actor = actor;
        this.now = now;
        this.findings = findings;
    }

    List<FoundPrimary> kept() {
        return List.copyOf(kept.values());
    }

    /** {@return the step with the incumbents in it} */
    Step keep(Step stepped) {
        TreeMap<Prefix, NodeId> claims = new TreeMap<>();
        for (FoundPrimary found : report.incumbents()) {
            if (state.primary(found.prefix()).filter(found.node()::equals).isPresent()) {
                kept.put(found.prefix(), found);
                continue;
            }
            Optional<NoIncumbent> none = inTheWay(found, stepped.next());
            if (none.isPresent()) {
                report(found, none.get());
            } else {
                kept.put(found.prefix(), found);
                claims.put(found.prefix(), found.node());
            }
        }
        return claims.isEmpty() ? stepped : keep(stepped, claims);
    }

    private Optional<NoIncumbent> inTheWay(FoundPrimary found, RoutingState after) {
        if (state.node(found.node()).isPresent()) {
            return Optional.of(NoIncumbent.NODE_KNOWN);
        }
        if (after.node(found.node()).isEmpty()) {
            return Optional.of(NoIncumbent.NODE_REFUSED);
        }
        Optional<RouteState> route = after.route(found.prefix());
        if (route.isEmpty() || !route.get().holders().contains(found.node())) {
            return Optional.of(NoIncumbent.NOT_EFFECTIVE);
        }
        return route.get().primary().isPresent() || !route.get().candidates().isEmpty()
                ? Optional.of(NoIncumbent.CARRIED)
                : Optional.empty();
    }

    private Step keep(Step stepped, Map<Prefix, NodeId> claims) {
        RowChanges marks = marks(stepped.next().rows(), claims);
        // a reload starts at the time of the state that reloads
        RoutingState advanced = Routing.step(state, List.of(), now).next();
        Step settled = Routing.step(advanced.reload(marks.applyTo(stepped.next().rows())), List.of(), now);
        List<FoundPrimary> lost = kept.values().stream()
                .filter(found -> settled.next()
                        .primary(found.prefix())
                        .filter(found.node()::equals)
                        .isEmpty())
                .toList();
        for (FoundPrimary found : lost) {
            kept.remove(found.prefix());
            claims.remove(found.prefix());
            report(found, NoIncumbent.NO_GRACE);
        }
        if (claims.isEmpty()) {
            return stepped;
        }
        return new Step(
                settled.next(),
                stepped.results(),
                events(stepped, settled, claims),
                both(both(stepped.rowChanges(), marks), settled.rowChanges()),
                both(stepped.touched(), settled.touched()));
    }

    private static RowChanges marks(StateRows rows, Map<Prefix, NodeId> claims) {
        Set<NodeId> carriers = new HashSet<>(claims.values());
        List<NodeRow> nodes = rows.nodes().stream()
                .filter(row -> carriers.contains(row.facts().id()))
                .map(row -> new NodeRow(row.facts(), row.drain().orElse(null), true, null))
                .toList();
        List<RouteRow> routes = rows.routes().stream()
                .filter(row -> row.node().equals(claims.get(row.prefix())))
                .map(row -> row.withPrimary(true))
                .toList();
        return new RowChanges(
                null,
                new RowChanges.Rows<>(List.of(), List.of()),
                new RowChanges.Rows<>(nodes, List.of()),
                new RowChanges.Rows<>(routes, List.of()));
    }

    /** Drops events of an unserved prefix where its incumbent keeps it served. */
    private List<RouteEvent> events(Step stepped, Step settled, Map<Prefix, NodeId> claims) {
        List<RouteEvent> events = new ArrayList<>();
        for (RouteEvent event : stepped.events()) {
            if (!(event instanceof RouteEvent.PrefixUnserved unserved && claims.containsKey(unserved.prefix()))) {
                events.add(event);
            }
        }
        Map<NodeId, Origin> origins = new TreeMap<>();
        for (FoundNode node : report.nodes()) {
            origins.put(node.facts().id(), new Origin(actor, ImportPlanner.correlationId(node)));
        }
        claims.forEach((prefix, node) -> events.add(new RouteEvent.PrimaryElected(
                origins.getOrDefault(node, new Origin(actor, null)),
                prefix,
                node,
                PrimaryElection.elect(
                        prefix,
                        settled.next().route(prefix).orElseThrow().candidates(),
                        node,
                        state.settings().election(),
                        now))));
        events.addAll(settled.events());
        return events;
    }

    private static RowChanges both(RowChanges one, RowChanges other) {
        return new RowChanges(
                other.tailnet().or(one::tailnet).orElse(null),
                both(one.users(), other.users(), User::id),
                both(one.nodes(), other.nodes(), row -> row.facts().id()),
                both(one.routes(), other.routes(), RouteRow::key));
    }

    private static <R, K extends Comparable<K>> RowChanges.Rows<R, K> both(
            RowChanges.Rows<R, K> one, RowChanges.Rows<R, K> other, Function<R, K> key) {
        TreeMap<K, Optional<R>> byKey = new TreeMap<>();
        for (RowChanges.Rows<R, K> rows : List.of(one, other)) {
            rows.deletes().forEach(gone -> byKey.put(gone, Optional.empty()));
            rows.upserts().forEach(row -> byKey.put(key.apply(row), Optional.of(row)));
        }
        List<R> upserts = byKey.values().stream().flatMap(Optional::stream).toList();
        List<K> deletes = byKey.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        return new RowChanges.Rows<>(upserts, deletes);
    }

    private static TouchedKeys both(TouchedKeys one, TouchedKeys other) {
        TreeSet<NodeId> nodes = new TreeSet<>(one.nodes());
        nodes.addAll(other.nodes());
        TreeSet<NodeId> presence = new TreeSet<>(one.presence());
        presence.addAll(other.presence());
        presence.removeAll(nodes);
        TreeSet<Prefix> prefixes = new TreeSet<>(one.prefixes());
        prefixes.addAll(other.prefixes());
        return new TouchedKeys(
                nodes,
                presence,
                prefixes,
                one.policy() || other.policy(),
                one.users() || other.users(),
                one.settings() || other.settings());
    }

    private void report(FoundPrimary found, NoIncumbent reason) {
        findings.add(found.table(), found.row(), new RouteReason.PrimaryNotKept(found.node(), found.prefix(), reason));
    }
}
