package dev.wayleave.access.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rules that hold at a node. Nodes of which all of this is equal are of one class: they see the same peers, get the
 * same routes, and are seen by the same peers.
 */
public final class NodeRules {

    /** Rules with the node's owner as a source: packet filters list the node's own addresses for them. */
    final RuleSet ownerSources;

    /** Rules of which the node, or a subnet behind it, is a source. */
    final RuleSet source;

    /** Rules that open something at the node: itself, a subnet behind it, or the internet through it. */
    final RuleSet destination;

    /** Those of {@link #destination} that name the owner of the node. */
    final RuleSet byOwner;

    /** Those of {@link #destination} that write something into the node's packet filter. */
    final RuleSet filterRules;

    /** Rules with {@code via} that hold at the node; none if it has no routes. */
    final RuleSet via;

    /** Rules that let a source use the node's exit routes. */
    final RuleSet exit;

    /** Those of {@link #exit} that do so also where a rule with {@code via} leads the source. */
    final RuleSet exitDespiteVia;

    /** Rules that open the internet because they open the node itself. */
    final RuleSet reachable;

    private final int hash;

    NodeRules(
            RuleSet ownerSources,
            RuleSet source,
            RuleSet destination,
            RuleSet byOwner,
            RuleSet filterRules,
            RuleSet via,
            RuleSet exit,
            RuleSet exitDespiteVia,
            RuleSet reachable) {
        this.ownerSources = ownerSources;
        this.source = source;
        this.destination = destination;
        this.byOwner = byOwner;
        this.filterRules = filterRules;
        this.via = via;
        this.exit = exit;
        this.exitDespiteVia = exitDespiteVia;
        this.reachable = reachable;
        this.hash = Objects.hash(
                ownerSources, source, destination, byOwner, filterRules, via, exit, exitDespiteVia, reachable);
    }

    /** {@return the rules of which the node, or a subnet behind it, is a source} */
    public RuleSet source() {
        return source;
    }

    /** {@return the rules that open something at the node: itself, a subnet behind it, or the internet through it} */
    public RuleSet destination() {
        return destination;
    }

    /** {@return the rules that let a source use the node's exit routes, unless a rule with {@code via} leads it} */
    public RuleSet exit() {
        return exit;
    }

    /** {@return those of {@link #exit} that let a source use them although a rule with {@code via} leads it} */
    public RuleSet exitDespiteVia() {
        return exitDespiteVia;
    }

    /**
     * {@return whether nodes with these rules open each prefix behind them to the same rules as nodes with the other
     * rules}
     *
     * @param other rules whose numbers mean the same
     */
    public boolean opensAlike(NodeRules other) {
        return via.equals(other.via) && reachable.equals(other.reachable);
    }

    /**
     * {@return whether nodes with these rules and nodes with the other rules see each other}
     *
     * @param other rules whose numbers mean the same
     */
    public boolean sees(NodeRules other) {
        return source.meets(other.destination) || other.source.meets(destination);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof NodeRules that
                        && hash == that.hash
                        && ownerSources.equals(that.ownerSources)
                        && source.equals(that.source)
                        && destination.equals(that.destination)
                        && byOwner.equals(that.byOwner)
                        && filterRules.equals(that.filterRules)
                        && via.equals(that.via)
                        && exit.equals(that.exit)
                        && exitDespiteVia.equals(that.exitDespiteVia)
                        && reachable.equals(that.reachable));
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
