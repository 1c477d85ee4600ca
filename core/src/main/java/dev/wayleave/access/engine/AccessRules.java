package dev.wayleave.access.engine;

import com.google.common.collect.Collections2;
import dev.wayleave.access.ExitRule;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.SortedChunks;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The rules that hold at each node of a tailnet: the policy's {@code acls} and {@code grants}, compiled.
 *
 * <p>The rules depend on the policy, the users, the nodes and their effective routes, and never on which nodes are
 * online, healthy or primary: an offline router keeps its packet filter.
 *
 * <p>The rules give the answers that were recorded from Tailscale's control plane ({@code core/CONFORMANCE.md});
 * {@code core/DECISIONS.md} lists what is decided where the recordings leave it open. Every rule has a number: the
 * entries of {@code grants}, then those of {@code acls}, then, where {@code autogroup:self} is used, each such entry
 * once for each user. A rule keeps its number when the policy changes.
 *
 * <p><b>How rules are compiled.</b> A set of rules is a set of these numbers, so that "does a rule lead from here to
 * there" is the question whether two sets meet. The compiler indexes the rules by the owner, address or prefix
 * that they name, and then finds the rules of each prefix and of each node:
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
 * <p>A rule for {@code 10.1.0.0/16} concerns every router whose route {@code 10.0.0.0/8} contains that prefix. The
 * packet filter of a node is written from its destination rules, when it is first asked for.
 */
public final class AccessRules {

    final PolicyIndex index;
    final ExitRule exitRule;
    final AccessTables tables;
    final NodeClasses classes;
    final SourceSums sums;
    private final FilterWriter filters;

    AccessRules(ExitRule exitRule, AccessTables tables, NodeClasses classes, SourceSums sums) {
        this.index = tables.index();
        this.exitRule = exitRule;
        this.tables = tables;
        this.classes = classes;
        this.sums = sums;
        this.filters = new FilterWriter(this);
    }

    /** The next rules with the same rule numbers; the sources of some rules changed. */
    AccessRules(AccessRules before, AccessUpdate.Result next) {
        SourceChange sources = SourceChange.between(before.tables, next.tables());
        this.tables = next.tables();
        this.index = tables.index();
        this.exitRule = before.exitRule;
        this.classes = next.classes();
        this.sums = before.sums.with(sources, index.numbers.entries());
        this.filters = new FilterWriter(this, before.filters, sources.moved());
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
        return compile(new PolicyIndex(policy, users, overlay, null), exitRule, AccessUpdate.byId(nodes));
    }

    static AccessRules compile(PolicyIndex index, ExitRule exitRule, SortedChunks<NodeId, NodeRoutes> nodes) {
        AccessTables none = AccessTables.empty(index);
        NodeClasses classes = NodeClasses.empty(index.numbers);
        AccessUpdate.Result all = new AccessUpdate(none, classes, index, exitRule, nodes, List.of()).apply();
        return new AccessRules(exitRule, all.tables(), all.classes(), SourceSums.of(all.tables()));
    }

    /**
     * Returns the rules of the same policy and users over other nodes or effective routes.
     *
     * @param nodes all nodes with their effective routes, in any order
     * @return what {@link #compile} returns for them, at the cost of {@link #with} and of one look at each node
     * @throws IllegalArgumentException if two nodes have the same number
     */
    public AccessRules withNodes(Collection<NodeRoutes> nodes) {
        Copies.refuseNull(nodes, "nodes");
        SortedChunks<NodeId, NodeRoutes> given = AccessUpdate.byId(nodes);
        List<NodeId> removed = new ArrayList<>();
        for (NodeAccess known : tables.nodes().values()) {
            if (!given.contains(known.id())) {
                removed.add(known.id());
            }
        }
        return apply(given, removed);
    }

