package dev.wayleave.access.engine;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The nodes of a tailnet, found by number and by own address, and what the policy says of each owner. */
final class NodeIndex {

    /** What the entries say of one owner: who may come from it, what is open at it, which via tags it has. */
    static final class OwnerRules {
        final long[] sources;
        final long[] destinations;
        final long[] via;

        OwnerRules(int words) {
            this.sources = new long[words];
            this.destinations = new long[words];
            this.via = new long[words];
        }
    }

    private record Address(IpAddress address, int place) {}

    private final PolicyIndex policy;
    final NodeRoutes[] nodes;
    private final NodeId[] ids;
    private final Address[] addresses;
    private final List<IpAddress> outside;
    private final Map<Owner, OwnerRules> owners;
    private final ListMultimap<UserId, Node> ofUser;
    private final ListMultimap<Tag, Node> ofTag;

    NodeIndex(PolicyIndex policy, Collection<NodeRoutes> routes) {
        this.policy = policy;
        this.owners = new HashMap<>();
        this.ofUser = ArrayListMultimap.create();
        this.ofTag = ArrayListMultimap.create();
        this.nodes = routes.toArray(NodeRoutes[]::new);
        Arrays.sort(nodes, Comparator.comparing(node -> node.node().id()));
        this.ids = new NodeId[nodes.length];
        int count = 0;
        for (int i = 0; i < nodes.length; i++) {
            Node node = nodes[i].node();
            ids[i] = node.id();
            if (i > 0 && ids[i].equals(ids[i - 1])) {
                throw new IllegalArgumentException("node " + ids[i] + " is given twice: give each node once");
            }
            count += (node.ipv4().isPresent() ? 1 : 0) + (node.ipv6().isPresent() ? 1 : 0);
            owners.computeIfAbsent(node.owner(), this::ownerRules);
            if (node.owner() instanceof Owner.OfUser user) {
                ofUser.put(user.id(), node);
            } else if (node.owner() instanceof Owner.Tagged tagged) {
                tagged.tags().forEach(tag -> ofTag.put(tag, node));
            }
        }
        this.addresses = new Address[count];
        int next = 0;
        for (int i = 0; i < nodes.length; i++) {
            for (IpAddress address : nodes[i].node().addresses()) {
                addresses[next++] = new Address(address, i);
            }
        }
        Arrays.sort(addresses, Comparator.comparing(Address::address));
        this.outside = Arrays.stream(addresses)
                .map(Address::address)
                .filter(address -> !policy.overlay.contains(address))
                .toList();
    }

    private NodeIndex(NodeIndex other, NodeRoutes[] nodes) {
        this.policy = other.policy;
        this.nodes = nodes;
        this.ids = other.ids;
        this.addresses = other.addresses;
        this.outside = other.outside;
        this.owners = other.owners;
        this.ofUser = other.ofUser;
        this.ofTag = other.ofTag;
    }

    /** The same nodes, some of them with other routes, by their places. */
    NodeIndex with(Map<Integer, NodeRoutes> given) {
        NodeRoutes[] next = nodes.clone();
        given.forEach((place, routes) -> next[place] = routes);
        return new NodeIndex(this, next);
    }

    /** Tells whether one of the two came from the other by {@link #with}. */
    boolean hasNodesOf(NodeIndex other) {
        return ids == other.ids;
    }

    private OwnerRules ownerRules(Owner owner) {
        OwnerRules rules = new OwnerRules(policy.entryWords);
        policy.sourceOwners.orInto(rules.sources, owner);
        policy.destinationOwners.orInto(rules.destinations, owner);
        policy.viaInto(rules.via, owner);
        return rules;
    }

    /** The owner must be one of a node here. */
    OwnerRules of(Owner owner) {
        OwnerRules rules = owners.get(owner);
        if (rules == null) {
            throw new IllegalArgumentException("no node here belongs to " + owner);
        }
        return rules;
    }

    /** Hands out the nodes of some owners; a node with several tags may come more than once. */
    void nodesOf(OwnerSet set, Consumer<Node> consumer) {
        set.users().forEach(user -> ofUser.get(user).forEach(consumer));
        set.tags().forEach(tag -> ofTag.get(tag).forEach(consumer));
        if (set.everyTag()) {
            ofTag.values().forEach(consumer);
        }
    }

    List<Node> nodesOf(UserId user) {
        return ofUser.get(user);
    }

    /** The own addresses outside the overlay, in order: {@code *} as a source spells each of them out. */
    List<IpAddress> outside() {
        return outside;
    }

    int place(NodeId id) {
        return Arrays.binarySearch(ids, id);
    }

    /** Hands out the places of the nodes of which an own address lies in a prefix; a node may come twice. */
    void nodesIn(Prefix prefix, IntConsumer consumer) {
        IpAddress last = prefix.last();
        for (int i = firstFrom(prefix.first()); i < addresses.length; i++) {
            if (addresses[i].address().compareTo(last) > 0) {
                return;
            }
            consumer.accept(addresses[i].place());
        }
    }

    private int firstFrom(IpAddress address) {
        int low = 0;
        int high = addresses.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (addresses[middle].address().compareTo(address) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Adds the rules with via that hold at nodes of an owner. */
    void viaInto(long[] bits, long[] rules, Owner owner) {
        Masks.orBoth(bits, rules, of(owner).via);
    }

    void viaInto(long[] bits, RuleSet rules, Owner owner) {
        rules.orBothInto(bits, of(owner).via);
    }

    /** Adds the rules that open nodes of an owner by naming it: tags, users, groups, autogroups, and self. */
    void openNodeInto(long[] bits, Owner owner) {
        Masks.or(bits, of(owner).destinations);
        policy.selfInto(bits, policy.selfEntryMask, owner);
    }
}
