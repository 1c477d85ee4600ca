package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.NodeState;
import dev.wayleave.RouteState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.Candidate;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Computes what would follow if nodes went down: which prefixes fail over, and which routes viewers lose.
 *
 * <p>A node goes down by losing its session for longer than its grace, while nothing else happens and no time passes:
 * see {@link #failoverAfter} and {@link #failoverAfterSilence}. Nodes that are down already make no difference.
 *
 * <p>Each question costs a step and the difference of the views, and what it lists; an outage of exit nodes costs two.
 */
public final class WhatIf {

    static final Actor ACTOR = new Actor("what-if");
    private static final SessionId SESSION = new SessionId("what-if");

    /** The greatest damage first; then the most prefixes unserved, the most failovers, and the nodes in order. */
    private static final Comparator<Outage> ORDER = Comparator.comparing((Outage outage) -> -outage.damage())
            .thenComparing(outage -> -outage.unserved().size())
            .thenComparing(outage -> -outage.failovers().size())
            .thenComparing(outage -> outage.nodes().first())
            .thenComparing(outage -> outage.nodes().last());

    private final RoutingViews views;

    /** The same tailnet without a grace: who loses a session is down at once. */
    private final RoutingViews withoutGrace;

    private final PresentNodes present;

    private WhatIf(RoutingViews views, RoutingViews withoutGrace) {
        this.views = views;
        this.withoutGrace = withoutGrace;
        this.present = new PresentNodes(views.state());
    }

    /**
     * Prepares questions about a tailnet. {@code O(nodes)}.
     *
     * @param views the tailnet as it is
     * @return what answers them
     */
    public static WhatIf of(RoutingViews views) {
        Objects.requireNonNull(views, "views");
        RoutingState state = views.state();
        Command settings = new Command.SetSettings(
                state.settings().toBuilder().grace(Duration.ZERO).build());
        return new WhatIf(
                views, views.after(Routing.step(state, List.of(Submission.of(ACTOR, settings)), state.now())));
    }

    /**
     * Works out what follows if some nodes go down together.
     *
     * @param nodes the nodes; those that the tailnet does not have make no difference
     * @return the plan of it, in a tailnet whose grace is over
     */
    public RoutePlan down(Collection<NodeId> nodes) {
        Copies.refuseNull(nodes, "nodes");
        List<Submission> submissions = new ArrayList<>();
        for (NodeId id : new TreeSet<>(nodes)) {
            withoutGrace.state().node(id).ifPresent(node -> submissions.add(goesDown(node)));
        }
        return RoutePlan.of(withoutGrace, submissions, withoutGrace.state().now());
    }

    /** A node in its grace has no session to end, or one that fell silent already: it gets a new one first. */
    private static Submission goesDown(NodeState node) {
        SessionId session = node.liveness() == Liveness.ONLINE ? node.session().orElse(SESSION) : SESSION;
        Command end = new Command.DisconnectSession(node.id(), session);
        return session.equals(SESSION)
                ? Submission.of(ACTOR, new Command.ConnectSession(node.id(), SESSION), end)
                : Submission.of(ACTOR, end);
    }

    /**
     * Works out what follows if a user is gone and takes the user's nodes along.
     *
     * @param user the user
     * @return the plan of it: the user's nodes are removed, then the user
     */
    public RoutePlan userGone(UserId user) {
        Objects.requireNonNull(user, "user");
        RoutingState state = views.state();
        List<Submission> submissions = new ArrayList<>();
        for (NodeState node : state.nodes().values()) {
            if (node.facts().owner().equals(new Owner.OfUser(user))) {
                submissions.add(Submission.of(ACTOR, new Command.RemoveNode(node.id())));
            }
        }
        List<User> others = state.users().all().stream()
                .filter(each -> !each.id().equals(user))
                .toList();
        submissions.add(Submission.of(ACTOR, new Command.SetUsers(Users.of(others))));
        return RoutePlan.of(views, submissions, state.now());
    }

    /**
     * Sums up an outage.
     *
     * @param nodes the nodes that go down
     * @return what fails over, and what is lost
     */
    public Outage outage(Collection<NodeId> nodes) {
        return outage(nodes, down(nodes));
    }

    /**
     * Sums up a plan that takes nodes away.
     *
     * @param nodes the nodes
     * @param plan what follows, in this tailnet
     * @return what fails over, and what is lost
     */
    public Outage outage(Collection<NodeId> nodes, RoutePlan plan) {
        Copies.refuseNull(nodes, "nodes");
        Objects.requireNonNull(plan, "plan");
        return OutageSum.of(plan, nodes, present);
    }

    /**
     * {@return for each node that carries a route, what follows if only this node goes down: the greatest damage first}
     */
    public List<Outage> eachRouter() {
        return views.state().nodes().values().stream()
                .filter(node -> !node.effective().isEmpty())
                .map(node -> outage(List.of(node.id())))
                .sorted(ORDER)
                .toList();
    }

    /**
     * {@return for each two nodes that can carry the same prefix, or that are the only ones to offer an exit route,
     * what follows if both go down: the greatest damage first}
     */
    public List<Outage> eachPair() {
        SortedMap<NodeId, SortedSet<NodeId>> pairs = new TreeMap<>();
        for (RouteState route : views.state().routes().values()) {
            List<NodeId> routers = routers(route);
            for (int i = 0; i < routers.size(); i++) {
                for (NodeId other : routers.subList(i + 1, routers.size())) {
                    pairs.computeIfAbsent(routers.get(i), n -> new TreeSet<>()).add(other);
                }
            }
        }
        for (SortedSet<NodeId> exits : present.exitNodes().values()) {
            if (exits.size() == 2) {
                pairs.computeIfAbsent(exits.first(), n -> new TreeSet<>()).add(exits.last());
            }
        }
        List<Outage> outages = new ArrayList<>();
        pairs.forEach((one, others) -> others.forEach(other -> outages.add(outage(List.of(one, other)))));
        outages.sort(ORDER);
        return List.copyOf(outages);
    }

    /**
     * {@return the prefixes and exit routes that depend on one router, or on routers of one user or with one tag, by
     * prefix}
     */
    public List<RouteRisk> risks() {
        List<RouteRisk> risks = new ArrayList<>();
        present.exitNodes().forEach((exit, nodes) -> addRisk(risks, exit, List.copyOf(nodes)));
        views.state().routes().forEach((prefix, route) -> addRisk(risks, prefix, routers(route)));
        risks.sort(Comparator.comparing(RouteRisk::prefix));
        return List.copyOf(risks);
    }

    private void addRisk(List<RouteRisk> risks, Prefix prefix, List<NodeId> routers) {
        if (routers.size() == 1) {
            risks.add(new RouteRisk.SingleRouter(prefix, routers.get(0)));
        } else if (!routers.isEmpty()) {
            Owner owner = commonOwner(routers);
            if (owner != null) {
                risks.add(new RouteRisk.SharedFate(prefix, ImmutableSortedSet.copyOf(routers), owner));
            }
        }
    }

    /** The user of all of them, or the tags that all of them have; null if they have neither in common. */
    private @Nullable Owner commonOwner(List<NodeId> routers) {
        List<Owner> owners = routers.stream()
                .map(node -> views.state().node(node).orElseThrow().facts().owner())
                .distinct()
                .toList();
        Owner first = owners.get(0);
        if (owners.size() == 1) {
            return first;
        }
        SortedSet<Tag> common = new TreeSet<>(first instanceof Owner.Tagged tagged ? tagged.tags() : List.of());
        owners.forEach(owner -> common.retainAll(owner instanceof Owner.Tagged tagged ? tagged.tags() : List.of()));
        return common.isEmpty() ? null : Owner.tags(common);
    }

    /** The nodes that can carry a prefix now, in order. */
    private static List<NodeId> routers(RouteState route) {
        return route.candidates().stream().map(Candidate::node).sorted().toList();
    }

    /** {@return after how long a prefix fails over when a session of its router ends: the grace} */
    public Duration failoverAfter() {
        return views.state().settings().grace();
    }

    /**
     * {@return after how long a prefix fails over when its router falls silent: the silence limit and the grace; empty
     * if silence ends no session}
     */
    public Optional<Duration> failoverAfterSilence() {
        return views.state().settings().silenceLimit().map(limit -> limit.plus(failoverAfter()));
    }

    /**
     * {@return in how much time prefixes fail over or are lost, for example {@code a prefix fails over or is lost 15 s
     * after the session of its router ends, and 145 s after a router falls silent}}
     */
    public String failoverText() {
        String silence = failoverAfterSilence()
                .map(time -> ", and " + time.toSeconds() + " s after a router falls silent")
                .orElse("; a router that falls silent keeps its prefixes, because the tailnet has no silence limit");
        return "a prefix fails over or is lost " + failoverAfter().toSeconds()
                + " s after the session of its router ends" + silence;
    }

    /** {@return in a sentence, when a prefix moves from a node that is removed, as in {@link #userGone}} */
    public static String removalText() {
        return "the nodes are removed at once: there is no grace";
    }
}
