package dev.wayleave;

import dev.wayleave.approval.AutoApproval;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** The parts of a state behind variables, for one thread. */
class StateFields {

    final TailnetId tailnet;

    /** Whether somebody else hears the nodes. */
    boolean withoutSessions;

    RoutingSettings settings;
    RoutingPolicy policy;
    Users users;
    AutoApproval autoApproval;
    TreePMap<NodeId, NodeState> nodes;
    TreePMap<String, NodeId> hostKeys;
    TreePMap<Prefix, RouteState> routes;
    TreePSet<Deadline> deadlines;
    TreePSet<RoutingState.FailBackDeadline> failBacks;
    LastHeardTimes heard;
    TreePSet<Prefix> unsettled;
    TreePSet<RouteKey> unsaved;
    TreePSet<NodeId> unsavedNodes;

    StateFields(TailnetRow row, Users users) {
        this.tailnet = row.tailnet();
        this.settings = row.settings();
        this.policy = row.policy();
        this.users = users;
        this.autoApproval = AutoApproval.compile(policy, users);
        this.nodes = TreePMap.empty();
        this.hostKeys = TreePMap.empty();
        this.routes = TreePMap.empty();
        this.deadlines = TreePSet.empty();
        this.failBacks = TreePSet.empty();
        this.heard = LastHeardTimes.none();
        this.unsettled = TreePSet.empty();
        this.unsaved = TreePSet.empty();
        this.unsavedNodes = TreePSet.empty();
    }

    StateFields(RoutingState state) {
        this.tailnet = state.tailnet;
        this.withoutSessions = state.withoutSessions;
        this.settings = state.settings;
        this.policy = state.policy;
        this.users = state.users;
        this.autoApproval = state.autoApproval;
        this.nodes = state.nodes;
        this.hostKeys = state.hostKeys;
        this.routes = state.routes;
        this.deadlines = state.deadlines;
        this.failBacks = state.failBacks;
        this.heard = state.heard;
        this.unsettled = state.unsettled;
        this.unsaved = state.unsaved;
        this.unsavedNodes = state.unsavedNodes;
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
