package dev.wayleave;

import dev.wayleave.approval.AutoApproval;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** The parts of a state behind variables, for one thread. */
class Parts {

    final TailnetId tailnet;
    RoutingSettings settings;
    RoutingPolicy policy;
    Users users;
    AutoApproval autoApproval;
    TreePMap<NodeId, NodeState> nodes = TreePMap.empty();
    TreePMap<String, NodeId> hostKeys = TreePMap.empty();
    TreePMap<Prefix, RouteState> routes = TreePMap.empty();
    TreePSet<Deadline> deadlines = TreePSet.empty();
    TreePSet<RoutingState.FailBackDeadline> failBacks = TreePSet.empty();
    HeardTimes heard = HeardTimes.none();
    TreePSet<Prefix> unsettled = TreePSet.empty();
    TreePSet<RouteRow.Key> unsaved = TreePSet.empty();
    TreePSet<NodeId> unsavedNodes = TreePSet.empty();

    Parts(TailnetRow row, Users users) {
        this.tailnet = row.tailnet();
        this.settings = row.settings();
        this.policy = row.policy();
        this.users = users;
        this.autoApproval = AutoApproval.compile(policy, users);
    }

    Parts(RoutingState state) {
        this.tailnet = state.tailnet;
        this.settings = state.settings;
        this.policy = state.policy;
        this.users = state.users;
        this.autoApproval = state.autoApproval;
        load(state);
    }

    /** Goes back to a state of the same tailnet. */
    final void load(RoutingState state) {
        settings = state.settings;
        policy = state.policy;
        users = state.users;
        autoApproval = state.autoApproval;
        nodes = state.nodes;
        hostKeys = state.hostKeys;
        routes = state.routes;
        deadlines = state.deadlines;
        failBacks = state.failBacks;
        heard = state.heard;
        unsettled = state.unsettled;
        unsaved = state.unsaved;
        unsavedNodes = state.unsavedNodes;
    }
}
