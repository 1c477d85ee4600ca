package dev.wayleave.visibility;

import dev.wayleave.access.AccessRules;
import dev.wayleave.access.NodeAccess;
import dev.wayleave.access.PrefixAccess;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What every viewer of a tailnet is told, and who must be told when that changes.
 *
 * <p>Immutable and safe for use by several threads; nothing blocks. It follows rules 6 to 9 of the README of the recorded
 * answers; what these leave open is settled in {@code DECISIONS.md}.
 *
 * <p>Viewers whom the same rules admit and at whom the same rules are open have one <em>standing</em> and share one view.
 * Whom a viewer sees follows from the access rules alone; only who carries a prefix reads the election:
 *
 * <pre>
 *   access rules ──► standings ──► who sees whom, exit routes
 *                        │
 *   elections ───────────┴───────► for each prefix: carrier ──► standings that it serves
 * </pre>
 */
public final class Visibility {

    /** Rows in a chunk, as a power of two: one primary that moves copies one chunk, and a comparison skips equal ones. */
    private static final int CHUNK_BITS = 6;

    private final AccessRules rules;
    private final ViewerClasses standings;
    private final CarrierRow[][] chunks;

    /** The views of standings, filled when first asked for, by equal values whoever asks. */
    private final @Nullable ViewerClassView[] views;

    private Visibility(ViewerClasses standings, CarrierRow[][] chunks) {
        this.rules = standings.rules;
        this.standings = standings;
        this.chunks = chunks;
        this.views = new ViewerClassView[standings.count()];
    }

    /**
     * Computes what every viewer is told.
     *
     * @param rules the access rules of the tailnet
     * @param elected for each subnet prefix what the election found; a prefix that is missing is unserved
     * @return the answers for all viewers
     * @throws IllegalArgumentException if a prefix is effective nowhere or an exit route, or a node is elected for a prefix
     *     that is not effective on it
     */
    public static Visibility of(AccessRules rules, Map<Prefix, ElectedRoute> elected) {
        Objects.requireNonNull(rules, "rules");
        Copies.refuseNull(elected, "elected");
        requireEffective(rules, elected);
        ViewerClasses standings = new ViewerClasses(rules);
        CarrierRow[] rows = new CarrierRow[rules.prefixes().size()];
        for (int i = 0; i < rows.length; i++) {
            PrefixAccess prefix = rules.prefixes().get(i);
            rows[i] = CarrierRow.of(standings, prefix, elected.getOrDefault(prefix.prefix(), ElectedRoute.UNSERVED));
        }
        return new Visibility(standings, chunks(rows));
    }