    /**
     * Returns the rules of the same policy and users after some nodes were added, changed in any way, or removed.
     *
     * @param changed the nodes that were added or changed, as they are now; further nodes do no harm
     * @param removed the nodes that were removed; nodes that the tailnet does not have do no harm
     * @return what {@link #compile} returns for all nodes. Compiled are the given nodes, the prefixes that they gained
     *     or lost or in which their addresses lie, and the holders of such prefixes; everything else is shared
     * @throws IllegalArgumentException if a node is given twice
     */
    public AccessRules with(Collection<NodeRoutes> changed, Collection<NodeId> removed) {
        Copies.refuseNull(changed, "changed");
        Copies.refuseNull(removed, "removed");
        SortedChunks<NodeId, NodeRoutes> given = AccessUpdate.byId(changed);
        Set<NodeId> gone = new TreeSet<>(removed);
        for (NodeId id : gone) {
            if (given.contains(id)) {
                throw AccessUpdate.givenTwice(id);
            }
        }
        gone.removeIf(id -> !tables.nodes().contains(id));
        return apply(given, gone);
    }

    private AccessRules apply(SortedChunks<NodeId, NodeRoutes> given, Collection<NodeId> removed) {
        List<NodeRoutes> differing = new ArrayList<>();
        for (NodeRoutes now : given.values()) {
            NodeAccess known = tables.nodes().get(now.node().id());
            if (known == null || !known.routes().equals(now)) {
                differing.add(now);
            }
        }
        SortedChunks<NodeId, NodeRoutes> changed = given.ofSorted(differing);
        if (changed.isEmpty() && removed.isEmpty()) {
            return this;
        }
        return new AccessRules(this, new AccessUpdate(this, index, changed, removed).apply());
    }

    /**
     * Returns the rules of the same nodes under another policy, or with other users.
     *
     * @param policy what the administrators wrote
     * @param users all users of the tailnet
     * @return what {@link #compile} returns for them. Rules that are still in the policy keep their numbers, and nodes
     *     at which the same rules hold are shared
     */
    public AccessRules withPolicy(RoutingPolicy policy, Users users) {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(users, "users");
        return new PolicyUpdate(this, new PolicyIndex(policy, users, index.overlay, index)).apply();
    }

    /**
     * {@return whether policy, users, overlay and exit rule are those of other rules; {@code O(1)} if one came from the
     * other by {@link #with}, else {@code O(n)} in the size of the policy}
     *
     * @param other rules of the same tailnet
     */
    public boolean hasPolicyOf(AccessRules other) {
        Objects.requireNonNull(other, "other");
        return exitRule == other.exitRule && index.isOfThePolicyOf(other.index);
    }

    /**
     * {@return whether the numbers of rules mean the same in other rules: both must follow from the same rules, and no
     * number may be of one rule here and of another rule there}
     *
     * @param other rules of the same tailnet
     */
    public boolean isComparableTo(AccessRules other) {
        Objects.requireNonNull(other, "other");
        return exitRule == other.exitRule && index.numbers.isComparableTo(other.index.numbers);
    }

    /**
     * {@return these rules; if they share nodes with other rules, and yet one number means one rule here and another
     * rule there, the same rules compiled from nothing}
     *
     * @param other rules of the same tailnet
     */
    public AccessRules apartFrom(AccessRules other) {
        if (isComparableTo(other) || !index.numbers.isRelatedTo(other.index.numbers)) {
            return this;
        }
        PolicyIndex anew = new PolicyIndex(index.policy, index.users, index.overlay, null);
        return compile(anew, exitRule, AccessUpdate.byId(Collections2.transform(nodes(), NodeAccess::routes)));
    }

    /**
     * {@return whether a set of these rules holds a rule of {@code other}, which may have another number there}
     *
     * @param set some of these rules
     * @param other rules of the same policy
     * @param rule the number of the rule in {@code other}
     */
    public boolean contains(RuleSet set, AccessRules other, int rule) {
        return index.numbers.contains(set, other.index.numbers, rule);
    }

    /** The entry of the policy from which the rule with a number was made. */
    public RuleId id(int rule) {
        return index.numbers.rule(rule).id();
    }

    /** The number of the first rule of the policy that is in two sets of these rules; -1 if there is none. */
    public int firstCommon(RuleSet one, RuleSet other) {
        return index.numbers.firstCommon(one, other);
    }

    /** Of the numbers of two rules the one that comes first in the policy; the first may be -1 for none. */
    public int earlier(int one, int other) {
        return one >= 0 && index.numbers.isBefore(one, other) ? one : other;
    }

