package dev.wayleave.visibility.engine;

import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.NodeRules;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.SortedChunks;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The views of all viewers of a tailnet at one moment, and the difference between two moments.
 *
 * <p>The views are those that were recorded from Tailscale's control plane ({@code core/CONFORMANCE.md}); {@code
 * core/DECISIONS.md} lists what is decided where the recordings leave it open.
 *
 * <p><b>How views are computed.</b> A tailnet has many nodes and few kinds of them. Two nodes are of one <em>viewer
 * class</em> if the access rules that name them as a source are the same, and so are those that name them as a
 * destination. The nodes of a class share one view, so that the cost follows the number of classes and not that of
 * nodes:
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
 *       follows only from their classes, and from no election.
 *   <li><b>Carriers.</b> Each subnet prefix has a row: the routers of the prefix, the primary first and then the
 *       candidates from the best on, each with the rules that open the prefix there. A viewer gets the prefix from the
 *       first router at which some rule lets it reach the prefix. Without such a rule the viewer still gets the prefix,
 *       from the primary, if some rule lets the addresses of the prefix reach the viewer: replies need a way back. A
 *       rule with {@code via} opens a prefix at routers with its tag only, so it leads its viewers to another router
 *       than the primary.
 *   <li><b>Co-routers.</b> A node on which the prefix is effective, too, gets it from the primary, if the primary is
 *       its peer.
 *   <li><b>Exit routes.</b> They have no election: a class may use each exit node that a rule opens to it, or, where a
 *       rule with {@code via} has the class as a source, those to which such a rule leads.
 *   <li><b>One viewer.</b> Its view is the view of its class without the node itself, and with the answers of step 3
 *       for the prefixes that are effective on it.
 * </ol>
 *
 * <p><b>What a change costs.</b> A row names rules and no viewers. So a node that joins, leaves or moves to another
 * class changes no row but those of its own prefixes, and a primary that moves makes one row anew. Versions share what
 * did not change, and {@link Difference} looks at nothing else. Each new instance computes the view of a class again at
 * its first use, in {@code O(prefixes)}.
 *
 * <p><b>Where a condition is changed.</b> A condition that hides a subnet route from a viewer belongs in
 * {@link CarrierRow} ({@code carrierFor} for one viewer, {@code served} for all classes at once). A condition of exit
 * routes belongs in {@link ExitNodes} ({@code mayUse} for one viewer, {@code users} for all classes at once), one of
 * co-routers in {@code coRouterCarrier} here. In each case change these places too:
 *
 * <ol>
 *   <li>{@code CarrierRow.isAlike}, if the condition reads another fact of a row: the method compares all facts that
 *       are read, and a row that is alike is not replaced;
 *   <li>{@code CarrierRow.reads}, if the condition reads further access rules of the viewer: the method finds the rows
 *       to compare for viewers whose access rules changed;
 *   <li>the viewer classes ({@code access.engine.NodeClasses}), if the condition reads a fact of the viewer that is not
 *       an access rule: nodes of one class share one view, so that the fact must first divide the classes;
 *   <li>{@link Explanation}, which gives the reason. A new {@code Withheld.Reason} is a record with its text, a kind in
 *       {@code docs/json.md} and {@code docs/routing-json.schema.json}, a sentence in {@code docs/views.md}, and a case
 *       in {@code TextsOfReasonsTest}. {@code foresight.ViewerImpacts.cause} must name it if a changed rule of the
 *       policy may be its cause;
 *   <li>{@code access.engine.FilterWriter}, if the packet filter changes too: it is computed apart;
 *   <li>the slow twins in the tests, {@code NaiveVisibility} and {@code NaiveFilter}, and {@code CHANGELOG.md}.
 * </ol>
 */
public final class Visibility {

    private final AccessRules rules;
    private final SortedChunks<Prefix, CarrierRow> rows;
    private final Presences presences;

    /** The views of classes by slot, each computed at its first use; two threads compute equal values. */
    private final @Nullable ViewerClassView[] views;

