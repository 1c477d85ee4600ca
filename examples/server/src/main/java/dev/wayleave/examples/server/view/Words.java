package dev.wayleave.examples.server.view;

import dev.wayleave.RoutingState;
import dev.wayleave.approval.Verdict;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.Locale;

/** Says in English what happened, with the names of nodes; the library says why. It decides nothing. */
public final class Words {

    private final Names names;

    /** With the nodes that there are, and those that there were. */
    Words(RoutingState state, RoutingState before) {
        this.names = state.names(before);
    }

    public Words(RoutingState state) {
        this(state, state);
    }

    /** The name of a node, also of one that is gone. */
    public String name(NodeId node) {
        return names.node(node);
    }

    /** With the entries of the policy. */
    public Names names() {
        return names;
    }

    /** Why a route is approved, or is not. */
    public String of(Verdict verdict) {
        return (verdict instanceof Verdict.AlreadyApproved ? "approved " : "") + verdict.text(names);
    }

    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
