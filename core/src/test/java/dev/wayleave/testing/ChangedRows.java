package dev.wayleave.testing;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.Drain;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Changes of rows: between two revisions, of several commits, and such as no process of ours makes. */
public final class ChangedRows {

    private static final Instant AT = Scenario.START;
    private static final Actor ACTOR = new Actor("other");

    private ChangedRows() {}

    /** The rows that differ. */
    public static RowChanges between(StateRows before, StateRows after) {
        return new RowChanges(
                before.tailnet().equals(after.tailnet()) ? null : after.tailnet(),
                between(before.users(), after.users(), User::id),
                between(before.nodes(), after.nodes(), row -> row.facts().id()),
                between(before.routes(), after.routes(), RouteRow::key));
    }

    private static <R, K> RowChanges.Rows<R, K> between(List<R> before, List<R> after, Function<R, K> key) {
        Map<K, R> old = new LinkedHashMap<>();
        before.forEach(row -> old.put(key.apply(row), row));
        List<R> upserts = new ArrayList<>();
        for (R row : after) {
            if (!row.equals(old.remove(key.apply(row)))) {
                upserts.add(row);
            }
        }
        return new RowChanges.Rows<>(upserts, List.copyOf(old.keySet()));
    }

    /** What several commits wrote, one after the other: rows that came and went and came back among them. */
    public static RowChanges merged(List<RowChanges> commits) {
        TailnetRow tailnet = null;
        Map<UserId, Optional<User>> users = new LinkedHashMap<>();
        Map<NodeId, Optional<NodeRow>> nodes = new LinkedHashMap<>();
        Map<RouteKey, Optional<RouteRow>> routes = new LinkedHashMap<>();
        for (RowChanges commit : commits) {
            tailnet = commit.tailnet().orElse(tailnet);
            add(commit.users(), User::id, users);
            add(commit.nodes(), row -> row.facts().id(), nodes);
            add(commit.routes(), RouteRow::key, routes);
        }
        return new RowChanges(tailnet, rows(users), rows(nodes), rows(routes));
    }

    private static <R, K> void add(RowChanges.Rows<R, K> rows, Function<R, K> key, Map<K, Optional<R>> to) {
        rows.deletes().forEach(deleted -> to.put(deleted, Optional.empty()));
        rows.upserts().forEach(row -> to.put(key.apply(row), Optional.of(row)));
    }

    private static <R, K> RowChanges.Rows<R, K> rows(Map<K, Optional<R>> changed) {
        return new RowChanges.Rows<>(
                changed.values().stream().flatMap(Optional::stream).toList(),
                changed.entrySet().stream()
                        .filter(entry -> entry.getValue().isEmpty())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** A few rows of any content, in no order: many of them contradict what is there. */
    public static Arbitrary<RowChanges> any() {
        Arbitrary<RowChanges.Rows<User, UserId>> users = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(RowChanges.Rows.<User, UserId>none())),
                Tuple.of(
                        1,
                        Arbitraries.of("1", "2", "3")
                                .map(id -> new RowChanges.Rows<User, UserId>(List.of(), List.of(new UserId(id))))),
                Tuple.of(
                        1,
                        RoutingArbitraries.users()
                                .map(all -> new RowChanges.Rows<User, UserId>(all.all(), List.of()))));
        return Combinators.combine(
                        users,
                        rows(nodeRows(), RoutingArbitraries.nodeIds()),
                        rows(
                                routeRows(),
                                Combinators.combine(RoutingArbitraries.nodeIds(), prefixes())
                                        .as(RouteKey::new)))
                .as((user, node, route) -> new RowChanges(null, user, node, route));
    }

    private static <R, K> Arbitrary<RowChanges.Rows<R, K>> rows(Arbitrary<R> rows, Arbitrary<K> keys) {
        return Combinators.combine(rows.list().ofMaxSize(2), keys.list().ofMaxSize(1))
                .as(RowChanges.Rows::new);
    }

    private static Arbitrary<Prefix> prefixes() {
        return Arbitraries.of("10.0.0.0/8", "10.0.0.0/16", "192.168.1.0/24", "0.0.0.0/0", "::/0")
                .map(Prefix::parse);
    }

    /** Some by a process whose clock is a day ahead. */
    private static Arbitrary<NodeRow> nodeRows() {
        Arbitrary<Node> facts = Combinators.combine(
                        RoutingArbitraries.nodes(),
                        Arbitraries.of("1", "2", "3", "9").injectNull(0.7))
                .as((node, key) ->
                        key == null ? node : node.toBuilder().hostKey(key).build());
        Arbitrary<Absence> absence = Combinators.combine(
                        Arbitraries.of(-20, 0, 20, 86_400),
                        Arbitraries.of(0, 10, 40).injectNull(0.5))
                .as((since, grace) -> {
                    Instant at = AT.plusSeconds(since);
                    return new Absence(at, grace == null ? null : at.plusSeconds(grace));
                });
        Arbitrary<Drain> drain = Arbitraries.of(30, 300)
                .injectNull(0.5)
                .map(seconds -> new Drain(AT, seconds == null ? null : AT.plusSeconds(seconds), ACTOR));
        return Combinators.combine(facts, drain.injectNull(0.8), Arbitraries.of(true, false), absence.injectNull(0.5))
                .as(ChangedRows::nodeRow);
    }

    private static NodeRow nodeRow(Node facts, @Nullable Drain drain, boolean candidate, @Nullable Absence absence) {
        boolean isOver = absence != null && absence.graceUntil().isEmpty();
        return new NodeRow(facts, drain, candidate && !isOver, absence);
    }

    private static Arbitrary<RouteRow> routeRows() {
        Approval approval = new Approval(new Approver.Administrator(ACTOR), AT);
        Arbitrary<RouteRow.Status> status = Arbitraries.frequency(
                Tuple.of(6, new RouteRow.Approved(approval)),
                Tuple.of(1, new RouteRow.Denied(new Denial(ACTOR, AT))),
                Tuple.of(1, new RouteRow.Withdrawn(approval)),
                Tuple.of(2, new RouteRow.Undecided()));
        return Combinators.combine(
                        RoutingArbitraries.nodeIds(),
                        prefixes(),
                        Arbitraries.just(AT).injectNull(0.2),
                        status,
                        Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)))
                .as(RouteRow::new)
                // nothing is stored of a prefix of which nothing is known
                .filter(row -> row.advertised() || !(row.status() instanceof RouteRow.Undecided));
    }
}
