package dev.wayleave.access.engine;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.NodeId;

/**
 * The rules that concern one node. They do not depend on the other nodes of the tailnet.
 *
 * <p>Made by {@link AccessRules}.
 */
public final class NodeAccess {

    private final NodeId id;
    private final NodeRoutes routes;

    /** The same object for all nodes of one class. */
    final NodeRules rules;

    NodeAccess(NodeRoutes routes, NodeRules rules) {
        this.id = routes.node().id();
        this.routes = routes;
        this.rules = rules;
    }

    /** {@return the node's number, unique in the tailnet} */
    public NodeId id() {
        return id;
    }

    /** {@return the node with its effective routes, as given to {@link AccessRules}} */
    public NodeRoutes routes() {
        return routes;
    }

    /** {@return the rules of which the node, or a subnet behind it, is a source: those that admit it somewhere} */
    public RuleSet sourceRules() {
        return rules.source;
    }

    /** {@return the rules that open something at the node: itself, a subnet behind it, or the internet through it} */
    public RuleSet destinationRules() {
        return rules.destination;
    }

    /**
     * {@return the rules that let those whom they admit use the node's exit routes, unless
     * {@link AccessRules#exitViaRules()} leads them elsewhere; none unless the node is an exit node}
     */
    public RuleSet exit() {
        return rules.exit;
    }

    /**
     * {@return those of {@link #exit()} that let a source use the node's exit routes even if {@link
     * AccessRules#exitViaRules()} admits it too: the rules with {@code via} that hold at this node, and plain rules for
     * the whole internet}
     */
    public RuleSet exitDespiteVia() {
        return rules.exitDespiteVia;
    }

    /** {@return the rules that hold at the node} */
    public NodeRules rules() {
        return rules;
    }

    /**
     * {@return whether some rule has one of two nodes as a source, and the other as a destination}
     *
     * @param other another node of the same tailnet
     */
    public boolean sees(NodeAccess other) {
        return rules.sees(other.rules);
    }

    /** {@return the node, and which rules admit it and are open at it, for a person to read} */
    @Override
    public String toString() {
        return routes.node() + " admitted by " + rules.source + ", open by " + rules.destination;
    }
}
