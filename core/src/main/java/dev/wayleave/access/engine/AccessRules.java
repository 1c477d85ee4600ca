package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableList;
import dev.wayleave.access.AddressPattern;
import dev.wayleave.access.ExitRule;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The rules that hold at each node of a tailnet: the policy's {@code acls} and {@code grants}, compiled.
 *
 * <p>Immutable and safe for use by several threads; nothing blocks. What it says depends on the policy, the users, the
 * nodes and their effective routes, and never on which nodes are online, healthy or primary: an offline router keeps
 * its packet filter.
 *
 * <p>It follows rules 3 to 5 and 9 of the README of the recorded answers; what these leave open is settled in
 * {@code DECISIONS.md}. Every rule has a number, from 0 to {@link #count()} less one: the entries of {@code grants},
 * then those of {@code acls}, then one for each user where {@code autogroup:self} is used.
 *
 * <p><b>How rules are compiled.</b> A set of rules is a set of these numbers, so that "does a rule lead from here to
 * there" is the question whether two sets meet. The compiler turns the policy around, and then works from the addresses
 * inwards:
 *
 * <pre>
 *   policy, users ──► index: from an owner, an address or a prefix to the rules that name it
 *                       │
 *        ┌──────────────┼─────────────────────────────┐
 *        ▼              ▼                             ▼
 *   1. naming      2. each subnet prefix         3. each node
 *   of each node:  prefix source rules: some     source rules: its own, and the prefix source rules of the
 *   the rules that address of it is a source     prefixes behind it
 *   have it as a   plain rules: a destination    destination rules: they open its own addresses, a prefix
 *   source         overlaps it                   behind it, or the internet
 *                  via rules: the same, at       exit rules: they let a source use its exit routes
 *                  routers with a tag only
 * </pre>
 *
 * <p>A prefix that lies in a node's way is asked with the node: a rule for {@code 10.1.0.0/16} concerns each router of
 * {@code 10.0.0.0/8}. The packet filter of a node is written from its destination rules, when it is first asked for.
 */
public final class AccessRules {

    final PolicyIndex index;
    final ExitRule exitRule;
    final NodeIndex nodeIndex;
    private final ImmutableList<NodeAccess> nodes;
    private final ImmutableList<PrefixAccess> prefixes;
    private final FilterWriter filters;

    AccessRules(
            PolicyIndex index,
            ExitRule exitRule,
            NodeIndex nodeIndex,
            ImmutableList<NodeAccess> nodes,
            ImmutableList<PrefixAccess> prefixes) {
        this.index = index;
        this.exitRule = exitRule;
        this.nodeIndex = nodeIndex;
        this.nodes = nodes;
        this.prefixes = prefixes;
        this.filters = new FilterWriter(this);
    }

    /** The same nodes with other routes, under the same policy: their spelling in filters stands. */
    AccessRules(
            AccessRules before,
            NodeIndex nodeIndex,
            ImmutableList<NodeAccess> nodes,
            ImmutableList<PrefixAccess> prefixes) {
        this.index = before.index;
        this.exitRule = before.exitRule;
        this.nodeIndex = nodeIndex;
        this.nodes = nodes;
        this.prefixes = prefixes;
        this.filters = new FilterWriter(this, before.filters);
    }

    /**
     * Compiles the rules of a tailnet.
     *
     * @param policy what the administrators wrote
     * @param users all users of the tailnet
     * @param nodes all nodes with their effective routes, in any order
     * @param overlay the tailnet's own ranges: {@code *} as a source stands for them, for all effective subnet routes,
     *     and for the nodes' own addresses outside of them
     * @param exitRule what lets a viewer use an exit node
     * @return the compiled rules; {@code O(nodes + prefixes · log + rules)} apart from the rules' own overlaps
     * @throws IllegalArgumentException if two nodes have the same number
     */
    public static AccessRules compile(
            RoutingPolicy policy, Users users, Collection<NodeRoutes> nodes, OverlayRanges overlay, ExitRule exitRule) {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(users, "users");
        Copies.refuseNull(nodes, "nodes");
        Objects.requireNonNull(overlay, "overlay");
        Objects.requireNonNull(exitRule, "exitRule");
        return new FullCompiler(new PolicyIndex(policy, users, overlay), exitRule, nodes).compile();
    }

    /**
     * Returns the rules of the same policy and users over other nodes or effective routes.
     *
     * @param nodes all nodes with their effective routes, in any order
     * @return what {@link #compile} returns for them, without reading the policy again
     * @throws IllegalArgumentException if two nodes have the same number
     */
    public AccessRules withNodes(Collection<NodeRoutes> nodes) {
        Copies.refuseNull(nodes, "nodes");
        return new FullCompiler(index, exitRule, nodes).compile();
    }

    /**
     * Returns the rules of the same policy, users and nodes once other routes are effective on some of these.
     *
     * @param effective for each node whose routes changed all prefixes that are effective on it now; further nodes do
     *     no harm
     * @return what {@link #withNodes} returns for all nodes. Compiled are the given nodes, the prefixes that they
     *     gained or lost, and what these concern; everything else is shared: {@code O(n)} copied references, and the
     *     rules of what is touched
     * @throws IllegalArgumentException if the tailnet does not have a node
     */
    public AccessRules withRoutes(Map<NodeId, ? extends SortedSet<Prefix>> effective) {
        Copies.refuseNull(effective, "effective");
        List<NodeRoutes> changed = new ArrayList<>();
        effective.forEach((id, prefixes) -> changed.add(new NodeRoutes(known(id).node(), prefixes)));
        return withChanged(changed);
    }

    /**
     * Returns the rules of the same policy and users once some nodes have other routes, or other facts that no rule
     * reads: names, keys and dates.
     *
     * @param changed the nodes that changed, as they are now; further nodes do no harm
     * @return what {@link #withNodes} returns for all nodes, at the cost of {@link #withRoutes}
     * @throws IllegalArgumentException if the tailnet does not have a node, or it has another owner or other addresses
     */
    public AccessRules withChanged(Collection<NodeRoutes> changed) {
        Copies.refuseNull(changed, "changed");
        TreeMap<Integer, NodeRoutes> given = new TreeMap<>();
        for (NodeRoutes now : changed) {
            Node node = now.node();
            NodeRoutes old = known(node.id());
            if (!node.owner().equals(old.node().owner())
                    || !node.addresses().equals(old.node().addresses())) {
                throw new IllegalArgumentException("node " + node.id()
                        + " has another owner or other addresses than before: compile the rules of all nodes");
            }
            if (!now.equals(old)) {
                given.put(place(node.id()), now);
            }
        }
        return given.isEmpty() ? this : new RouteCompiler(this, given).compile();
    }

    private NodeRoutes known(NodeId id) {
        int place = place(id);
        if (place < 0) {
            throw new IllegalArgumentException("node " + id + " is not in the tailnet: compile the rules of all nodes");
        }
        return nodes.get(place).routes();
    }

    /**
     * Tells whether other rules were compiled from the same policy, so that their numbers and {@link RuleSet}s mean the
     * same.
     *
     * @param other rules of the same tailnet
     * @return true if policy, users, overlay and exit rule are those of the other; {@code O(1)} if one came from the
     *     other by {@link #withNodes} or {@link #withRoutes}, else {@code O(n)} in the size of the policy
     */
    public boolean hasPolicyOf(AccessRules other) {
        Objects.requireNonNull(other, "other");
        return exitRule == other.exitRule && index.isOfThePolicyOf(other.index);
    }

    /**
     * Tells whether other rules came from these by {@link #withRoutes} or {@link #withChanged}, or the other way round:
     * then they are about the same nodes in the same places, and a {@link NodeAccess} or {@link PrefixAccess} that is
     * the same object in both says that nothing about it changed.
     *
     * @param other rules of the same tailnet
     * @return true if at most effective routes, and facts that no rule reads, changed
     */
    public boolean hasNodesOf(AccessRules other) {
        Objects.requireNonNull(other, "other");
        return nodeIndex.hasNodesOf(other.nodeIndex);
    }

    /**
     * {@return the number of rules; 0 if no node may reach another}
     */
    public int count() {
        return index.numbers();
    }

    /** The entry of the policy for which the rule with a number stands. */
    public RuleId id(int rule) {
        return index.rule(rule).id();
    }

    /** Whether the rule with a number has {@code via}, so that it holds only at nodes with one of those tags. */
    public boolean isVia(int rule) {
        return index.rule(rule).isVia();
    }

    /** The tags in {@code via} of the rule with a number; empty for a rule without {@code via}. */
    public SortedSet<Tag> via(int rule) {
        return index.rule(rule).via();
    }

    /**
     * Returns the part of the public internet for which a rule shows an exit route. Every exit node opens a public
     * destination, and shows both its exit routes for it, also where a subnet route carries that destination.
     *
     * @param rule the number of a rule in {@link NodeAccess#exit()} of the exit node
     * @param exitNode the exit node
     * @param exitRoute one of its exit routes
     * @param steered whether the viewer is steered ({@link #exitViaRules}), so that of a plain rule only destinations
     *     that hold all of the internet of a family show exit routes to it
     * @return the destination: of the route's own family if the rule has such a one, else of the other; empty if the
     *     rule is for all of the internet of that family, or for the exit node itself ({@link ExitRule#REACHABLE})
     * @throws IndexOutOfBoundsException if there is no such rule
     */
    public Optional<Prefix> publicDestination(int rule, NodeAccess exitNode, Prefix exitRoute, boolean steered) {
        Objects.requireNonNull(exitNode, "exitNode");
        Objects.requireNonNull(exitRoute, "exitRoute");
        return exitNode.reachable.contains(rule)
                ? Optional.empty()
                : index.publicDestination(index.rule(rule), exitRoute.isIpv4(), steered);
    }

    /**
     * {@return all nodes; in the order of their numbers; immutable}
     */
    public List<NodeAccess> nodes() {
        return nodes;
    }

    /**
     * {@return all subnet prefixes that are effective on some node; in their order; immutable}
     */
    public List<PrefixAccess> prefixes() {
        return prefixes;
    }

    /**
     * Returns a node.
     *
     * @param id its number
     * @return the node, if the tailnet has it; {@code O(log n)}
     */
    public Optional<NodeAccess> node(NodeId id) {
        Objects.requireNonNull(id, "id");
        int place = place(id);
        return place < 0 ? Optional.empty() : Optional.of(nodes.get(place));
    }

    /**
     * Returns the place of a node in {@link #nodes()}.
     *
     * @param id its number
     * @return the place, or a negative number if the tailnet does not have it; {@code O(log n)}
     */
    public int place(NodeId id) {
        Objects.requireNonNull(id, "id");
        return nodeIndex.place(id);
    }

    /**
     * Returns the place of a prefix in {@link #prefixes()}.
     *
     * @param prefix a subnet prefix
     * @return the place, or a negative number if it is effective nowhere; {@code O(log n)}
     */
    public int place(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return Collections.binarySearch(
                prefixes, prefix, (one, other) -> prefixOf(one).compareTo(prefixOf(other)));
    }

    private static Prefix prefixOf(Object element) {
        return element instanceof PrefixAccess access ? access.prefix() : (Prefix) element;
    }

    /**
     * Returns the rules that open some of a prefix at a node on which it is effective.
     *
     * @param prefix one of {@link #prefixes()}
     * @param router one of its holders
     * @return those among whose destinations at this node some overlap the prefix
     */
    public RuleSet opening(PrefixAccess prefix, NodeAccess router) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(router, "router");
        long[] bits = new long[index.words];
        prefix.plain().orInto(bits);
        nodeIndex.viaInto(bits, prefix.via, router.routes().node().owner());
        if (prefix.isPublic) {
            router.reachable.orInto(bits);
        }
        return RuleSet.of(bits);
    }

    /**
     * {@return the rules with {@code via} that lead those whom they admit to the internet; rules for {@code *}, {@code
     * autogroup:internet} or a range that holds all of the internet of its family; one for a public prefix leads to
     * that prefix alone}
     */
    public RuleSet exitViaRules() {
        return RuleSet.of(index.via.wholeInternet);
    }

    /** The packet filter of a node; {@link PacketFilter#CLOSED} for a node that the tailnet does not have. */
    public PacketFilter filter(NodeId node) {
        Objects.requireNonNull(node, "node");
        return node(node).map(filters::filter).orElse(PacketFilter.CLOSED);
    }

    /** The rules of {@link #filter} in their order, each with the entries of the policy that open it. */
    public List<ExplainedRule> explainedFilter(NodeId node) {
        Objects.requireNonNull(node, "node");
        return node(node).map(filters::explained).orElse(List.of());
    }

    /**
     * Returns the sources of a rule, as its packet filter rules write them.
     *
     * @param rule its number
     * @return sorted; empty if it names no node, so that it appears in no filter
     * @throws IndexOutOfBoundsException if there is no such rule
     */
    public List<AddressPattern> sources(int rule) {
        return filters.sourcesOf(rule);
    }

    /**
     * Asks every entry of the policy what it says of traffic at a node, so that an answer can name the entry that lets
     * it in, or the one that nearly does. An entry of which no destination there overlaps what is asked about has no
     * part in it; one with {@code via} is asked at every node, whether or not it is in force there.
     *
     * @param node the node at which the traffic arrives
     * @param source where it comes from
     * @param destination where it goes to
     * @return the entries, in the order of the policy's rules; an entry with {@code autogroup:self} beside other
     *     destinations may come twice. Empty for a node that the tailnet does not have. {@code O(entries)}, and the
     *     sources and destinations of each
     */
    public List<RuleMatch> matches(NodeId node, IpAddress source, Prefix destination) {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(destination, "destination");
        return node(node)
                .map(at -> new RuleMatcher(this, filters, at, source, destination).matches())
                .orElse(List.of());
    }

    /**
     * Returns the nodes whose packet filter changed.
     *
     * @param before earlier rules of the same tailnet
     * @return in order, new nodes that let anything in among them; filters that cannot have changed are not written
     */
    public SortedSet<NodeId> filtersChangedSince(AccessRules before) {
        Objects.requireNonNull(before, "before");
        return new FilterComparison(before, this).changed();
    }

    ImmutableList<PrefixAccess> prefixList() {
        return prefixes;
    }
}
