package dev.wayleave;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.explanation.TrafficQuestionException;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.ViewerRoutes;
import dev.wayleave.visibility.engine.ElectedRoute;
import dev.wayleave.visibility.engine.Presences;
import dev.wayleave.visibility.engine.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A state with the view (the netmap) of every node in it: its peers, their routes and its packet filter.
 *
 * <p>A host makes one when it starts, takes the next one after each step, and sends the difference:
 *
 * <pre>{@code
 * RoutingViews views = RoutingViews.of(state);
 * …
 * Step step = Routing.step(views.state(), submissions, now);
 * RoutingViews next = views.after(step);
 * ViewChanges changes = next.changesSince(views);
 * }</pre>
 *
 * <p>A host may also take several steps and compute one difference: keep the views that were sent last, and call
 * {@link #forState} with the newest state.
 */
public final class RoutingViews {

    private final RoutingState state;
    private final Visibility visibility;

    private RoutingViews(RoutingState state, Visibility visibility) {
        this.state = state;
        this.visibility = visibility;
    }

    /**
     * Computes the views of every node.
     *
     * @param state what is known
     * @return the views of that state; {@code O(nodes + prefixes · viewer classes)}
     */
    public static RoutingViews of(RoutingState state) {
        Objects.requireNonNull(state, "state");
        AccessRules rules = AccessRules.compile(
                state.policy(),
                state.users(),
                allNodes(state),
                state.settings().overlay(),
                state.settings().exit());
        return new RoutingViews(state, Visibility.of(rules, allElectionResults(state), allPresences(state)));
    }

    /**
     * Returns the views after a step. The cost grows with what the step touched. The method computes again only
     *
     * <ul>
     *   <li>the rules of nodes that were registered or changed;
     *   <li>the carriers of prefixes whose candidates or primary changed;
     *   <li>if an address of a changed node lies inside a prefix: the rules of the nodes that hold that prefix;
     *   <li>after a change of the policy or the users: the nodes and prefixes that an added or removed rule concerns.
     * </ul>
     *
     * <p>Everything else is shared with these views. A step that changes the overlay or the exit rule costs what
     * {@link #of} does. One that changes the election order reads the candidates of every prefix again.
     *
     * <p>If anything changed, the first call of {@link #viewer} for each viewer class computes the view of the class,
     * in {@code O(prefixes)}.
     *
     * @param step a step that was taken from {@link #state()}; for a step from another state the result is undefined
     * @return the views of {@link Step#next()}, with the same answers as those of {@link #of}
     */
    public RoutingViews after(Step step) {
        Objects.requireNonNull(step, "step");
        return after(step.next(), step.touched());
    }

    /**
     * Returns the views after a step, or after {@link Routing#follow}, at the cost of {@link #after(Step)}.
     *
     * @param next the state that followed from {@link #state()}
     * @param touched the nodes and prefixes that were touched from that state to this one
     * @return the views of that state
     */
    public RoutingViews after(RoutingState next, TouchedKeys touched) {
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(touched, "touched");
        return new RoutingViews(next, touched.isEmpty() ? visibility : visibilityAfter(next, touched));
    }

    private Visibility visibilityAfter(RoutingState next, TouchedKeys touched) {
        if (!hasSameOverlayAndExitRule(next.settings())) {
            return of(next).visibility;
        }
        List<NodeRoutes> changed = new ArrayList<>();
        List<NodeId> removed = new ArrayList<>();
        Map<NodeId, Optional<Boolean>> presences = new TreeMap<>();
        for (NodeId id : touched.nodes()) {
            NodeState node = next.nodes().get(id);
            presences.put(id, online(node));
            if (node == null) {
                removed.add(id);
            } else {
                changed.add(routes(node));
            }
        }
        touched.presence().forEach(id -> presences.put(id, online(next.nodes().get(id))));
        boolean reordered = next.settings().election().order()
                != state.settings().election().order();
        Map<Prefix, ElectedRoute> elected =
                reordered ? allElectionResults(next) : electionResults(next, touched.prefixes());
        AccessRules rules = rulesWithPolicyOf(next).with(changed, removed);
        Presences nextPresences = visibility.presences().with(presences);
        return rules == visibility.rules() && elected.isEmpty() && nextPresences == visibility.presences()
                ? visibility
                : visibility.with(rules, elected, nextPresences);
    }

    /**
     * The rules of the nodes of these views, compiled with the policy and the users of another state. Both are compared
     * by value: the rows of another process may replace them by equal ones.
     */
    private AccessRules rulesWithPolicyOf(RoutingState other) {
        return other.policy().equals(state.policy()) && other.users().equals(state.users())
                ? visibility.rules()
                : visibility.rules().withPolicy(other.policy(), other.users());
    }

    private static Optional<Boolean> online(@Nullable NodeState node) {
        return node == null ? Optional.of(false) : node.liveness().online();
    }

    /**
     * Returns the views of any other state of the tailnet: after several steps, or after {@link RoutingState#reload}.
     * It compares all nodes and prefixes of both states, and computes again where they differ. For one step, or after
     * {@link Routing#follow}, {@link #after(RoutingState, TouchedKeys)} costs less: it looks at what was touched.
     *
     * @param other a state of the same tailnet
     * @return the views of that state, with the same answers as those of {@link #of}
     * @throws IllegalArgumentException if the state is one of another tailnet
     */
    public RoutingViews forState(RoutingState other) {
        Objects.requireNonNull(other, "other");
        requireSameTailnet(other);
        if (!hasSameOverlayAndExitRule(other.settings())) {
            return of(other);
        }
        Map<Prefix, ElectedRoute> elected = new TreeMap<>();
        allElectionResults(other).forEach((prefix, route) -> {
            if (!route.equals(visibility.elected(prefix))) {
                elected.put(prefix, route);
            }
        });
        AccessRules rules = rulesWithPolicyOf(other).withNodes(allNodes(other));
        return new RoutingViews(other, visibility.with(rules, elected, allPresences(other)));
    }

    /** {@return the state that the views were computed from} */
    public RoutingState state() {
        return state;
    }

    /**
     * Returns the peers and routes of one viewer.
     *
     * @param viewer its number
     * @return the answer, or empty if the tailnet has no such node; {@code O(prefixes)} for the first viewer of a
     *     viewer class, then {@code O(own routes)}
     */
    public Optional<ViewerRoutes> viewer(NodeId viewer) {
        return visibility.viewer(viewer);
    }

    /**
     * Returns the packet filter of a node.
     *
     * @param node its number
     * @return what the node lets in; {@link PacketFilter#CLOSED} for a node that the tailnet does not have
     */
    public PacketFilter filter(NodeId node) {
        return visibility.rules().filter(node);
    }

    /**
     * Returns the rules of a node's packet filter, each with the entries of the policy that open it.
     *
     * @param node its number
     * @return the rules of {@link #filter} in their order
     */
    public List<ExplainedRule> explainedFilter(NodeId node) {
        return visibility.rules().explainedFilter(node);
    }

    /** {@return how many different viewer classes the nodes have: the cost of views grows with it} */
    public int viewerClassCount() {
        return visibility.viewerClassCount();
    }

    private void requireSameTailnet(RoutingState other) {
        if (!other.tailnet().equals(state.tailnet())) {
            throw new IllegalArgumentException("tailnets `" + other.tailnet() + "` and `" + state.tailnet()
                    + "` have no views in common: compare views of one tailnet");
        }
    }

    Visibility visibility() {
        return visibility;
    }

    /**
     * Returns the viewers whose netmap changed, and how: their own node, their peers and whether these are online,
     * their routes, and their packet filter.
     *
     * @param earlier the views that were sent last, of the same tailnet
     * @return exactly the viewers whose answer changed, and how. After one step or many the cost grows with what they
     *     changed, and with the number of viewer classes. Peers, routes and filters of a change are listed when they
     *     are asked for
     * @throws IllegalArgumentException if the earlier views are those of another tailnet
     */
    public ViewChanges changesSince(RoutingViews earlier) {
        Objects.requireNonNull(earlier, "earlier");
        requireSameTailnet(earlier.state);
        return Visibility.difference(earlier.visibility, visibility);
    }

    /**
     * Answers whether traffic passes from a node to an address, or to every address of a prefix: see {@link
     * #can(TrafficQuestion)}.
     *
     * @param viewer the node that sends
     * @param destination one address, or a prefix of which every address is asked about
     * @param protocol the protocol; ICMP and ICMPv6 both mean a ping of the destination's family
     * @param port the destination port, 0 to 65535; not read for ICMP, 0 for another protocol without ports
     * @return the answer, or empty if the tailnet has no such viewer
     * @throws IllegalArgumentException if the port is not between 0 and 65535
     */
    public Optional<Reachability> can(NodeId viewer, Prefix destination, Protocol protocol, int port) {
        return can(TrafficQuestion.of(viewer, destination, protocol, port));
    }

    /**
     * Answers whether traffic passes, which way and by which rules, or what is missing. The viewer sends each address
     * of the destination by the longest match: to itself, to a peer that has the address, to the carrier of a subnet
     * route, or to any of the exit nodes that it may use. There a rule of the policy has to let it in. Whether a node
     * on the way is online is a note and no part of the answer.
     *
     * <p>Cost: {@code O(nodes + routes of the viewer + entries of the policy)} for an address that is reached; for one
     * that is not, the entries are asked again at each node that could carry it. Nothing is compiled, and nothing is
     * kept.
     *
     * @param question what is asked
     * @return the answer, or empty if the tailnet has no such viewer
     */
    public Optional<Reachability> can(TrafficQuestion question) {
        Objects.requireNonNull(question, "question");
        return visibility.viewer(question.viewer()).map(view -> new TrafficTracer(this, view, question).trace());
    }

    /**
     * Reads a question for {@link #can(TrafficQuestion)} as operators write it.
     *
     * @param from who sends: the name or number of a node, an address, the name of an address at a 4via6 site, or a
     *     name from the policy's {@code hosts}. An address that no node has is a host behind the primary of the
     *     narrowest route around it
     * @param to where to: as {@code from}, or a prefix; then perhaps a colon and a port, for which an IPv6 address is
     *     in brackets, as in {@code [2001:db8::1]:443}. Of a node that address is meant which has a family of the
     *     sender
     * @param protocol a name such as {@code udp} or a number; empty for {@code tcp} if there is a port, and for any
     *     traffic if not. {@code icmp} may have port 0
     * @return the question
     * @throws TrafficQuestionException if one of the texts is something else
     */
    public TrafficQuestion question(String from, String to, String protocol) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(protocol, "protocol");
        return new TrafficQuestionReader(state).read(from, to, protocol);
    }

    /** Whether the rules of access are compiled from these settings as from the present ones. */
    private boolean hasSameOverlayAndExitRule(RoutingSettings other) {
        return other.exit() == state.settings().exit()
                && other.overlay().equals(state.settings().overlay());
    }

    private static List<NodeRoutes> allNodes(RoutingState state) {
        List<NodeRoutes> nodes = new ArrayList<>(state.nodes().size());
        state.nodes().values().forEach(node -> nodes.add(routes(node)));
        return nodes;
    }

    private static Presences allPresences(RoutingState state) {
        List<NodeId> online = new ArrayList<>(state.nodes().size());
        List<NodeId> unknown = new ArrayList<>();
        state.nodes().forEach((id, node) -> {
            Optional<Boolean> presence = node.liveness().online();
            if (presence.isEmpty()) {
                unknown.add(id);
            } else if (presence.get()) {
                online.add(id);
            }
        });
        return Presences.of(online, unknown);
    }

    private static NodeRoutes routes(NodeState node) {
        return new NodeRoutes(node.facts(), node.effectiveSet());
    }

    private static Map<Prefix, ElectedRoute> allElectionResults(RoutingState state) {
        ElectionOrder order = state.settings().election().order();
        return ImmutableMap.copyOf(Maps.transformValues(state.routes(), route -> electionResult(route, order)));
    }

    private static Map<Prefix, ElectedRoute> electionResults(RoutingState state, SortedSet<Prefix> prefixes) {
        ElectionOrder order = state.settings().election().order();
        Map<Prefix, ElectedRoute> results = new TreeMap<>();
        // a prefix that is gone has no result: `Visibility.with` removes it, because the rules no longer have it
        prefixes.forEach(prefix ->
                state.route(prefix).ifPresent(route -> results.put(prefix, electionResult(route, order))));
        return results;
    }

    private static ElectedRoute electionResult(RouteState route, ElectionOrder order) {
        return ElectedRoute.of(route.primaryOrNull(), route.candidates(), order);
    }

    /** {@return the state and how many viewer classes there are, for a person to read} */
    @Override
    public String toString() {
        return state + ", " + visibility.viewerClassCount() + " viewer classes";
    }
}
