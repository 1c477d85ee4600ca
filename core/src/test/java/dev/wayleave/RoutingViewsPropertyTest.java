package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.ViewerRoutes;
import dev.wayleave.visibility.engine.ElectedRoute;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** From states to views: what is kept up step by step, against what is computed from nothing. */
@Domain(RoutingDomain.class)
class RoutingViewsPropertyTest {

    /** Histories that begin with some policy. */
    @Provide
    static Arbitrary<Script> histories() {
        return RoutingArbitraries.scriptsUnderPolicies();
    }

    private static void follow(Script script, BiConsumer<RoutingViews, Step> each) {
        RoutingViews views = RoutingViews.of(script.start());
        for (Script.Moment moment : script.moments()) {
            Step step = Routing.step(views.state(), moment.submissions(), moment.at());
            each.accept(views, step);
            views = views.after(step);
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void viewsKeptUpStepByStepEqualViewsComputedFromNothing(@ForAll("histories") Script script) {
        follow(script, (views, step) -> {
            RoutingViews next = views.after(step);
            RoutingViews before = RoutingViews.of(views.state());
            assertThat(next.state()).isSameAs(step.next());
            assertThat(everything(next)).isEqualTo(everything(RoutingViews.of(step.next())));
            assertThat(byViewer(next.changesSince(views), next))
                    .isEqualTo(byViewer(before.forState(step.next()).changesSince(before), next));
        });
    }

    /** Presence, names and keys are compared viewer by viewer and peer by peer. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void exactlyThePeersThatAreSeenBeforeAndAfterAndDifferHaveChanged(@ForAll("histories") Script script) {
        follow(script, (views, step) -> {
            RoutingViews next = views.after(step);
            ViewChanges changes = next.changesSince(views);
            for (NodeId viewer : next.state().nodes().keySet()) {
                assertThat(changedPeers(changes, viewer))
                        .as("of %s", viewer)
                        .isEqualTo(peersThatDiffer(views, next, viewer));
            }
        });
    }

    private static Set<NodeId> changedPeers(ViewChanges changes, NodeId viewer) {
        Set<NodeId> peers = new TreeSet<>();
        changes.of(viewer)
                .ifPresent(change -> change.peers().stream()
                        .filter(PeerChange.Changed.class::isInstance)
                        .forEach(peer -> peers.add(peer.peer())));
        return peers;
    }

    private static Set<NodeId> peersThatDiffer(RoutingViews before, RoutingViews after, NodeId viewer) {
        Set<NodeId> peers = new TreeSet<>();
        before.viewer(viewer).ifPresent(seen -> peers.addAll(seen.peers()));
        peers.retainAll(after.viewer(viewer).orElseThrow().peers());
        peers.removeIf(peer -> shown(before.state(), peer).equals(shown(after.state(), peer)));
        return peers;
    }

    private static List<Object> shown(RoutingState state, NodeId id) {
        NodeState node = state.node(id).orElseThrow();
        return List.of(
                node.facts().name(),
                node.facts().owner(),
                node.facts().addresses(),
                node.facts().hostKey(),
                node.facts().keyExpiry(),
                node.liveness().online());
    }

    /** A host may compare the views before and after several steps. */
    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void severalStepsMayBeComparedAtOnce(@ForAll("histories") Script script) {
        RoutingViews start = RoutingViews.of(script.start());
        RoutingState[] last = {script.start()};
        follow(script, (views, step) -> last[0] = step.next());

        RoutingViews end = start.forState(last[0]);
        RoutingViews reloaded = end.forState(last[0].reload(last[0].rows()));

        assertThat(everything(end)).isEqualTo(everything(RoutingViews.of(last[0])));
        assertThat(everything(reloaded)).isEqualTo(everything(end));
        assertThat(reloaded.changesSince(end).isEmpty()).isTrue();
    }

    /** Full views before and after: a difference concerns a node or prefix that the step names, or a node's prefix. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void touchedCoversEveryViewThatChanged(@ForAll("histories") Script script) {
        follow(script, (views, step) -> {
            TouchedKeys touched = step.touched();
            RoutingViews before = RoutingViews.of(views.state());
            RoutingViews after = before.forState(step.next());
            if (touched.isEmpty()) {
                assertThat(everything(after)).isEqualTo(everything(before));
            }
            if (!touched.policy() && !touched.users() && !touched.settings()) {
                Set<Prefix> prefixes = new TreeSet<>(touched.prefixes());
                for (RoutingState state : List.of(views.state(), step.next())) {
                    touched.nodes().forEach(id -> state.node(id).ifPresent(node -> prefixes.addAll(node.effective())));
                }
                after.changesSince(before).changes().forEach(change -> assertCovered(change, touched, prefixes));
            }
        });
    }

    private static void assertCovered(ViewChange change, TouchedKeys touched, Set<Prefix> prefixes) {
        Set<NodeId> nodes = touched.nodes();
        Set<NodeId> bystanders = new TreeSet<>(change.viewers());
        bystanders.removeAll(nodes);
        if (bystanders.isEmpty()) {
            return;
        }
        ViewChange.SelfChange self = change.self();
        assertThat(!self.facts().isEmpty()
                        || !self.gained().isEmpty()
                        || !self.lost().isEmpty())
                .as("%s receive changes of themselves, of %s", bystanders, touched)
                .isFalse();
        assertThat(touched.prefixes()).containsAll(self.primaryGained()).containsAll(self.primaryLost());
        for (PeerChange peer : change.peers()) {
            assertThat(Sets.union(nodes, touched.presence()))
                    .as("%s receive a change of a peer", bystanders)
                    .contains(peer.peer());
        }
        for (RouteChange route : change.routes()) {
            Set<NodeId> about = new HashSet<>(carriers(route));
            about.retainAll(nodes);
            assertThat(prefixes.contains(route.prefix()) || !about.isEmpty())
                    .as("%s receive changes of %s, of %s", bystanders, route, touched)
                    .isTrue();
        }
        assertThat(bystanders.stream().allMatch(id -> change.filter(id).equals(ViewChange.FilterChange.NONE))
                        || !nodes.isEmpty())
                .as("the filters of %s follow from nodes", bystanders)
                .isTrue();
    }

    private static List<NodeId> carriers(RouteChange change) {
        if (change instanceof RouteChange.Gained gained) {
            return List.of(gained.to());
        }
        if (change instanceof RouteChange.Moved moved) {
            return List.of(moved.from(), moved.to());
        }
        return List.of(((RouteChange.Lost) change).from());
    }

    /** What explains a view is what the view is. */
    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void anExplanationAgreesWithTheRoutesOfTheViewer(@ForAll("histories") Script script, @ForAll Prefix any) {
        follow(script, (views, step) -> {
            RoutingViews next = views.after(step);
            Set<Prefix> prefixes = new TreeSet<>(Set.of(any));
            step.next().nodes().values().forEach(node -> prefixes.addAll(node.effective()));
            for (NodeId viewer : step.next().nodes().keySet()) {
                prefixes.forEach(prefix -> assertExplained(next, viewer, prefix));
            }
        });
    }

    private static void assertExplained(RoutingViews views, NodeId viewer, Prefix prefix) {
        ViewExplanation explanation = Routing.explain(views, viewer, prefix).orElseThrow();
        ViewerRoutes viewerRoutes = views.viewer(viewer).orElseThrow();
        Set<NodeId> carriers = new TreeSet<>();
        viewerRoutes.routes().forEach((peer, routes) -> {
            if (routes.all().contains(prefix)) {
                carriers.add(peer);
            }
        });
        assertThat(explanation.carriers()).isEqualTo(carriers);
        Set<NodeId> holders = new TreeSet<>();
        views.state().nodes().values().stream()
                .filter(node -> node.effective().contains(prefix))
                .forEach(node -> holders.add(node.id()));
        assertThat(explanation.offers())
                .extracting(offer -> offer.holder().node())
                .containsExactlyElementsOf(holders);
        for (ViewExplanation.Offer offer : explanation.offers()) {
            RouteAnswer answer = offer.answer();
            assertThat(answer).isEqualTo(viewerRoutes.explain(offer.holder().node(), prefix));
            assertThat(explanation.toString()).contains(offer.holder().name());
        }
        assertThat(explanation.election().isPresent())
                .isEqualTo(views.state().route(prefix).isPresent());
        explanation
                .election()
                .ifPresent(outcome ->
                        assertThat(outcome.primary()).isEqualTo(views.state().primary(prefix)));
    }

    /** All that all viewers receive, with reasons and filters. */
    static Map<NodeId, List<Object>> everything(RoutingViews views) {
        Map<NodeId, List<Object>> all = new TreeMap<>();
        for (NodeId id : views.state().nodes().keySet()) {
            ViewerRoutes viewer = views.viewer(id).orElseThrow();
            all.put(
                    id,
                    List.of(
                            viewer.self(),
                            viewer.selfPrimary(),
                            viewer.peers(),
                            viewer.routes(),
                            viewer.given(),
                            viewer.withheld(),
                            views.filter(id)));
        }
        assertThat(views.visibility().rules().nodes())
                .extracting(node -> node.id())
                .containsExactlyElementsOf(views.state().nodes().keySet());
        views.state().routes().forEach((prefix, route) -> {
            ElectedRoute elected = views.visibility().elected(prefix);
            assertThat(elected.primary()).isEqualTo(route.primary());
        });
        return all;
    }

    static SortedMap<NodeId, List<Object>> byViewer(ViewChanges changes, RoutingViews after) {
        SortedMap<NodeId, List<Object>> byViewer = new TreeMap<>();
        for (NodeId id : after.state().nodes().keySet()) {
            Optional<ViewChange> change = changes.of(id);
            change.ifPresent(view ->
                    byViewer.put(id, List.of(view.self(), view.peers(), new HashSet<>(view.routes()), view.filters())));
        }
        return byViewer;
    }
}
