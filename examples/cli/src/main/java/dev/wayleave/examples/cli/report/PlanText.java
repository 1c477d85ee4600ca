package dev.wayleave.examples.cli.report;

import dev.wayleave.foresight.ViewerImpact;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What viewers would gain and lose, a sentence each. */
final class PlanText {

    /** How many nodes a text names. */
    private static final int NAMED = 6;

    private PlanText() {}

    /** The first names, and how many there are more. */
    static String names(Collection<NodeId> nodes, Names names) {
        String some = String.join(", ", some(nodes, names));
        return nodes.size() > NAMED ? some + " and " + (nodes.size() - NAMED) + " more" : some;
    }

    static List<String> some(Collection<NodeId> nodes, Names names) {
        return nodes.stream().limit(NAMED).map(names::node).toList();
    }

    static List<String> lost(ViewerImpact impact, Names before, Names after) {
        List<String> texts = new ArrayList<>();
        for (ViewerImpact.RouteLost route : impact.routesLost()) {
            texts.add("lose " + route.prefix() + " through " + before.node(route.from()) + ", because "
                    + route.cause().text(before, after));
        }
        for (ViewerImpact.PeersLost peers : impact.peersLost()) {
            texts.add("no longer see " + names(peers.peers(), before) + ", because "
                    + peers.cause().text(before, after));
        }
        return texts;
    }

    static List<String> moved(ViewerImpact impact, Names before, Names after) {
        return impact.routesMoved().stream()
                .map(route -> "get " + route.prefix() + " through " + after.node(route.to()) + " instead of "
                        + before.node(route.from()))
                .toList();
    }

    static List<String> gained(ViewerImpact impact, Names after) {
        List<String> texts = new ArrayList<>();
        for (ViewerImpact.RouteGained route : impact.routesGained()) {
            texts.add("get " + route.prefix() + " through " + after.node(route.to())
                    + route.rule().map(rule -> ", by " + rule.text(after)).orElse(""));
        }
        for (ViewerImpact.PeersGained peers : impact.peersGained()) {
            texts.add("see " + names(peers.peers(), after) + ", by "
                    + peers.rule().text(after));
        }
        return texts;
    }
}
