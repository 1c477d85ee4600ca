package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableList;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.List;

/**
 * The rules that concern one subnet prefix that is effective on some node.
 *
 * <p>Immutable and safe for use by several threads. Made by {@link AccessRules}.
 */
public final class PrefixAccess {

    private final Prefix prefix;
    private final List<NodeId> holders;
    private final RuleSet prefixSourceRules;

    private final RuleSet plain;

    /** Rules with via of which a destination overlaps the prefix; they count where the router has the tag. */
    final RuleSet via;

    /** True if the prefix overlaps the public ranges, so that {@code autogroup:internet} opens it. */
    final boolean isPublic;

    PrefixAccess(
            Prefix prefix,
            List<NodeId> holders,
            RuleSet prefixSourceRules,
            RuleSet plain,
            RuleSet via,
            boolean isPublic) {
        this.prefix = prefix;
        this.holders = ImmutableList.copyOf(holders);
        this.prefixSourceRules = prefixSourceRules;
        this.plain = plain;
        this.via = via;
        this.isPublic = isPublic;
    }

    /** The same rules with other holders. */
    PrefixAccess on(List<NodeId> others) {
        return new PrefixAccess(prefix, others, prefixSourceRules, plain, via, isPublic);
    }

    /**
     * Returns the prefix.
     *
     * @return a subnet prefix
     */
    public Prefix prefix() {
        return prefix;
    }

    /**
     * Returns the nodes on which the prefix is effective.
     *
     * @return at least one, in order
     */
    public List<NodeId> holders() {
        return holders;
    }

    /**
     * Returns the rules of which an address in the prefix is a source.
     *
     * @return rules that admit it somewhere
     */
    public RuleSet prefixSourceRules() {
        return prefixSourceRules;
    }

    /**
     * Returns the rules without {@code via} of which a destination overlaps the prefix.
     *
     * @return rules that open it at every node that has it
     */
    public RuleSet plain() {
        return plain;
    }

    /**
     * Returns the rules with {@code via} of which a destination overlaps the prefix, whether or not a node with one of
     * their tags has it.
     *
     * @return rules that lead those whom they admit to nodes with their tags
     */
    public RuleSet viaRules() {
        return via;
    }

    /**
     * Returns prefix and nodes for a person to read.
     *
     * @return for example {@code 10.0.0.0/8 on [1, 3]}
     */
    @Override
    public String toString() {
        return prefix + " on " + holders;
    }
}
