package dev.wayleave;

import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Verdict;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.visibility.Withheld;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Whether traffic passes: yes, with the nodes that carry it and the rules that let it in; no, with what is missing and
 * the rules that come nearest; or, for a prefix, that a part of it is reachable.
 * {@link RoutingViews#can(TrafficQuestion)} makes it.
 *
 * <p>Immutable and safe for use by several threads. Reasons and notes may gain members in a minor version.
 */
public sealed interface Reachability {

    /**
     * {@return what was asked}
     */
    TrafficQuestion question();

    /**
     * {@return what else an operator should know, in a fixed order}
     */
    List<Note> notes();

    /**
     * {@return the ways that the traffic takes, by the longest match first; empty if none of it passes}
     */
    List<Path> paths();

    /**
     * {@return what keeps the traffic from passing everywhere; empty exactly if it passes}
     */
    List<Missing> missing();

    /**
     * {@return the entries of the policy that come nearest to letting pass what does not; empty if the traffic passes}
     */
    List<NearRule> near();

    /**
     * {@return the addresses of the destination to which the traffic passes}
     */
    AddressSet reachable();

    /**
     * Prints the answer.
     *
     * @param names how texts call nodes and entries of the policy
     * @param state the state of which was asked
     * @return several lines, each ending in a line feed; the first begins with {@code yes}, {@code no} or
     *     {@code partly}
     */
    default String text(Names names, RoutingState state) {
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(state, "state");
        return new ReachabilityText(names, state).of(this);
    }

    /**
     * Tells whether the traffic passes to every address that was asked about.
     *
     * @return true for {@link Yes} only
     */
    default boolean passes() {
        return this instanceof Yes;
    }

    /**
     * The traffic passes to every address of the destination.
     *
     * @param question what was asked
     * @param paths the ways that it takes, at least one
     * @param notes what else an operator should know
     */
    record Yes(TrafficQuestion question, List<Path> paths, List<Note> notes) implements Reachability {

        /**
         * Copies the lists.
         *
         * @param question what was asked
         * @param paths the ways that it takes
         * @param notes what else an operator should know
         */
        public Yes {
            Objects.requireNonNull(question, "question");
            paths = Copies.list(paths, "paths");
            notes = Copies.list(notes, "notes");
        }

        @Override
        public AddressSet reachable() {
            return AddressSet.of(question.destination());
        }

        @Override
        public List<Missing> missing() {
            return List.of();
        }

        @Override
        public List<NearRule> near() {
            return List.of();
        }
    }

    /**
     * The traffic passes to some addresses of the prefix, and not to all.
     *
     * @param question what was asked
     * @param reachable the addresses to which it passes
     * @param paths the ways that it takes, at least one
     * @param missing what keeps it from the others, at least one reason
     * @param near the rules that come nearest to letting it pass to the others
     * @param notes what else an operator should know
     */
    record Partly(
            TrafficQuestion question,
            AddressSet reachable,
            List<Path> paths,
            List<Missing> missing,
            List<NearRule> near,
            List<Note> notes)
            implements Reachability {

        /**
         * Copies the lists.
         *
         * @param question what was asked
         * @param reachable the addresses to which it passes
         * @param paths the ways that it takes
         * @param missing what keeps it from the others
         * @param near the rules that come nearest
         * @param notes what else an operator should know
         */
        public Partly {
            Objects.requireNonNull(question, "question");
            Objects.requireNonNull(reachable, "reachable");
            paths = Copies.list(paths, "paths");
            missing = Copies.list(missing, "missing");
            near = Copies.list(near, "near");
            notes = Copies.list(notes, "notes");
        }
    }

    /**
     * The traffic passes to no address of the destination.
     *
     * @param question what was asked
     * @param missing what keeps it, at least one reason
     * @param near the rules that come nearest to letting it pass
     * @param notes what else an operator should know
     */
    record No(TrafficQuestion question, List<Missing> missing, List<NearRule> near, List<Note> notes)
            implements Reachability {

        /**
         * Copies the lists.
         *
         * @param question what was asked
         * @param missing what keeps it
         * @param near the rules that come nearest
         * @param notes what else an operator should know
         */
        public No {
            Objects.requireNonNull(question, "question");
            missing = Copies.list(missing, "missing");
            near = Copies.list(near, "near");
            notes = Copies.list(notes, "notes");
        }

        @Override
        public List<Path> paths() {
            return List.of();
        }

        @Override
        public AddressSet reachable() {
            return AddressSet.empty();
        }
    }

    /**
     * A way that traffic takes.
     *
     * @param hop where the viewer sends it
     * @param destinations the addresses to which it passes this way
     * @param rules the entries of the policy that let it in there, in order; empty where no packet filter is asked
     * @param open the traffic that they let in, in their order; it says more than the question if that left protocol or
     *     port open
     */
    record Path(Hop hop, AddressSet destinations, SortedSet<RuleId> rules, List<Traffic> open) {

        /**
         * Copies the collections.
         *
         * @param hop where the viewer sends it
         * @param destinations the addresses to which it passes this way
         * @param rules the entries of the policy that let it in there
         * @param open the traffic that they let in
         */
        public Path {
            Objects.requireNonNull(hop, "hop");
            Objects.requireNonNull(destinations, "destinations");
            rules = Copies.sortedSet(rules, "rules");
            open = Copies.list(open, "open");
        }
    }

    /** Where a viewer sends traffic. */
    sealed interface Hop {

        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code exit-node}}
         */
        String kind();

        /**
         * {@return the node to which the viewer sends it; empty if that is nowhere}
         */
        default Optional<NodeId> node() {
            return Optional.empty();
        }

        /**
         * {@return the route by which the viewer sends it; empty if the address is a node's own}
         */
        default Optional<Prefix> route() {
            return Optional.empty();
        }
    }

    /** Nowhere: the address is the viewer's own. */
    record Itself() implements Hop {
        @Override
        public String kind() {
            return "itself";
        }
    }

    /**
     * Nowhere: the address lies in a network behind the viewer.
     *
     * @param prefix the viewer's own effective subnet route
     */
    record OwnNetwork(Prefix prefix) implements Hop {
        @Override
        public String kind() {
            return "own-network";
        }

        /**
         * Refuses null.
         *
         * @param prefix the viewer's own effective subnet route
         */
        public OwnNetwork {
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public Optional<Prefix> route() {
            return Optional.of(prefix);
        }
    }

    /**
     * Straight to a node: the address is the node's own.
     *
     * @param peer the node, which the viewer sees
     */
    record Peer(NodeId peer) implements Hop {
        @Override
        public String kind() {
            return "peer";
        }

        /**
         * Refuses null.
         *
         * @param peer the node, which the viewer sees
         */
        public Peer {
            Objects.requireNonNull(peer, "peer");
        }

        @Override
        public Optional<NodeId> node() {
            return Optional.of(peer);
        }
    }

    /**
     * To a router.
     *
     * @param carrier the node that carries the route for the viewer
     * @param prefix the subnet route, the longest that the viewer has for the address
     * @param primary whether the node is the tailnet's primary for it
     */
    record Router(NodeId carrier, Prefix prefix, boolean primary) implements Hop {
        @Override
        public String kind() {
            return "router";
        }

        /**
         * Refuses null.
         *
         * @param carrier the node that carries the route for the viewer
         * @param prefix the subnet route, the longest that the viewer has for the address
         * @param primary whether the node is the tailnet's primary for it
         */
        public Router {
            Objects.requireNonNull(carrier, "carrier");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public Optional<NodeId> node() {
            return Optional.of(carrier);
        }

        @Override
        public Optional<Prefix> route() {
            return Optional.of(prefix);
        }
    }

    /**
     * To an exit node, if the viewer uses that one.
     *
     * @param exitNode the exit node
     * @param prefix its exit route of the destination's family
     */
    record ExitNode(NodeId exitNode, Prefix prefix) implements Hop {
        @Override
        public String kind() {
            return "exit-node";
        }

        /**
         * Refuses null.
         *
         * @param exitNode the exit node
         * @param prefix its exit route of the destination's family
         */
        public ExitNode {
            Objects.requireNonNull(exitNode, "exitNode");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public Optional<NodeId> node() {
            return Optional.of(exitNode);
        }

        @Override
        public Optional<Prefix> route() {
            return Optional.of(prefix);
        }
    }

    /** What keeps traffic from passing. */
    sealed interface Missing {

        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code no-route}}
         */
        String kind();
    }

    /** The viewer has no address of the destination's family, so that it cannot send there. */
    record NoAddressOfFamily() implements Missing {
        @Override
        public String kind() {
            return "no-address-of-family";
        }
    }

    /**
     * No rule lets the viewer and the node that has the address see each other.
     *
     * @param node the node that has the address
     */
    record NotSeen(NodeId node) implements Missing {
        @Override
        public String kind() {
            return "not-seen";
        }

        /**
         * Refuses null.
         *
         * @param node the node that has the address
         */
        public NotSeen {
            Objects.requireNonNull(node, "node");
        }
    }

    /**
     * The viewer has a way, and no rule lets this traffic in at its end.
     *
     * @param hop a {@link Peer}, a {@link Router} or an {@link ExitNode}
     */
    record NoRuleAt(Hop hop) implements Missing {
        @Override
        public String kind() {
            return "no-rule-at";
        }

        /**
         * Refuses null.
         *
         * @param hop a {@link Peer}, a {@link Router} or an {@link ExitNode}
         */
        public NoRuleAt {
            Objects.requireNonNull(hop, "hop");
        }
    }

    /**
     * A node carries a route to the address, and the viewer does not get it.
     *
     * @param holder the node on which the route is effective
     * @param route the subnet or exit route
     * @param reason why the viewer does not get it
     */
    record RouteWithheld(NodeId holder, Prefix route, Withheld.Reason reason) implements Missing {
        @Override
        public String kind() {
            return "route-withheld";
        }

        /**
         * Refuses null.
         *
         * @param holder the node on which the route is effective
         * @param route the subnet or exit route
         * @param reason why the viewer does not get it
         */
        public RouteWithheld {
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * A node advertises a route to the address, which is not approved.
     *
     * @param node the node
     * @param route the subnet or exit route
     * @param verdict what keeps the policy from approving it
     */
    record NotApproved(NodeId node, Prefix route, Verdict verdict) implements Missing {
        @Override
        public String kind() {
            return "not-approved";
        }

        /**
         * Refuses null.
         *
         * @param node the node
         * @param route the subnet or exit route
         * @param verdict what keeps the policy from approving it
         */
        public NotApproved {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(verdict, "verdict");
        }
    }

    /**
     * No node advertises a route to the address, and no node has it.
     *
     * @param exitNode whether an exit node would do, because the destination is on the public internet
     */
    record NoRoute(boolean exitNode) implements Missing {
        @Override
        public String kind() {
            return "no-route";
        }
    }

    /**
     * The viewer is a router of this 4via6 site. It translates what arrives from the tailnet, and cannot use the
     * addresses of its own site.
     *
     * @param site the site, and the IPv4 addresses that the destination stands for
     */
    record OwnSite(Via6 site) implements Missing {
        @Override
        public String kind() {
            return "own-site";
        }

        /**
         * Refuses null.
         *
         * @param site the site, and the IPv4 addresses that the destination stands for
         */
        public OwnSite {
            Objects.requireNonNull(site, "site");
        }
    }

    /**
     * A plain rule lifted the steering: traffic that a rule with {@code via} would let in at one router goes to another
     * node, because the plain rule gives the viewer an equal or narrower prefix there.
     *
     * @param via the rule with {@code via}
     * @param router the router at which it lets this traffic in
     * @param plain the rule, without {@code via}, because of which the viewer sees the other node or has its route
     * @param carrier the other node
     */
    record SteeringLifted(RuleId via, NodeId router, RuleId plain, NodeId carrier) implements Missing {
        @Override
        public String kind() {
            return "steering-lifted";
        }

        /**
         * Refuses null.
         *
         * @param via the rule with {@code via}
         * @param router the router at which it lets this traffic in
         * @param plain the rule because of which the viewer sends the traffic elsewhere
         * @param carrier the node to which it sends it
         */
        public SteeringLifted {
            Objects.requireNonNull(via, "via");
            Objects.requireNonNull(router, "router");
            Objects.requireNonNull(plain, "plain");
            Objects.requireNonNull(carrier, "carrier");
        }
    }

    /**
     * An entry of the policy that comes nearest to letting the traffic pass: no other entry differs in fewer ways.
     *
     * @param rule the entry
     * @param differences what keeps it from letting the traffic pass, one or two
     */
    record NearRule(RuleId rule, List<Difference> differences) {

        /**
         * Copies the list.
         *
         * @param rule the entry
         * @param differences what keeps it from letting the traffic pass
         */
        public NearRule {
            Objects.requireNonNull(rule, "rule");
            differences = Copies.list(differences, "differences");
        }
    }

    /** What about an entry of the policy keeps it from letting traffic pass. */
    sealed interface Difference {

        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code other-traffic}}
         */
        String kind();
    }

    /**
     * It is for other sources.
     *
     * @param sources its sources, in the order of the policy
     */
    record OtherSources(List<Selector> sources) implements Difference {
        @Override
        public String kind() {
            return "other-sources";
        }

        /**
         * Copies the list.
         *
         * @param sources its sources
         */
        public OtherSources {
            sources = Copies.list(sources, "sources");
        }
    }

    /** It is for {@code autogroup:self}, which opens devices of the same user only. */
    record SameUserOnly() implements Difference {
        @Override
        public String kind() {
            return "same-user-only";
        }
    }

    /**
     * It leads through nodes with one of its tags in {@code via}, and no such node carries the traffic for the viewer.
     *
     * @param tags the tags in {@code via}
     * @param nodes the nodes that have one of the tags
     */
    record ThroughTags(SortedSet<Tag> tags, SortedSet<NodeId> nodes) implements Difference {
        @Override
        public String kind() {
            return "through-tags";
        }

        /**
         * Copies the sets.
         *
         * @param tags the tags in {@code via}
         * @param nodes the nodes that have one of the tags
         */
        public ThroughTags {
            tags = Copies.sortedSet(tags, "tags");
            nodes = Copies.sortedSet(nodes, "nodes");
        }
    }

    /**
     * It opens other traffic.
     *
     * @param open the traffic that it lets in, in the order of the policy
     */
    record OtherTraffic(List<Traffic> open) implements Difference {
        @Override
        public String kind() {
            return "other-traffic";
        }

        /**
         * Copies the list.
         *
         * @param open the traffic that it lets in
         */
        public OtherTraffic {
            open = Copies.list(open, "open");
        }
    }

    /** It gives capabilities ({@code app}), and opens no traffic. */
    record CapabilitiesOnly() implements Difference {
        @Override
        public String kind() {
            return "capabilities-only";
        }
    }

    /**
     * It opens other addresses behind the same router.
     *
     * @param open the addresses of the route that it opens
     */
    record OtherAddresses(AddressSet open) implements Difference {
        @Override
        public String kind() {
            return "other-addresses";
        }

        /**
         * Refuses null.
         *
         * @param open the addresses of the route that it opens
         */
        public OtherAddresses {
            Objects.requireNonNull(open, "open");
        }
    }

    /** What an operator should know beside the answer. */
    sealed interface Note {

        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code carrier-offline}}
         */
        String kind();
    }

    /**
     * A protocol of the other family was asked about; the question means a ping.
     *
     * @param asked the protocol that was asked about
     * @param meant the protocol that goes to the destination
     */
    record PingOfFamily(Protocol asked, Protocol meant) implements Note {
        @Override
        public String kind() {
            return "ping-of-family";
        }

        /**
         * Refuses null.
         *
         * @param asked the protocol that was asked about
         * @param meant the protocol that goes to the destination
         */
        public PingOfFamily {
            Objects.requireNonNull(asked, "asked");
            Objects.requireNonNull(meant, "meant");
        }
    }

    /**
     * The destination is a 4via6 address.
     *
     * @param site the site, and the IPv4 addresses that it stands for
     */
    record MapsToSite(Via6 site) implements Note {
        @Override
        public String kind() {
            return "maps-to-site";
        }

        /**
         * Refuses null.
         *
         * @param site the site, and the IPv4 addresses that it stands for
         */
        public MapsToSite {
            Objects.requireNonNull(site, "site");
        }
    }

    /**
     * The IPv4 addresses that were asked about exist at a 4via6 site too, under another address.
     *
     * @param site the site and the IPv4 addresses; {@link Via6#toPrefix} is what to ask for
     * @param routers the nodes on which a route to it is effective, at least one
     */
    record ExistsAtSite(Via6 site, SortedSet<NodeId> routers) implements Note {
        @Override
        public String kind() {
            return "exists-at-site";
        }

        /**
         * Copies the set.
         *
         * @param site the site and the IPv4 addresses
         * @param routers the nodes on which a route to it is effective
         */
        public ExistsAtSite {
            Objects.requireNonNull(site, "site");
            routers = Copies.sortedSet(routers, "routers");
        }
    }

    /**
     * The viewer sees exit nodes because a rule names this public destination, although a subnet route carries the
     * traffic.
     *
     * @param rule the first such rule
     * @param exitNodes the exit nodes that it shows
     */
    record ExitNodesShown(RuleId rule, SortedSet<NodeId> exitNodes) implements Note {
        @Override
        public String kind() {
            return "exit-nodes-shown";
        }

        /**
         * Copies the set.
         *
         * @param rule the first such rule
         * @param exitNodes the exit nodes that it shows
         */
        public ExitNodesShown {
            Objects.requireNonNull(rule, "rule");
            exitNodes = Copies.sortedSet(exitNodes, "exitNodes");
        }
    }

    /**
     * A node on the way is offline.
     *
     * @param node the node
     */
    record CarrierOffline(NodeId node) implements Note {
        @Override
        public String kind() {
            return "carrier-offline";
        }

        /**
         * Refuses null.
         *
         * @param node the node
         */
        public CarrierOffline {
            Objects.requireNonNull(node, "node");
        }
    }
}
