package dev.wayleave.access.engine;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.NodeId;

/**
 * The rules that concern one node, whatever other nodes there are to meet it.
 *
 * <p>Immutable and safe for use by several threads. Made by {@link AccessRules}.
 */
public final class NodeAccess {

    private final NodeRoutes routes;
    private final RuleSet sourceRules;
    private final RuleSet destinationRules;
    private final RuleSet exit;
    private final RuleSet steeredExitRules;

    /** The rules that name the node itself as a source, whatever routes it has. */
    final AccessCompiler.Naming naming;

    /** Rules that open the internet because they open the node itself, see {@link ExitRule#REACHABLE}. */
    final RuleSet reachable;

    NodeAccess(
            NodeRoutes routes,
            AccessCompiler.Naming naming,
            RuleSet sourceRules,
            RuleSet destinationRules,
            RuleSet exit,
            RuleSet steeredExitRules,
            RuleSet reachable) {
        this.routes = routes;
        this.naming = naming;
        this.sourceRules = sourceRules;
        this.destinationRules = destinationRules;
        this.exit = exit;
        this.steeredExitRules = steeredExitRules;
        this.reachable = reachable;
    }

    /**
     * Returns the node's number.
     *
     * @return unique in the tailnet
     */
    public NodeId id() {
        return routes.node().id();
    }

    /**
     * Returns the node with its effective routes.
     *
     * @return what was given to {@link AccessRules}
     */
    public NodeRoutes routes() {
        return routes;
    }

    /**
     * Returns the rules of which the node, or a subnet behind it, is a source.
     *
     * @return rules that admit it somewhere
     */
    public RuleSet sourceRules() {
        return sourceRules;
    }

    /**
     * Returns the rules that open something at the node: itself, a subnet behind it, or the internet through it.
     *
     * @return rules that concern its packet filter or its application capabilities
     */
    public RuleSet destinationRules() {
        return destinationRules;
    }

    /**
     * Returns the rules that let those whom they admit use the node's exit routes, unless
     * {@link AccessRules#exitViaRules()} leads them elsewhere.
     *
     * @return no rule unless the node is an exit node
     */
    public RuleSet exit() {
        return exit;
    }

    /**
     * Returns the rules that let those whom they admit use the node's exit routes even if
     * {@link AccessRules#exitViaRules()} admits them too: the rules with {@code via} that hold at this node, and plain
     * rules for the whole internet.
     *
     * @return some of {@link #exit()}
     */
    public RuleSet steeredExitRules() {
        return steeredExitRules;
    }

    /**
     * Returns node and rules for a person to read.
     *
     * @return the node, and how many rules admit it and are open at it
     */
    @Override
    public String toString() {
        return routes.node() + " admitted by " + sourceRules + ", open by " + destinationRules;
    }

    /** Rules that spell out the node's own addresses among their sources. */
    RuleSet spelling() {
        return naming.spelling();
    }
}
