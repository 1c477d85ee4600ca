package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.visibility.RouteAnswer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Predicate;

/**
 * A plan in words, for pages, terminals and pull requests.
 *
 * <p>The words may change in any version; programs read the plan.
 */
public final class PlanText {

    /** The number of nodes that a text names. */
    private static final int NAMED = 6;

    private final RoutePlan plan;
    private final Names before;
    private final Names after;

    /**
     * Puts a plan into words.
     *
     * @param plan the plan
     * @param before how texts call nodes, and entries of the policy as it is
     * @param after how texts call nodes, and entries of the policy as it would be
     */
    public PlanText(RoutePlan plan, Names before, Names after) {
        this.plan = Objects.requireNonNull(plan, "plan");
        this.before = Objects.requireNonNull(before, "before");
        this.after = Objects.requireNonNull(after, "after");
    }

    /**
     * Puts a plan into words, with the names of its own nodes and entries.
     *
     * @param plan the plan
     * @return the words
     */
    public static PlanText of(RoutePlan plan) {
        Objects.requireNonNull(plan, "plan");
        return new PlanText(
                plan,
                plan.before().state().names(),
                plan.after().state().names(plan.before().state()));
    }

    /**
     * {@return the first six names, and how many there are more}
     *
     * @param nodes some nodes
     * @param names how the text calls them
     */
    public static String names(Collection<NodeId> nodes, Names names) {
        Copies.refuseNull(nodes, "nodes");
        Objects.requireNonNull(names, "names");
        return Texts.first(nodes, NAMED, names::node);
    }

    /**
     * {@return the first six names, and how many there are more}
     *
     * @param viewers some viewers
     * @param names how the text calls them
     */
    public static String names(Outage.Viewers viewers, Names names) {
        Objects.requireNonNull(viewers, "viewers");
        Objects.requireNonNull(names, "names");
        return Texts.first(viewers.first(), NAMED, viewers.count(), names::node);
    }

    /** {@return what the plan comes to, for example {@code 1 viewer loses routes, 4 nodes accept less traffic}} */
    public String summary() {
        List<String> parts = new ArrayList<>();
        long routes = viewersThatLose(impact -> !impact.routesLost().isEmpty());
        if (routes > 0) {
            parts.add(count(routes, "viewer") + verb(routes, " loses", " lose") + " routes");
        }
        long peers = viewersThatLose(impact -> impact.routesLost().isEmpty() && impact.isLoss());
        if (peers > 0) {
            parts.add(count(peers, "viewer") + verb(peers, " loses", " lose") + " peers but no route");
        }
        long closing = plan.traffic().stream()
                .filter(impact -> !impact.lost().isEmpty())
                .mapToLong(impact -> impact.nodes().size())
                .sum();
        if (closing > 0) {
            parts.add(count(closing, "node") + verb(closing, " accepts", " accept") + " less traffic");
        }
        int unserved = plan.unserved().size();
        if (unserved > 0) {
            parts.add(unserved == 1 ? "1 prefix becomes unserved" : unserved + " prefixes become unserved");
        }
        int staying = plan.staying().values().stream().mapToInt(Set::size).sum();
        if (staying > 0) {
            parts.add(
                    staying == 1 ? "1 prefix stays on a draining node" : staying + " prefixes stay on draining nodes");
        }
        String list = String.join(", ", parts);
        return switch (plan.verdict()) {
            case NOTHING_CHANGES ->
                plan.viewChanges().isEmpty()
                        ? "nothing changes"
                        : "nothing changes: packet filters are written in another way, and accept the same traffic";
            case NO_LOSS ->
                list.isEmpty()
                        ? "something changes, and no viewer loses anything"
                        : list + ", and no viewer loses anything";
            case LOSS -> list;
        };
    }

    private long viewersThatLose(Predicate<ViewerImpact> kind) {
        return plan.viewers().stream()
                .filter(kind)
                .mapToLong(impact -> impact.viewers().size())
                .sum();
    }

    private static String count(long number, String word) {
        return number + " " + word + (number == 1 ? "" : "s");
    }

    static String verb(long subjects, String ofOne, String ofMany) {
        return subjects == 1 ? ofOne : ofMany;
    }

