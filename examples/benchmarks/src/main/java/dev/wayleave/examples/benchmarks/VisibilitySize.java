package dev.wayleave.examples.benchmarks;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.ViewerRoutes;
import dev.wayleave.visibility.engine.ElectedRoute;
import dev.wayleave.visibility.engine.Presences;
import dev.wayleave.visibility.engine.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openjdk.jol.info.GraphLayout;

/**
 * Prints how much heap the answers for all viewers of a tailnet take beyond the facts: its nodes, users, policy and
 * elections. The routes and peers of every viewer are asked for and kept, then the packet filters too. Run it with
 * {@code -Djol.magicFieldOffset=true}, which lets JOL look into records.
 */
public final class VisibilitySize {

    private VisibilitySize() {}

    public static void main(String[] arguments) {
        int nodes = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
        Tailnet10k tailnet = new Tailnet10k(nodes, 200);
        print("200 rules", tailnet, tailnet.policy, tailnet.users);
        print("all nodes may reach all nodes", tailnet, RoutingPolicy.builder().build(), tailnet.users);
        Tailnet10k large = new Tailnet10k(nodes, 10_000);
        print("10,000 rules", large, large.policy, large.users);
        Tailnet10k selfish = new Tailnet10k(nodes, 200, 5_000);
        print("50 autogroup:self rules, 5,000 users", selfish, self(50), selfish.users);
        print(
                "200 rules and 50 autogroup:self rules, 5,000 users",
                selfish,
                withSelf(selfish.policy, 50),
                selfish.users);
    }

    private static void print(String name, Tailnet10k tailnet, RoutingPolicy policy, Users users) {
        long begin = System.nanoTime();
        AccessRules access =
                AccessRules.compile(policy, users, tailnet.nodes, OverlayRanges.DEFAULT, ExitRule.INTERNET);
        long compiled = System.nanoTime();
        Visibility visibility = Visibility.of(access, tailnet.elected, Presences.NONE);
        List<Object> views = new ArrayList<>();
        for (NodeRoutes node : tailnet.nodes) {
            ViewerRoutes viewer = visibility.viewer(node.node().id()).orElseThrow();
            views.add(viewer);
            views.add(viewer.routes());
            views.add(viewer.peers());
        }
        long asked = System.nanoTime();
        ViewChanges changes = Visibility.difference(visibility, approved(visibility, tailnet));
        long compared = System.nanoTime();
        GraphLayout facts = GraphLayout.parseInstance(tailnet, policy, users);
        double rules = mebibytes(facts, access);
        double seen = mebibytes(facts, access, visibility, views);
        tailnet.nodes.forEach(node -> views.add(access.filter(node.node().id())));
        System.out.printf(
                Locale.ROOT,
                "%s: %d viewer classes; access rules %.1f MiB, with visibility and all views %.1f MiB,"
                        + " with all packet filters %.1f MiB;"
                        + " first run %d + %d ms, a route approved, which changes the views of %d viewers,"
                        + " in %d changes %d ms%n",
                name,
                visibility.viewerClassCount(),
                rules,
                seen,
                mebibytes(facts, access, visibility, views),
                (compiled - begin) / 1_000_000,
                (asked - compiled) / 1_000_000,
                changes.viewers().size(),
                changes.changes().size(),
                (compared - asked) / 1_000_000);
    }

    private static double mebibytes(GraphLayout facts, Object... roots) {
        return (double) GraphLayout.parseInstance(roots).subtract(facts).totalSize() / (1 << 20);
    }

    /** A router gets a prefix that no other has. */
    private static Visibility approved(Visibility before, Tailnet10k tailnet) {
        NodeRoutes router = tailnet.nodes.stream()
                .filter(node -> !node.effective().isEmpty())
                .findFirst()
                .orElseThrow();
        TreeSet<Prefix> effective = new TreeSet<>(router.effective());
        Prefix added = Prefix.parse("10.3.200.0/24");
        effective.add(added);
        NodeId id = router.node().id();
        return before.with(
                before.rules().with(List.of(new NodeRoutes(router.node(), effective)), List.of()),
                Map.of(added, new ElectedRoute(id, List.of(id))),
                Presences.NONE);
    }

    private static RoutingPolicy self(int rules) {
        return withSelf(RoutingPolicy.builder().build(), rules);
    }

    /** A policy with rules that open each user's devices to that user. */
    static RoutingPolicy withSelf(RoutingPolicy policy, int rules) {
        List<Grant> grants = new ArrayList<>(policy.grants().orElse(List.of()));
        for (int i = 0; i < rules; i++) {
            Traffic traffic = new Traffic(new Protocol(6), List.of(new PortRange(1000 + i, 1000 + i)));
            grants.add(new Grant(
                    List.of(Selector.Autogroup.MEMBER),
                    List.of(Selector.Autogroup.SELF),
                    List.of(traffic),
                    new TreeMap<>(),
                    new TreeSet<>()));
        }
        return policy.toBuilder().grants(grants).build();
    }
}