    private static CarrierRow[][] chunks(CarrierRow[] rows) {
        CarrierRow[][] chunks = new CarrierRow[(rows.length + (1 << CHUNK_BITS) - 1) >>> CHUNK_BITS][];
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            int first = chunk << CHUNK_BITS;
            chunks[chunk] = Arrays.copyOfRange(rows, first, Math.min(first + (1 << CHUNK_BITS), rows.length));
        }
        return chunks;
    }

    /**
     * Returns what every viewer is told after other elections, under the same access rules.
     *
     * @param elected the prefixes whose election came to something else, each with what it came to
     * @return the new answers; {@code O(prefixes given · standings)}, everything else is shared
     * @throws IllegalArgumentException if a prefix is effective nowhere or an exit route, or a node is elected for a prefix
     *     that is not effective on it
     */
    public Visibility withElected(Map<Prefix, ElectedRoute> elected) {
        Copies.refuseNull(elected, "elected");
        requireEffective(rules, elected);
        CarrierRow[][] next = chunks.clone();
        elected.forEach((prefix, route) -> {
            int place = rules.place(prefix);
            int chunk = place >>> CHUNK_BITS;
            if (next[chunk] == chunks[chunk]) {
                next[chunk] = chunks[chunk].clone();
            }
            next[chunk][place & (1 << CHUNK_BITS) - 1] =
                    CarrierRow.of(standings, rules.prefixes().get(place), route);
        });
        return new Visibility(standings, next);
    }

    /**
     * Returns what every viewer is told once other routes are effective on some nodes.
     *
     * @param next the access rules as they are now
     * @param elected the prefixes whose election came to something else, each with what it came to; those that are effective
     *     nowhere any more are left out
     * @return what {@link #of} returns for all elections. If the rules came from {@link #rules} by
     *     {@link AccessRules#withRoutes}, computed are the standings of the nodes that changed and the carriers of their
     *     prefixes; everything else is shared: {@code O(nodes + prefixes)} copied references, and what is touched
     * @throws IllegalArgumentException if a prefix is effective nowhere or an exit route, or a node is elected for a prefix
     *     that is not effective on it – also by an earlier election that was not replaced
     */
    public Visibility withRoutes(AccessRules next, Map<Prefix, ElectedRoute> elected) {
        Objects.requireNonNull(next, "next");
        Copies.refuseNull(elected, "elected");
        requireEffective(next, elected);
        if (!next.hasNodesOf(rules)) {
            Map<Prefix, ElectedRoute> all = new HashMap<>();
            forEachRow((prefix, row) -> all.put(prefix.prefix(), row.elected));
            all.keySet().removeIf(prefix -> next.place(prefix) < 0);
            all.putAll(elected);
            return of(next, all);
        }
        ViewerClasses nextStandings = standings.with(next);
        Set<Prefix> touched = touchedSince(next);
        CarrierRow[] rows = new CarrierRow[next.prefixes().size()];
        int old = 0;
        for (int i = 0; i < rows.length; i++) {
            PrefixAccess prefix = next.prefixes().get(i);
            while (old < rules.prefixes().size() && isBefore(rules.prefixes().get(old), prefix)) {
                old++;
            }
            PrefixAccess was = old < rules.prefixes().size() ? rules.prefixes().get(old) : null;
            boolean known = was == prefix || (was != null && was.prefix().equals(prefix.prefix()));
            ElectedRoute route = elected.get(prefix.prefix());
            if (route == null) {
                route = known ? row(old).elected : ElectedRoute.UNSERVED;
            }
            boolean same = was == prefix
                    && route.equals(row(old).elected)
                    && nextStandings.isCountedWith(standings)
                    && !touched.contains(prefix.prefix());
            rows[i] = same ? row(old) : CarrierRow.of(nextStandings, prefix, route);
        }
        return new Visibility(nextStandings, chunks(rows));
    }

    private static boolean isBefore(PrefixAccess one, PrefixAccess other) {
        return one != other && one.prefix().compareTo(other.prefix()) < 0;
    }

    /** The prefixes of nodes that are other objects in the next rules: what opens a prefix depends on its router too. */
    private Set<Prefix> touchedSince(AccessRules next) {
        Set<Prefix> touched = new HashSet<>();
        for (int place = 0; place < next.nodes().size(); place++) {
            NodeAccess node = next.nodes().get(place);
            if (node != rules.nodes().get(place)) {
                touched.addAll(node.routes().effective());
            }
        }
        return touched;
    }

    private static void requireEffective(AccessRules rules, Map<Prefix, ElectedRoute> elected) {
        for (Prefix prefix : elected.keySet()) {
            if (rules.place(prefix) < 0) {
                String problem = prefix.isExitRoute()
                        ? "is an exit route, of which there is no election"
                        : "is effective on no node";
                throw new IllegalArgumentException("`" + prefix + "` " + problem + ": leave it out");
            }
        }
    }

    /**
     * Says who must be told what after a step.
     *
     * @param before what every viewer was told
     * @param after what every viewer is told now
     * @return exactly the viewers whose answer changed, and how; if both have the same {@link #rules()},
     *     {@code O(prefixes whose election changed · standings)}. If the later came by {@link #withRoutes}, {@code O(nodes)}
     *     and the answers of the standings that the step touched. Else – a node registered, changed or left, or there is
     *     another policy – all nodes, prefixes and standings are compared, however few viewers are told
     */
    public static ViewChanges difference(Visibility before, Visibility after) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        return before.standings == after.standings
                ? new ElectionDifference(before, after).changes()
                : new FullDifference(before, after).changes();
    }

    /**
     * Returns the access rules.
     *
     * @return what was given
     */
    public AccessRules rules() {
        return rules;
    }

    /**
     * Returns what the election found for a prefix.
     *
     * @param prefix a subnet prefix
     * @return what was given; {@link ElectedRoute#UNSERVED} for a prefix that is effective nowhere
     */
    public ElectedRoute elected(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return row(prefix).map(row -> row.elected).orElse(ElectedRoute.UNSERVED);
    }

    /**
     * Returns what one viewer is told.
     *
     * @param viewer its number
     * @return the answer, if the tailnet has the node; {@code O(prefixes)} for the first viewer of a standing, then
     *     {@code O(own routes)}
     */
    public Optional<ViewerRoutes> viewer(NodeId viewer) {
        Objects.requireNonNull(viewer, "viewer");
        int place = rules.place(viewer);
        return place < 0 ? Optional.empty() : Optional.of(new ViewerRoutes(this, place));
    }

    /**
     * Returns how many different standings the nodes have.
     *
     * @return what the cost of everything here grows with
     */
    public int standingCount() {
        return (int) IntStream.range(0, standings.count())
                .filter(standing -> standings.members(standing).length > 0)
                .count();
    }

    // For the rest of the room

    ViewerClasses standings() {
        return standings;
    }

    ViewerClassView standingView(int standing) {
        ViewerClassView known = views[standing];
        if (known == null) {
            known = ViewerClassView.of(this, standing);
            views[standing] = known;
        }
        return known;
    }

    int chunkCount() {
        return chunks.length;
    }

    CarrierRow[] chunk(int chunk) {
        return chunks[chunk];
    }

    PrefixAccess prefix(int chunk, int i) {
        return rules.prefixes().get((chunk << CHUNK_BITS) + i);
    }

    CarrierRow row(int prefix) {
        return chunks[prefix >>> CHUNK_BITS][prefix & (1 << CHUNK_BITS) - 1];
    }

    Optional<CarrierRow> row(Prefix prefix) {
        int place = rules.place(prefix);
        return place < 0 ? Optional.empty() : Optional.of(row(place));
    }

    void forEachRow(BiConsumer<PrefixAccess, CarrierRow> consumer) {
        for (int i = 0; i < rules.prefixes().size(); i++) {
            consumer.accept(rules.prefixes().get(i), row(i));
        }
    }

    boolean sees(int one, int other) {
        return one != other && standings.sees(standings.of(one), standings.of(other));
    }

    /** The carrier for a viewer that has the prefix itself: the primary if the viewer sees it, else -1. */
    int coRouterCarrier(CarrierRow row, int viewer) {
        return row.primary >= 0 && sees(viewer, row.primary) ? row.primary : -1;
    }

    /** The carrier of a prefix for a viewer, or -1. */
    int carrierFor(int prefix, int viewer) {
        CarrierRow row = row(prefix);
        boolean own = rules.nodes()
                .get(viewer)
                .routes()
                .effective()
                .contains(rules.prefixes().get(prefix).prefix());
        return own ? coRouterCarrier(row, viewer) : row.carrierFor(standings, standings.of(viewer));
    }

    /** The carrier of a subnet prefix for a viewer, also of one that is effective nowhere; null for none. */
    @Nullable
    NodeId carrierOf(Prefix prefix, int viewer) {
        int place = rules.place(prefix);
        return place < 0 ? null : id(carrierFor(place, viewer));
    }

    /** The number of the node at a place; null for -1. */
    @Nullable
    NodeId id(int place) {
        return place < 0 ? null : rules.nodes().get(place).id();
    }
}
