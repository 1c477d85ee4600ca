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

/**
 * Which node has which host key, and which nodes have which own address. Immutable; a change copies one path of a tree.
 *
 * <p>The addresses are gathered from a whole tailnet when they are first asked for or changed: to restore a tailnet, or
 * to read it in a tool, costs nothing here.
 */
final class NodeKeys {

    private final TreePMap<String, NodeId> hostKeys;
    private final Supplier<Addresses> addresses;

    private NodeKeys(TreePMap<String, NodeId> hostKeys, Supplier<Addresses> addresses) {
        this.hostKeys = hostKeys;
        this.addresses = addresses;
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

    /** Keeps the facts until it is first asked, and not the states: those are soon others. */
    static NodeKeys of(TreePMap<String, NodeId> hostKeys, List<NodeState> nodes) {
        List<Node> facts = nodes.stream().map(NodeState::facts).toList();
        return new NodeKeys(hostKeys, Suppliers.memoize(() -> addresses(facts)));
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

    /** After a node came, changed or went. */
    NodeKeys after(@Nullable Node previous, @Nullable Node next) {
        if (previous != null && next != null && previous.hasAddressesOf(next)) {
            return previous.hostKey().equals(next.hostKey())
                    ? this
                    : new NodeKeys(hostKeysAfter(previous, next), addresses);
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
        return new NodeKeys(hostKeysAfter(previous, next), () -> all);
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