    /**
     * {@return the whole plan: nodes, drains, approvals, primaries, viewers, then packet filters; empty exactly if
     * {@link RoutePlan#verdict} is {@code NOTHING_CHANGES}}
     */
    public List<PlanSection> sections() {
        List<PlanSection> sections = new ArrayList<>();
        EventText events = new EventText(plan, after);
        add(sections, "Tailnet", events.tailnet());
        add(sections, "Nodes", events.nodes());
        add(sections, "Drains", events.drains());
        add(sections, "Routes", events.routes());
        add(sections, "Approvals", events.approvals());
        add(sections, "Primaries", events.primaries());
        for (ViewerImpact impact : plan.viewers()) {
            String title = count(impact.viewers().size(), "viewer") + ": " + names(impact.viewers(), after);
            add(sections, title, lines(impact));
        }
        for (TrafficImpact impact : plan.traffic()) {
            String filters = verb(impact.nodes().size(), "Packet filter of ", "Packet filters of ");
            add(sections, filters + names(impact.nodes(), after), lines(impact));
        }
        return List.copyOf(sections);
    }

    private static void add(List<PlanSection> sections, String title, List<PlanLine> lines) {
        if (!lines.isEmpty()) {
            sections.add(new PlanSection(title, lines));
        }
    }

    /**
     * {@return what viewers lose, what another node carries for them, then what they gain}
     *
     * @param impact one of the plan
     */
    public List<PlanLine> lines(ViewerImpact impact) {
        Objects.requireNonNull(impact, "impact");
        int viewers = impact.viewers().size();
        String gets = verb(viewers, "gets ", "get ");
        List<PlanLine> lines = new ArrayList<>();
        for (ViewerImpact.RouteLost route : impact.routesLost()) {
            String loses = verb(viewers, "loses ", "lose ");
            String what = loses + route.prefix() + " through " + before.node(route.from());
            lines.add(new PlanLine(PlanLine.Kind.LOST, what + reason(route.cause())));
        }
        for (ViewerImpact.PeersLost peers : impact.peersLost()) {
            String what =
                    "no longer " + verb(viewers, "sees ", "see ") + peers(impact.viewers(), peers.peers(), before);
            lines.add(new PlanLine(PlanLine.Kind.LOST, what + reason(peers.cause())));
        }
        for (ViewerImpact.RouteMoved route : impact.routesMoved()) {
            String what = gets + route.prefix() + " through " + after.node(route.to()) + " instead of "
                    + before.node(route.from());
            lines.add(new PlanLine(PlanLine.Kind.MOVED, what + reason(route.cause())));
        }
        for (ViewerImpact.RouteGained route : impact.routesGained()) {
            String what = gets + route.prefix() + " through " + after.node(route.to());
            lines.add(new PlanLine(PlanLine.Kind.GAINED, what + reason(route)));
        }
        for (ViewerImpact.PeersGained peers : impact.peersGained()) {
            String what = verb(viewers, "sees ", "see ") + peers(impact.viewers(), peers.peers(), after)
                    + ", because of " + peers.rule().text(after);
            lines.add(new PlanLine(PlanLine.Kind.GAINED, what));
        }
        return lines;
    }

    /** Viewers that are peers of each other are not listed again. */
    private static String peers(Set<NodeId> viewers, SortedSet<NodeId> peers, Names names) {
        if (viewers.size() == 1 || !peers.containsAll(viewers)) {
            return names(peers, names);
        }
        List<NodeId> others =
                peers.stream().filter(peer -> !viewers.contains(peer)).toList();
        return "each other" + (others.isEmpty() ? "" : " and " + names(others, names));
    }

    private String reason(ViewerImpact.RouteGained route) {
        String rule = route.rule().map(its -> ", because of " + its.text(after)).orElse("");
        return route.reason() instanceof RouteAnswer.PublicDestination its
                ? rule + ", whose public destination " + its.destination() + " goes to every exit node"
                : rule;
    }

    private String reason(LossCause cause) {
        return ", because " + cause.text(before, after);
    }

    /**
     * {@return what nodes would no longer accept, then what they would}
     *
     * @param impact one of the plan
     */
    public List<PlanLine> lines(TrafficImpact impact) {
        Objects.requireNonNull(impact, "impact");
        return new TrafficText(plan, before, after).lines(impact);
    }
}
