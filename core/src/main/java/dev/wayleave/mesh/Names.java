package dev.wayleave.mesh;

import java.util.Objects;
import java.util.function.Function;

/**
 * The names that texts use for the nodes of a tailnet and the entries of its policy. Every reason prints itself with
 * it: {@code text(Names)}.
 *
 * <p>Immutable and safe for use by several threads, as far as the functions of the host are. Texts hold names as they
 * are: a terminal or a page makes control characters harmless. The words of texts may change in any version; programs
 * read the values.
 */
public final class Names {

    /** Calls each node by its number, such as {@code node 3}, and knows no policy. */
    public static final Names NUMBERS = of(node -> "node " + node);

    private final Function<NodeId, String> nodes;
    private final Function<String, String> entries;
    private final boolean times;

    private Names(Function<NodeId, String> nodes, Function<String, String> entries, boolean times) {
        this.nodes = nodes;
        this.entries = entries;
        this.times = times;
    }

    /**
     * Returns names that know no policy, so that texts have only the paths of its entries.
     *
     * @param nodes returns the name of a node, even of one that the tailnet does not have; never null
     * @return the names; texts show times
     */
    public static Names of(Function<NodeId, String> nodes) {
        Objects.requireNonNull(nodes, "nodes");
        return new Names(nodes, entry -> "", true);
    }

    /**
     * Returns the same names with other names of nodes.
     *
     * @param nodes returns the name of a node; never null
     * @return the names
     */
    public Names withNodes(Function<NodeId, String> nodes) {
        Objects.requireNonNull(nodes, "nodes");
        return new Names(nodes, entries, times);
    }

    /**
     * Returns the same names with what is known about the entries of a policy.
     *
     * @param entries takes the path of an entry, and returns what texts put after it; see {@link #entry}
     * @return the names
     */
    public Names withEntries(Function<String, String> entries) {
        Objects.requireNonNull(entries, "entries");
        return new Names(nodes, entries, times);
    }

    /**
     * {@return the same names for texts that leave out when approvals were given and nodes registered, and that an
     * approval was imported} They are for a tailnet that was read in one moment, as from a file or another control
     * plane: these times are unknown, and no import took place.
     */
    public Names withoutTimes() {
        return new Names(nodes, entries, false);
    }

    /**
     * Returns the name of a node.
     *
     * @param node its number
     * @return its name; for a node that the tailnet does not have usually {@code node 3}
     * @throws NullPointerException if the function of the host returns null
     */
    public String node(NodeId node) {
        Objects.requireNonNull(node, "node");
        return Objects.requireNonNull(nodes.apply(node), "names must not return null");
    }

    /**
     * Returns what is known about an entry of the policy.
     *
     * @param path where the entry is, for example {@code grants[0]} or {@code autoApprovers.exitNode.tag:exit}
     * @return what a text puts after the path, for example {@code , line 12 (group:staff → intranet)}; empty if
     *     nothing is known
     * @throws NullPointerException if the function of the host returns null
     */
    public String entry(String path) {
        Objects.requireNonNull(path, "path");
        return Objects.requireNonNull(entries.apply(path), "entries must not return null");
    }

    /** {@return whether texts show when approvals were given and nodes registered} */
    public boolean showsTimes() {
        return times;
    }
}