    private Visibility(AccessRules rules, SortedChunks<Prefix, CarrierRow> rows, Presences presences) {
        this.rules = rules;
        this.rows = rows;
        this.presences = presences;
        this.views = new ViewerClassView[rules.classes().count()];
    }

    /**
     * Computes the view (the netmap) of every viewer.
     *
     * @param rules the access rules of the tailnet
     * @param elected for each subnet prefix what the election found; a prefix that is missing is unserved
     * @param presences which nodes are online
     * @return the answers for all viewers
     * @throws IllegalArgumentException if a prefix is effective nowhere or an exit route, or a node is elected for a
     *     prefix that is not effective on it
     */
    public static Visibility of(AccessRules rules, Map<Prefix, ElectedRoute> elected, Presences presences) {
        Objects.requireNonNull(rules, "rules");
        Copies.refuseNull(elected, "elected");
        Objects.requireNonNull(presences, "presences");
        List<CarrierRow> rows = new ArrayList<>(rules.prefixes().size());
        int known = 0;
        for (PrefixAccess access : rules.prefixes()) {
            ElectedRoute route = elected.get(access.prefix());
            known += route == null ? 0 : 1;
            rows.add(CarrierRow.of(rules, access, route == null ? ElectedRoute.UNSERVED : route));
        }
        if (known < elected.size()) {
            requireEffective(rules, elected);
        }
        SortedChunks<Prefix, CarrierRow> none = SortedChunks.empty(row -> row.prefix);
        return new Visibility(rules, none.ofSorted(rows), presences);
    }

    /**
     * Returns the views after anything changed.
     *
     * @param next the access rules as they are now
     * @param elected the prefixes whose election has a new result, each with that result; those that are
     *     effective nowhere any more are left out
     * @param nextPresences which nodes are online now
     * @return what {@link #of} returns for all elections. If the rules came from {@link #rules} by
     *     {@link AccessRules#with}, computed are the rows of the given prefixes and of those whose holders changed;
     *     everything else is shared
     * @throws IllegalArgumentException if a prefix is effective nowhere or an exit route, or a node is elected for a
     *     prefix that is not effective on it – also by an earlier election that was not replaced
     */
    public Visibility with(AccessRules next, Map<Prefix, ElectedRoute> elected, Presences nextPresences) {
        Objects.requireNonNull(next, "next");
        Copies.refuseNull(elected, "elected");
        Objects.requireNonNull(nextPresences, "nextPresences");
        requireEffective(next, elected);
        if (!next.isComparableTo(rules)) {
            Map<Prefix, ElectedRoute> all = new HashMap<>();
            rows.values().forEach(row -> all.put(row.prefix, row.elected));
            all.keySet().removeIf(prefix -> next.prefix(prefix).isEmpty());
            all.putAll(elected);
            return of(next, all, nextPresences);
        }
        SortedMap<Prefix, @Nullable CarrierRow> edits = new TreeMap<>();
        for (Prefix prefix : touchedSince(next, elected.keySet())) {
            CarrierRow old = rows.get(prefix);
            PrefixAccess access = next.prefix(prefix).orElse(null);
            ElectedRoute route = elected.getOrDefault(prefix, old == null ? ElectedRoute.UNSERVED : old.elected);
            CarrierRow row = access == null ? null : CarrierRow.of(next, access, route);
            if (old == null || row == null || !row.isAlike(old)) {
                edits.put(prefix, row);
            }
        }
        return new Visibility(next, edits.isEmpty() ? rows : rows.with(edits), nextPresences);
    }

    /** The given prefixes, the changed prefixes, and all prefixes of nodes whose opening rules changed. */
    private SortedSet<Prefix> touchedSince(AccessRules next, Set<Prefix> given) {
        SortedSet<Prefix> touched = new TreeSet<>(given);
        if (next != rules) {
            next.prefixesChangedSince(rules, (old, now) -> {
                if (old != null) {
                    touched.add(old.prefix());
                } else if (now != null) {
                    touched.add(now.prefix());
                }
            });
            next.nodesChangedSince(rules, (old, now) -> {
                if (old != null && now != null && !old.rules().opensAlike(now.rules())) {
                    now.routes().effective().stream()
                            .filter(prefix -> !prefix.isExitRoute())
                            .forEach(touched::add);
                }
            });
        }
        return touched;
    }

