package dev.wayleave.visibility.engine;

import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The views of all viewers of a tailnet at one moment, and the difference between two moments.
 *
 * <p>Immutable and safe for use by several threads; nothing blocks. It follows rules 6 to 9 of the README of the
 * recorded answers; what these leave open is settled in {@code DECISIONS.md}.
 *
 * <p><b>How views are computed.</b> A tailnet has many nodes and few kinds of them. Two nodes are of one <em>viewer
 * class</em> if the same access rules have them as a source, and the same rules have them as a destination. The nodes
 * of a class share one view, so that the cost follows the number of classes and not that of nodes:
 *
 * <pre>
 *                  source and destination rules of each node
 *   access rules ──────────────────────────────────────────► viewer classes ──► peers, exit routes
 *        │                                                        │
 *        │ rules that open the prefix at each router              │ source rules of each class
 *        ▼                                                        ▼
 *   elections: primary and candidates of each prefix ──────► carrier rows ────► the carrier of each prefix,
 *                                                                               for each class
 * </pre>
 *
 * <ol>
 *   <li><b>Peers.</b> Two nodes see each other if some rule has one as a source and the other as a destination. That
 *       follows from their classes alone, and from no election.
 *   <li><b>Carriers.</b> Each subnet prefix has a row. The row walks the routers of the prefix, the primary first and
 *       then the candidates from the best on. It gives each router the classes that a rule lets reach the prefix there
 *       and that no router before it has taken. What is left and may be reached <em>from</em> the prefix goes to the
 *       primary: packets need a way back. A rule with {@code via} opens a prefix at routers with its tag only, so it
 *       leads its classes to another router than the primary.
 *   <li><b>Co-routers.</b> A node on which the prefix is effective itself follows the primary, if it sees it.
 *   <li><b>Exit routes.</b> They have no election: a class may use each exit node that a rule opens to it, or, where a
 *       rule with {@code via} has the class as a source, those to which such a rule leads.
 *   <li><b>One viewer.</b> Its view is the view of its class without the node itself, and with the answers of step 3
 *       for the prefixes that are effective on it.
 * </ol>
 *
 * <p><b>What a change costs.</b> A primary that moves makes one row anew, and the difference of two moments is in the
 * rows that are not the same objects. Routes that become effective, or no longer, make the rows of their prefixes anew,
 * and may move their nodes to other classes. Anything else computes all rows and classes again. Each new instance
 * computes the view of a class again at its first use, in {@code O(prefixes)}.
 *
 * <p><b>Where a rule is changed.</b> A rule that hides a subnet route from a viewer belongs in {@link CarrierRow}
 * ({@code of} for indexed viewer classes; {@code carrierFor} and {@code isWayBack} for the others). A rule about exit
 * routes belongs in {@link ViewerClasses} ({@code exitViewers}, {@code mayUseExit}), a rule about co-routers in
 * {@code coRouterCarrier} here. {@link Explanation} gives the reason ({@code Withheld}). The packet filter is computed
 * apart, by {@code access.engine.FilterWriter}. The slow twins {@code NaiveVisibility} and {@code NaiveFilter} in the
 * tests change too.
 */
public final class Visibility {

    /**
     * Rows in a chunk, as a power of two: one primary that moves copies one chunk, and a comparison skips equal ones.
     */
    private static final int CHUNK_BITS = 6;

    private final AccessRules rules;
    private final ViewerClasses viewerClasses;
    private final CarrierRow[][] chunks;

    /** The views of viewer classes, each computed at its first use; two threads compute equal values. */
    private final @Nullable ViewerClassView[] views;

    private Visibility(ViewerClasses viewerClasses, CarrierRow[][] chunks) {
        this.rules = viewerClasses.rules;
        this.viewerClasses = viewerClasses;
        this.chunks = chunks;
        this.views = new ViewerClassView[viewerClasses.count()];
    }