    /**
     * Returns the rule because of which nodes see each other.
     *
     * @param one the rules of the first node
     * @param other the rules of the second node
     * @return the first rule that lets the first reach the second, else the first that lets the second reach the first,
     *     else -1
     */
    public int between(NodeRules one, NodeRules other) {
        int towards = firstCommon(one.source, other.destination);
        return towards >= 0 ? towards : firstCommon(other.source, one.destination);
    }

    /** The tags in {@code via} of the rule with a number; empty for a rule without {@code via}. */
    public SortedSet<Tag> via(int rule) {
        return index.numbers.rule(rule).via();
    }

    /**
     * Returns the part of the public internet for which a rule shows an exit route. Every exit node opens a public
     * destination, and shows both its exit routes for it, also where a subnet route carries that destination.
     *
     * @param rule the number of a rule in {@link NodeAccess#exit()} of the exit node
     * @param exitNode the exit node
     * @param exitRoute one of its exit routes
     * @param isLed whether a rule with {@code via} leads the viewer ({@link #exitViaRules}), so that of a plain rule
     *     only destinations that hold all of the internet of a family show exit routes to it
     * @return the destination: of the route's own family if the rule has such a one, else of the other; empty if the
     *     rule is for all of the internet of that family, or for the exit node itself ({@link ExitRule#REACHABLE})
     * @throws IndexOutOfBoundsException if there is no such rule
     */
    public Optional<Prefix> publicDestination(int rule, NodeAccess exitNode, Prefix exitRoute, boolean isLed) {
        Objects.requireNonNull(exitNode, "exitNode");
        Objects.requireNonNull(exitRoute, "exitRoute");
        return exitNode.rules.reachable.contains(rule)
                ? Optional.empty()
                : index.publicDestination(index.numbers.rule(rule), exitRoute.isIpv4(), isLed);
    }

    /** {@return all nodes, in the order of their numbers; immutable} */
    public Collection<NodeAccess> nodes() {
        return tables.nodes().values();
    }

    /** {@return all subnet prefixes that are effective on some node, in their order; immutable} */
    public Collection<PrefixAccess> prefixes() {
        return tables.prefixes().values();
    }

    /**
     * {@return the node with a number, if the tailnet has it; {@code O(log n)}}
     *
     * @param id any number
     */
    public Optional<NodeAccess> node(NodeId id) {
        Objects.requireNonNull(id, "id");
        return Optional.ofNullable(tables.nodes().get(id));
    }

    /**
     * {@return the rules that concern a subnet prefix, if it is effective on some node; {@code O(log n)}}
     *
     * @param prefix any prefix
     */
    public Optional<PrefixAccess> prefix(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return Optional.ofNullable(tables.prefixes().get(prefix));
    }

    /** {@return the nodes, grouped by the rules that hold at them} */
    public NodeClasses classes() {
        return classes;
    }

    /**
     * Hands out the nodes of which anything changed, in order.
     *
     * @param before earlier rules of the same tailnet
     * @param consumer takes each node before and after, null where it did not exist
     */
    public void nodesChangedSince(AccessRules before, SortedChunks.Difference<NodeAccess> consumer) {
        SortedChunks.difference(before.tables.nodes(), tables.nodes(), consumer);
    }

    /**
     * Hands out the prefixes of which anything changed, in order.
     *
     * @param before earlier rules of the same tailnet
     * @param consumer takes each prefix before and after, null where it was effective nowhere
     */
    public void prefixesChangedSince(AccessRules before, SortedChunks.Difference<PrefixAccess> consumer) {
        SortedChunks.difference(before.tables.prefixes(), tables.prefixes(), consumer);
    }

    /**
     * Returns the rules that open some of a prefix at a node on which it is effective.
     *
     * @param prefix one of {@link #prefixes()}
     * @param router one of its holders
     * @return those among whose destinations at this node some overlap the prefix
     */
    public RuleSet destinationRules(PrefixAccess prefix, NodeAccess router) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(router, "router");
        RuleSet rules = prefix.plain().union(prefix.viaRules().intersection(router.rules.via));
        return prefix.isPublic ? rules.union(router.rules.reachable) : rules;
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
     * Finds how every entry of the policy applies to traffic at a node, so that an answer can name the entry that lets
     * it in, or the one that nearly does. An entry of which no destination there overlaps the addresses in question is
     * left out; one with {@code via} is asked at every node, whether or not it is in force there.
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
}