    private static void requireEffective(AccessRules rules, Map<Prefix, ElectedRoute> elected) {
        for (Prefix prefix : elected.keySet()) {
            if (rules.prefix(prefix).isEmpty()) {
                String problem = prefix.isExitRoute()
                        ? "is an exit route, of which there is no election"
                        : "is effective on no node";
                throw new IllegalArgumentException("`" + prefix + "` " + problem + ": leave it out");
            }
        }
    }

    /**
     * Returns whose views changed, and how.
     *
     * @param before the views before
     * @param after the views now
     * @return exactly the viewers whose view changed, and how. If one of the two came from the other by {@link #with},
     *     the cost grows with what differs, and with the number of viewer classes; else all nodes are compared
     */
    public static ViewChanges difference(Visibility before, Visibility after) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        return before == after ? ViewChanges.NONE : new Difference(before.apartFrom(after), after).changes();
    }

    /** These views; the same made from nothing, if their rules cannot be compared with those of others. */
    private Visibility apartFrom(Visibility other) {
        AccessRules apart = rules.apartFrom(other.rules);
        if (apart == rules) {
            return this;
        }
        Map<Prefix, ElectedRoute> all = new HashMap<>();
        rows.values().forEach(row -> all.put(row.prefix, row.elected));
        return of(apart, all, presences);
    }

    /** {@return the access rules, as given} */
    public AccessRules rules() {
        return rules;
    }

    /** {@return which nodes are online, as given} */
    public Presences presences() {
        return presences;
    }

    /**
     * Returns what the election found for a prefix.
     *
     * @param prefix a subnet prefix
     * @return what was given; {@link ElectedRoute#UNSERVED} for a prefix that is effective nowhere
     */
    public ElectedRoute elected(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        CarrierRow row = rows.get(prefix);
        return row == null ? ElectedRoute.UNSERVED : row.elected;
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
        return rules.node(viewer).map(node -> new ComputedViewerRoutes(this, node));
    }

    /** {@return how many different viewer classes the nodes have: the cost of everything here grows with it} */
    public int viewerClassCount() {
        return rules.classes().size();
    }

    // For the rest of the package

    SortedChunks<Prefix, CarrierRow> rows() {
        return rows;
    }

    /** The rows whose primary is a node, in the order of their prefixes. */
    List<CarrierRow> carriedBy(NodeAccess node) {
        List<CarrierRow> carried = new ArrayList<>();
        for (Prefix prefix : node.routes().effective()) {
            CarrierRow row = rows.get(prefix);
            if (row != null && node.id().equals(row.primary())) {
                carried.add(row);
            }
        }
        return carried;
    }

    ViewerClassView classView(NodeRules viewer) {
        int slot = rules.classes().slot(viewer);
        ViewerClassView known = views[slot];
        if (known == null) {
            known = ViewerClassView.of(this, viewer);
            views[slot] = known;
        }
        return known;
    }

    /** The carrier of a row for a viewer, or null. One that has the prefix itself follows the primary if it sees it. */
    @Nullable
    NodeId carrierFor(CarrierRow row, NodeAccess viewer) {
        return viewer.routes().effective().contains(row.prefix)
                ? coRouterCarrier(row, viewer)
                : row.carrierFor(viewer.rules());
    }

    /** The carrier for a viewer that has the prefix itself: the primary if the viewer sees it, else null. */
    @Nullable
    NodeId coRouterCarrier(CarrierRow row, NodeAccess viewer) {
        NodeId primary = row.primary();
        return primary != null
                        && !primary.equals(viewer.id())
                        && rules.node(primary).filter(node -> viewer.sees(node)).isPresent()
                ? primary
                : null;
    }
}