    /**
     * Computes the view (the netmap) of every viewer.
     *
     * @param rules the access rules of the tailnet
     * @param elected for each subnet prefix what the election found; a prefix that is missing is unserved
     * @return the answers for all viewers
     * @throws IllegalArgumentException if a prefix is effective nowhere or an exit route, or a node is elected for a
     *     prefix that is not effective on it
     */
    public static Visibility of(AccessRules rules, Map<Prefix, ElectedRoute> elected) {
        Objects.requireNonNull(rules, "rules");
        Copies.refuseNull(elected, "elected");
        requireEffective(rules, elected);
        ViewerClasses viewerClasses = new ViewerClasses(rules);
        CarrierRow[] rows = new CarrierRow[rules.prefixes().size()];
        for (int i = 0; i < rows.length; i++) {
            PrefixAccess prefix = rules.prefixes().get(i);
            rows[i] =
                    CarrierRow.of(viewerClasses, prefix, elected.getOrDefault(prefix.prefix(), ElectedRoute.UNSERVED));
        }
        return new Visibility(viewerClasses, chunks(rows));
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
     * Returns the views after new elections, under the same access rules.
     *
     * @param elected the prefixes whose election has a new result, each with that result
     * @return the new answers; {@code O(prefixes given · viewer classes)}, everything else is shared
     * @throws IllegalArgumentException if a prefix is effective nowhere or an exit route, or a node is elected for a
     *     prefix that is not effective on it
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
                    CarrierRow.of(viewerClasses, rules.prefixes().get(place), route);
        });
        return new Visibility(viewerClasses, next);
    }

    /**
     * Returns the views after some nodes gained or lost effective routes.
     *
     * @param next the access rules as they are now
     * @param elected the prefixes whose election has a new result, each with that result; those that are
     *     effective nowhere any more are left out
     * @return what {@link #of} returns for all elections. If the rules came from {@link #rules} by
     *     {@link AccessRules#withRoutes}, computed are the viewer classes of the nodes that changed and the carriers of
     *     their prefixes; everything else is shared: {@code O(nodes + prefixes)} copied references, and what is touched
     * @throws IllegalArgumentException if a prefix is effective nowhere or an exit route, or a node is elected for a
     *     prefix that is not effective on it – also by an earlier election that was not replaced
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
        ViewerClasses nextClasses = viewerClasses.with(next);
        Set<Prefix> touched = touchedSince(next);
        CarrierRow[] rows = new CarrierRow[next.prefixes().size()];
        int old = 0;
        for (int i = 0; i < rows.length; i++) {
            PrefixAccess prefix = next.prefixes().get(i);
            while (old < rules.prefixes().size() && isBefore(rules.prefixes().get(old), prefix)) {
                old++;
            }
            PrefixAccess previous =
                    old < rules.prefixes().size() ? rules.prefixes().get(old) : null;
            boolean known =
                    previous == prefix || (previous != null && previous.prefix().equals(prefix.prefix()));
            ElectedRoute route = elected.get(prefix.prefix());
            if (route == null) {
                route = known ? row(old).elected : ElectedRoute.UNSERVED;
            }
            boolean same = previous == prefix
                    && route.equals(row(old).elected)
                    && nextClasses.hasIndexOf(viewerClasses)
                    && !touched.contains(prefix.prefix());
            rows[i] = same ? row(old) : CarrierRow.of(nextClasses, prefix, route);
        }
        return new Visibility(nextClasses, chunks(rows));
    }

    private static boolean isBefore(PrefixAccess one, PrefixAccess other) {
        return one != other && one.prefix().compareTo(other.prefix()) < 0;
    }

    /**
     * The prefixes of nodes that are other objects in the next rules: what opens a prefix depends on its router too.
     */
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
     * Returns whose views changed, and how, whether or not nodes are online: {@link #difference(Visibility, Visibility,
     * Map)}.
     *
     * @param before the views before
     * @param after the views now
     * @return the difference; {@code O(nodes)} more than the other method, to find what changed about nodes
     */
    public static ViewChanges difference(Visibility before, Visibility after) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Map<NodeId, SortedSet<NodeFact>> facts = new TreeMap<>();
        if (before.rules != after.rules) {
            for (NodeAccess node : after.rules.nodes()) {
                before.rules.node(node.id()).ifPresent(old -> {
                    SortedSet<NodeFact> changed =
                            NodeFact.changed(old.routes().node(), node.routes().node());
                    if (!changed.isEmpty()) {
                        facts.put(node.id(), changed);
                    }
                });
            }
        }
        return difference(before, after, facts);
    }

    /**
     * Returns whose views changed, and how.
     *
     * @param before the views before
     * @param after the views now
     * @param facts what changed about nodes that are in both; at least one fact each
     * @return exactly the viewers whose view changed, and how; if both have the same {@link #rules()},
     *     {@code O(prefixes whose election changed · viewer classes)}. If the later came by {@link #withRoutes},
     *     {@code O(nodes)} and the views of the viewer classes that the step touched. Else – a node registered,
     *     changed or was removed, or the policy changed – all nodes, prefixes and viewer classes are compared
     */
    public static ViewChanges difference(Visibility before, Visibility after, Map<NodeId, SortedSet<NodeFact>> facts) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Copies.refuseNull(facts, "facts");
        return before.viewerClasses == after.viewerClasses
                ? new ElectionDifference(before, after, facts).changes()
                : new FullDifference(before, after, facts).changes();
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
     * Returns the view of one viewer.
     *
     * @param viewer its number
     * @return the answer, if the tailnet has the node; {@code O(prefixes)} for the first viewer of a viewer class, then
     *     {@code O(own routes)}
     */
    public Optional<ViewerRoutes> viewer(NodeId viewer) {
        Objects.requireNonNull(viewer, "viewer");
        int place = rules.place(viewer);
        return place < 0 ? Optional.empty() : Optional.of(new ComputedViewerRoutes(this, place));
    }

    /**
     * Returns how many different viewer classes the nodes have.
     *
     * @return what the cost of everything here grows with
     */
    public int viewerClassCount() {
        return (int) IntStream.range(0, viewerClasses.count())
                .filter(viewerClass -> viewerClasses.members(viewerClass).length > 0)
                .count();
    }

    // For the rest of the package

    ViewerClasses viewerClasses() {
        return viewerClasses;
    }

    ViewerClassView classView(int viewerClass) {
        ViewerClassView known = views[viewerClass];
        if (known == null) {
            known = ViewerClassView.of(this, viewerClass);
            views[viewerClass] = known;
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
        return one != other && viewerClasses.sees(viewerClasses.of(one), viewerClasses.of(other));
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
        return own ? coRouterCarrier(row, viewer) : row.carrierFor(viewerClasses, viewerClasses.of(viewer));
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
