package dev.wayleave.examples.benchmarks;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.engine.ElectedRoute;
import dev.wayleave.visibility.engine.Presences;
import dev.wayleave.visibility.engine.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The view of every node of {@link Tailnet10k}, from scratch and after one primary has moved. */
@State(Scope.Benchmark)
@Fork(
        value = 5,
        jvmArgs = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VisibilityBenchmark {

    @Param({"200", "10000"})
    int rules;

    private Tailnet10k tailnet;
    private AccessRules access;
    private Visibility visibility;
    private final List<Map<Prefix, ElectedRoute>> flips = new ArrayList<>();
    private final List<NodeRoutes> routers = new ArrayList<>();
    private int next;

    @Setup
    public void compute() {
        tailnet = new Tailnet10k(10_000, rules);
        access = compile();
        visibility = Visibility.of(access, tailnet.elected, Presences.NONE);
        tailnet.elected.forEach((prefix, route) -> {
            if (route.candidates().size() > 1) {
                flips.add(Map.of(prefix, new ElectedRoute(route.candidates().get(1), route.candidates())));
            }
        });
        for (NodeRoutes node : tailnet.nodes) {
            if (!node.effective().isEmpty()) {
                routers.add(node);
            }
        }
        for (NodeAccess node : access.nodes()) {
            if (visibility.viewer(node.id()).orElseThrow().routes() == null) {
                throw new IllegalStateException("no view of " + node);
            }
        }
    }

    private AccessRules compile() {
        return AccessRules.compile(
                tailnet.policy, tailnet.users, tailnet.nodes, OverlayRanges.DEFAULT, ExitRule.INTERNET);
    }

    private Map<Prefix, ElectedRoute> flip() {
        next = (next + 1) % flips.size();
        return flips.get(next);
    }

    /** The policy, and its rules for every node. */
    @Benchmark
    public AccessRules accessRules() {
        return compile();
    }

    /** Every viewer's complete routes from nothing but facts. */
    @Benchmark
    public void everyViewFromScratch(Blackhole blackhole) {
        Visibility all = Visibility.of(compile(), tailnet.elected, Presences.NONE);
        for (NodeAccess node : all.rules().nodes()) {
            blackhole.consume(all.viewer(node.id()).orElseThrow().routes());
        }
    }

    /** One more viewer of a viewer class that was asked for before. */
    @Benchmark
    public Object oneFurtherViewer() {
        next = (next + 1) % tailnet.nodes.size();
        return visibility
                .viewer(tailnet.nodes.get(next).node().id())
                .orElseThrow()
                .routes();
    }

    /** Peers, routes and filter of one viewer, written out. */
    @Benchmark
    public void oneCompleteView(Blackhole blackhole) {
        next = (next + 1) % tailnet.nodes.size();
        NodeId id = tailnet.nodes.get(next).node().id();
        SortedSet<NodeId> peers = visibility.viewer(id).orElseThrow().peers();
        PacketFilter filter = access.filter(id);
        blackhole.consume(peers);
        blackhole.consume(filter);
        blackhole.consume(visibility.viewer(id).orElseThrow().routes());
    }

    /** One primary moves: the carriers of all viewer classes. */
    @Benchmark
    public Visibility onePrimaryMoves() {
        return visibility.with(access, flip(), Presences.NONE);
    }

    /** One primary moves: the changes for each viewer, with reasons. */
    @Benchmark
    public ViewChanges onePrimaryMovesWithChanges() {
        return Visibility.difference(visibility, visibility.with(access, flip(), Presences.NONE));
    }

    /** One router gets a prefix that no other has: the answers for all viewers. */
    @Benchmark
    public Visibility oneRouteApproved() {
        NodeRoutes router = routers.get(next = (next + 1) % routers.size());
        TreeSet<Prefix> effective = new TreeSet<>(router.effective());
        Prefix added = Prefix.parse("10." + next % 250 + ".200.0/24");
        effective.add(added);
        NodeId id = router.node().id();
        return visibility.with(
                access.with(List.of(new NodeRoutes(router.node(), effective)), List.of()),
                Map.of(added, new ElectedRoute(id, List.of(id))),
                Presences.NONE);
    }

    /** One router gets a prefix that no other has: the changes for each viewer, with reasons. */
    @Benchmark
    public ViewChanges oneRouteApprovedWithChanges() {
        return Visibility.difference(visibility, oneRouteApproved());
    }

    /** One router gets a prefix, and everything is computed anew. */
    @Benchmark
    public Visibility oneRouteApprovedFromScratch() {
        Visibility after = oneRouteApproved();
        return Visibility.of(
                AccessRules.compile(
                        tailnet.policy,
                        tailnet.users,
                        after.rules().nodes().stream().map(NodeAccess::routes).toList(),
                        OverlayRanges.DEFAULT,
                        ExitRule.INTERNET),
                tailnet.elected,
                Presences.NONE);
    }
}
