package dev.wayleave;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * An index of nodes by host key and by own address, with the nodes that have a route that waits for a decision: a
 * review changes no other node. Immutable; a change copies one path of a tree.
 *
 * <p>The addresses are gathered from a whole tailnet when they are first asked for or changed: to restore a tailnet, or
 * to read it in a tool, costs nothing here.
 */
final class NodeKeys {

    private final TreePMap<String, NodeId> hostKeys;
    private final Supplier<Addresses> addresses;
    private final TreePSet<NodeId> undecided;

    private NodeKeys(TreePMap<String, NodeId> hostKeys, Supplier<Addresses> addresses, TreePSet<NodeId> undecided) {
        this.hostKeys = hostKeys;
        this.addresses = addresses;
        this.undecided = undecided;
    }

    /**
     * The nodes by their addresses. Almost every address has one node.
     *
     * @param one the node with the lowest number
     * @param several all nodes, where there are several
     */
    private record Addresses(TreePMap<IpAddress, NodeId> one, TreePMap<IpAddress, ImmutableSortedSet<NodeId>> several) {

        SortedSet<NodeId> of(IpAddress address) {
            ImmutableSortedSet<NodeId> all = several.get(address);
            NodeId only = one.get(address);
            return all != null ? all : only == null ? ImmutableSortedSet.of() : ImmutableSortedSet.of(only);
        }

        private Addresses with(IpAddress address, SortedSet<NodeId> nodes) {
            return new Addresses(
                    nodes.isEmpty() ? one.minus(address) : one.plus(address, nodes.first()),
                    nodes.size() < 2
                            ? several.minus(address)
                            : several.plus(address, ImmutableSortedSet.copyOfSorted(nodes)));
        }

        Addresses with(IpAddress address, NodeId node) {
            TreeSet<NodeId> nodes = new TreeSet<>(of(address));
            nodes.add(node);
            return with(address, nodes);
        }

        Addresses without(IpAddress address, NodeId node) {
            TreeSet<NodeId> nodes = new TreeSet<>(of(address));
            nodes.remove(node);
            return with(address, nodes);
        }
    }

    static NodeKeys none() {
        return of(TreePMap.empty(), List.of());
    }

    /** Keeps the facts until it is first asked, and not the states, which soon change. */
    static NodeKeys of(TreePMap<String, NodeId> hostKeys, List<NodeState> nodes) {
        List<Node> facts = nodes.stream().map(NodeState::facts).toList();
        List<NodeId> undecided = nodes.stream()
                .filter(node -> node.durable().hasUndecidedRoute())
                .map(NodeState::id)
                .toList();
        return new NodeKeys(hostKeys, Suppliers.memoize(() -> addresses(facts)), setOf(undecided));
    }

    private static TreePSet<NodeId> setOf(List<NodeId> nodes) {
        return TreePSet.fromSortedSet(ImmutableSortedSet.copyOf(nodes));
    }

    private static Addresses addresses(List<Node> nodes) {
        Map<IpAddress, NodeId> one = new HashMap<>(nodes.size() * 3);
        TreeMap<IpAddress, ImmutableSortedSet<NodeId>> several = new TreeMap<>();
        for (Node node : nodes) {
            for (IpAddress address : node.addresses()) {
                NodeId first = one.putIfAbsent(address, node.id());
                if (first != null) {
                    SortedSet<NodeId> all = new TreeSet<>(several.getOrDefault(address, ImmutableSortedSet.of(first)));
                    all.add(node.id());
                    several.put(address, ImmutableSortedSet.copyOfSorted(all));
                }
            }
        }
        return new Addresses(TreePMap.fromSortedMap(new TreeMap<>(one)), TreePMap.fromSortedMap(several));
    }

    @Nullable
    NodeId withHostKey(String hostKey) {
        return hostKeys.get(hostKey);
    }

    SortedSet<NodeId> withAddress(IpAddress address) {
        return addresses.get().of(address);
    }

    /** The nodes with a route that waits for a decision, in order. */
    TreePSet<NodeId> undecided() {
        return undecided;
    }

    /** After many routes were decided at once. */
    NodeKeys withUndecided(List<NodeId> nodes) {
        return nodes.size() == undecided.size() ? this : new NodeKeys(hostKeys, addresses, setOf(nodes));
    }

    /** After a node was registered, changed or removed. */
    NodeKeys after(@Nullable NodeFacts before, @Nullable NodeFacts after) {
        Node previous = before == null ? null : before.node();
        Node next = after == null ? null : after.node();
        TreePSet<NodeId> waiting = undecidedAfter(before, after);
        if (previous != null && next != null && previous.hasAddressesOf(next)) {
            return previous.hostKey().equals(next.hostKey()) && waiting.size() == undecided.size()
                    ? this
                    : new NodeKeys(hostKeysAfter(previous, next), addresses, waiting);
        }
        Addresses changed = addresses.get();
        if (previous != null) {
            for (IpAddress address : previous.addresses()) {
                changed = changed.without(address, previous.id());
            }
        }
        if (next != null) {
            for (IpAddress address : next.addresses()) {
                changed = changed.with(address, next.id());
            }
        }
        Addresses all = changed;
        return new NodeKeys(hostKeysAfter(previous, next), () -> all, waiting);
    }

    private TreePSet<NodeId> undecidedAfter(@Nullable NodeFacts before, @Nullable NodeFacts after) {
        if (after != null && after.hasUndecidedRoute()) {
            return undecided.plus(after.node().id());
        }
        return before != null && before.hasUndecidedRoute()
                ? undecided.minus(before.node().id())
                : undecided;
    }

    private TreePMap<String, NodeId> hostKeysAfter(@Nullable Node previous, @Nullable Node next) {
        String old = previous == null ? null : previous.hostKey();
        String key = next == null ? null : next.hostKey();
        TreePMap<String, NodeId> changed = hostKeys;
        if (Objects.equals(old, key)) {
            return changed;
        }
        // another node may have taken the old key in the same submission
        if (previous != null && previous.id().equals(changed.get(old))) {
            changed = changed.minus(old);
        }
        return next == null ? changed : changed.plus(key, next.id());
    }
}
