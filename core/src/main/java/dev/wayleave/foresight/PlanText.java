package dev.wayleave.foresight;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A plan in words, for pages, terminals and pull requests.
 *
 * <p>Immutable and safe for use by several threads. The words may change in any version; programs read the plan.
 */
public final class PlanText {

    /** How many nodes a text names. */
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
     * {@return the first six names}
     *
     * @param nodes some nodes
     * @param names how the text calls them
     */
    public static List<String> someNames(Collection<NodeId> nodes, Names names) {
        Copies.refuseNull(nodes, "nodes");
        Objects.requireNonNull(names, "names");
        return nodes.stream().limit(NAMED).map(names::node).toList();
    }

    /**
     * {@return what the plan comes to, for example {@code 1 viewer loses routes, 4 nodes let in less}}
     */
    public String summary() {
        long routes = viewersThatLose(impact -> !impact.routesLost().isEmpty());
        long peers = viewersThatLose(impact -> impact.routesLost().isEmpty() && impact.isLoss());
        long closing = plan.traffic().stream()
                .filter(impact -> !impact.lost().isEmpty())
                .mapToLong(impact -> impact.nodes().size())
                .sum();
        List<String> parts = new ArrayList<>();
        if (routes > 0) {
            parts.add(count(routes, "viewer") + (routes == 1 ? " loses" : " lose") + " routes");
        }
        if (peers > 0) {
            parts.add(count(peers, "viewer") + (peers == 1 ? " loses" : " lose") + " peers alone");
        }
        if (closing > 0) {
            parts.add(count(closing, "node") + (closing == 1 ? " lets" : " let") + " in less");
        }
        return switch (plan.verdict()) {
            case NOTHING_CHANGES -> "nothing changes";
            case NO_LOSS -> "something changes, and no viewer loses anything";
            case LOSS -> String.join(", ", parts);
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

    /**
     * {@return the whole plan: nodes, approvals, primaries, viewers, then what nodes let in}
     */
    public List<PlanSection> sections() {
        List<PlanSection> sections = new ArrayList<>();
        add(
                sections,
                "Nodes",
                plan.removedNodes().stream()
                        .map(node -> new PlanLine(PlanLine.Kind.LOST, after.node(node) + " is removed"))
                        .toList());
        add(
                sections,
                "Approvals",
                plan.approvals().stream()
                        .map(event -> new PlanLine(
                                event instanceof RouteEvent.RouteApproved ? PlanLine.Kind.GAINED : PlanLine.Kind.LOST,
                                event.text(after)))
                        .toList());
        add(
                sections,
                "Primaries",
                plan.primaries().stream()
                        .map(event -> new PlanLine(kind(event), event.text(after)))
                        .toList());
        for (ViewerImpact impact : plan.viewers()) {
            String title = count(impact.viewers().size(), "viewer") + ": " + names(impact.viewers(), after);
            add(sections, title, lines(impact));
        }
        TrafficText traffic = new TrafficText(plan, before, after);
        for (TrafficImpact impact : plan.traffic()) {
            String title =
                    "What " + names(impact.nodes(), after) + (impact.nodes().size() == 1 ? " lets in" : " let in");
            add(sections, title, traffic.lines(impact));
        }
        return List.copyOf(sections);
    }

    private static void add(List<PlanSection> sections, String title, List<PlanLine> lines) {
        if (!lines.isEmpty()) {
            sections.add(new PlanSection(title, lines));
        }
    }

    private static PlanLine.Kind kind(RouteEvent.OfElection event) {
        return event instanceof RouteEvent.PrefixUnserved
                ? PlanLine.Kind.LOST
                : event instanceof RouteEvent.PrimaryMoved ? PlanLine.Kind.MOVED : PlanLine.Kind.GAINED;
    }

    /**
     * {@return what viewers lose, what goes another way, then what they gain}
     *
     * @param impact one of the plan
     */
    public List<PlanLine> lines(ViewerImpact impact) {
        Objects.requireNonNull(impact, "impact");
        List<PlanLine> lines = new ArrayList<>();
        for (ViewerImpact.RouteLost route : impact.routesLost()) {
            lines.add(lost("lose " + route.prefix() + " through " + before.node(route.from()), route.cause()));
        }
        for (ViewerImpact.PeersLost peers : impact.peersLost()) {
            lines.add(lost("no longer see " + names(peers.peers(), before), peers.cause()));
        }
        for (ViewerImpact.RouteMoved route : impact.routesMoved()) {
            lines.add(new PlanLine(
                    PlanLine.Kind.MOVED,
                    "get " + route.prefix() + " through " + after.node(route.to()) + " instead of "
                            + before.node(route.from())));
        }
        for (ViewerImpact.RouteGained route : impact.routesGained()) {
            String by = route.rule().map(rule -> ", by " + rule.text(after)).orElse("");
            lines.add(new PlanLine(
                    PlanLine.Kind.GAINED, "get " + route.prefix() + " through " + after.node(route.to()) + by));
        }
        for (ViewerImpact.PeersGained peers : impact.peersGained()) {
            lines.add(new PlanLine(
                    PlanLine.Kind.GAINED,
                    "see " + names(peers.peers(), after) + ", by "
                            + peers.rule().text(after)));
        }
        return lines;
    }

    private PlanLine lost(String what, LossCause cause) {
        return new PlanLine(PlanLine.Kind.LOST, what + ", because " + cause.text(before, after));
    }

    /**
     * {@return what nodes would no longer let in, then what they would}
     *
     * @param impact one of the plan
     */
    public List<PlanLine> lines(TrafficImpact impact) {
        Objects.requireNonNull(impact, "impact");
        return new TrafficText(plan, before, after).lines(impact);
    }
}
