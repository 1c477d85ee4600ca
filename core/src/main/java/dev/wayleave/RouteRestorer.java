package dev.wayleave;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Lists;
import dev.wayleave.election.Candidate;
import dev.wayleave.internal.SortedPairs;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.engine.PrefixGroups;
import dev.wayleave.row.RouteRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The prefixes of a state that is made from rows: who holds each, who is a candidate, whose it is. A route is known by
 * the place of its row.
 *
 * <pre>
 *   rows, in the order of the nodes:   place        0  1  2 │ 3  4 │ 5  6
 *                                      holder       1  1  1 │ 2  - │ 3  3      - not effective, or an exit route
 *                                      candidate    ·  ·  · │      │ ·  ·
 *   groups, in that of the prefixes:   10.1.0.0/16  0, 3, 5
 *                                      10.2.0.0/16  1, 4
 * </pre>
 *
 * <p>The places of a group are in the order of the nodes, and so are its holders and candidates. Each prefix is built
 * once, and nothing is looked up or compared.
 */
final class RouteRestorer implements NodeReader.Routes {

    private final StateFields fields;
    private final @Nullable RoutingState previous;
    private final Instant now;
    private final List<RouteRow> rows;
    private final PrefixGroups groups;
    private final CandidateCache candidates = new CandidateCache();

    /** By place. */
    private final @Nullable NodeId[] holderOf;

    private final @Nullable Candidate[] candidateOf;

    /** By group: the stored primary. */
    private final @Nullable NodeId[] primaryOf;

    private final StoredPrimaries primaries;
    private final List<StateFields.FailBackDeadline> failBacks = new ArrayList<>();

    /**
     * Groups the rows.
     *
     * @param rows in the order of the nodes
     */
    RouteRestorer(StateFields fields, @Nullable RoutingState previous, Instant now, List<RouteRow> rows) {
        this.fields = fields;
        this.previous = previous;
        this.now = now;
        this.rows = rows;
        this.primaries = new StoredPrimaries(fields.settings, now);
        this.groups = PrefixGroups.of(Lists.transform(rows, RouteRow::prefix));
        this.holderOf = new NodeId[rows.size()];
        this.candidateOf = new Candidate[rows.size()];
        this.primaryOf = new NodeId[groups.count()];
    }

    /** One object for all rows that have an equal one. */
    @Override
    public Prefix prefix(int place) {
        return groups.prefix(groups.groupOf(place));
    }

    @Override
    public @Nullable NodeId primary(int place, NodeId node) {
        int group = groups.groupOf(place);
        NodeId other = primaryOf[group];
        if (other == null) {
            primaryOf[group] = node;
        }
        return other;
    }

    /** The holder is a candidate while it is present. */
    @Override
    public void hold(int place, NodeState node) {
        holderOf[place] = node.id();
        if (node.isPresent()) {
            Prefix prefix = prefix(place);
            Instant stored = node.storedSteadySince(rows.get(place));
            candidateOf[place] = stored == null
                    ? candidates.of(node, prefix, fields.settings, known(node.id(), prefix), now)
                    : candidates.of(node, prefix, fields.settings, null, stored);
        }
    }

    private @Nullable Candidate known(NodeId node, Prefix prefix) {
        RouteState route = previous == null ? null : previous.fields.routes.get(prefix);
        return route == null ? null : route.candidate(node);
    }

    /**
     * Builds all prefixes, and the times at which they fail back.
     *
     * @param nodesToRepair the nodes of which this process knows more than their rows
     */
    void build(Set<NodeId> nodesToRepair) {
        List<RouteState> routes = new ArrayList<>(groups.count());
        for (int group = 0; group < groups.count(); group++) {
            RouteState route = route(group, nodesToRepair);
            if (route != null) {
                routes.add(route);
            }
        }
        fields.routes = TreePMap.fromSortedMap(SortedPairs.of(routes, RouteState::prefix));
        fields.failBacks = TreePSet.fromSortedSet(ImmutableSortedSet.copyOf(failBacks));
    }

    /** The prefixes whose stored primary is not right. */
    SortedSet<Prefix> repairs() {
        return primaries.repairs();
    }

    /** Null if no node holds it. */
    private @Nullable RouteState route(int group, Set<NodeId> nodesToRepair) {
        Prefix prefix = groups.prefix(group);
        int size = groups.size(group);
        ImmutableList.Builder<NodeId> holders = ImmutableList.builderWithExpectedSize(size);
        ImmutableList.Builder<Candidate> present = ImmutableList.builderWithExpectedSize(size);
        for (int i = 0; i < size; i++) {
            int place = groups.place(group, i);
            NodeId holder = holderOf[place];
            Candidate candidate = candidateOf[place];
            if (holder != null) {
                holders.add(holder);
            }
            if (candidate != null) {
                present.add(candidate);
            }
        }
        RouteState held = RouteState.withoutHolders(prefix).withHolders(holders.build(), present.build());
        if (held.holders().isEmpty()) {
            return null;
        }
        boolean isElected = previous != null
                && fields.sessions.self() != null
                && held.holders().stream().noneMatch(nodesToRepair::contains);
        RouteState route = primaries.route(held, primaryOf[group], isElected);
        if (route.failBackAt() != Deadline.NEVER) {
            failBacks.add(new StateFields.FailBackDeadline(route.failBackAt(), prefix));
        }
        return route;
    }
}
