package dev.wayleave;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Written by one step, then read-only: a step writes to a copy of its own, and once a {@link RoutingState} holds the
 * object, no field of it is written again. To undo a submission is to go back to the object from before it.
 */
final class StateFields {

    TailnetSessions sessions;

    /** Whether the row of the tailnet exists in the store, if the rows of all steps so far were written. */
    boolean hasRow;

    RoutingSettings settings;
    RoutingPolicy policy;
    Users users;

    /** The policy's approvers for these users, compiled. */
    AutoApproval autoApproval;

    TreePMap<NodeId, NodeState> nodes;
    NodeKeys keys;

    /** Subnet routes that are effective on some node. Exit routes are never elected and have no entry. */
    TreePMap<Prefix, RouteState> routes;

    /** At most one of each node. */
    TreePSet<Deadline> deadlines;

    TreePSet<FailBackDeadline> failBacks;
    LastHeardTimes heard;

    Repairs repairs;

    /**
     * The corrections that the next step has to write to the store.
     *
     * @param prefixes prefixes whose stored primary is missing or wrong: to be elected
     * @param nodes the stored rows that differ from the state: to be written again
     */
    record Repairs(SortedSet<Prefix> prefixes, SortedMap<NodeId, NodeRow> nodes) {

        static final Repairs NONE = new Repairs(ImmutableSortedSet.of(), ImmutableSortedMap.of());

        boolean isEmpty() {
            return prefixes.isEmpty() && nodes.isEmpty();
        }
    }

    /** The time at which a prefix fails back, unless an event before that time changes it. */
    record FailBackDeadline(long at, Prefix prefix) implements Comparable<FailBackDeadline> {
        @Override
        public int compareTo(FailBackDeadline other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : prefix.compareTo(other.prefix);
        }
    }

    StateFields(TailnetRow row, Users users, boolean withoutSessions, @Nullable SessionHolder self) {
        this.sessions = new TailnetSessions(row.tailnet(), withoutSessions, self, TreePMap.empty());
        this.hasRow = true;
        this.settings = row.settings();
        this.policy = row.policy();
        this.users = users;
        this.autoApproval = AutoApproval.compile(policy, users);
        this.nodes = TreePMap.empty();
        this.keys = NodeKeys.none();
        this.routes = TreePMap.empty();
        this.deadlines = TreePSet.empty();
        this.failBacks = TreePSet.empty();
        this.heard = LastHeardTimes.none();
        this.repairs = Repairs.NONE;
    }

    private StateFields(StateFields from) {
        this.sessions = from.sessions;
        this.hasRow = from.hasRow;
        this.settings = from.settings;
        this.policy = from.policy;
        this.users = from.users;
        this.autoApproval = from.autoApproval;
        this.nodes = from.nodes;
        this.keys = from.keys;
        this.routes = from.routes;
        this.deadlines = from.deadlines;
        this.failBacks = from.failBacks;
        this.heard = from.heard;
        this.repairs = from.repairs;
    }

    StateFields copy() {
        return new StateFields(this);
    }

    /** When the first session falls silent, a node is due, or a prefix fails back. */
    long nextDue() {
        long due = silentFrom(heard.earliestTime());
        if (!deadlines.isEmpty()) {
            due = Math.min(due, deadlines.first().at());
        }
        return failBacks.isEmpty() ? due : Math.min(due, failBacks.first().at());
    }

    /** When a session that was last heard at a moment is silent; never where no limit is set. */
    long silentFrom(long lastHeard) {
        return lastHeard == Deadline.NEVER || settings.silenceLimit().isEmpty()
                ? Deadline.NEVER
                : Times.plus(lastHeard, settings.silenceLimit().get());
    }
}
