package dev.wayleave.visibility.engine;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Situations that random tailnets must have, or the comparison with the slow twin proves little; each with the share of
 * tailnets that must have it.
 */
enum Situation {
    THE_INTERNET_BEHIND_A_SUBNET_ROUTER(
            6, at -> hasDestination(at, Autogroup.INTERNET) && has(at, Situation::isPublicRouter)),
    THE_INTERNET_VIA_A_SUBNET_ROUTER(
            1,
            at -> grants(at)
                    .anyMatch(grant -> grant.destinations().contains(Autogroup.INTERNET)
                            && has(at, node -> isPublicRouter(node) && isVia(grant, node)))),
    A_PARTLY_PUBLIC_ROUTE(10, at -> subnetRoutes(at).anyMatch(Prefix.parse("8.0.0.0/5")::equals)),
    AN_OVERLAY_OF_ITS_OWN(13, at -> !overlay(at).equals(OverlayRanges.DEFAULT)),
    EVERYBODY_WITH_A_NODE_OUTSIDE_THE_OVERLAY(
            7,
            at -> hasSource(at, new Selector.Everything())
                    && addresses(at).anyMatch(a -> !overlay(at).contains(a))),
    VIA_A_TAG_THAT_NO_NODE_HAS(
            10, at -> grants(at).anyMatch(grant -> !grant.via().isEmpty() && !has(at, node -> isVia(grant, node)))),
    VIA_FOR_A_PREFIX_OF_TWO_ROUTERS(
            9,
            at -> subnetRoutes(at)
                    .anyMatch(route -> holders(at, route) > 1
                            && grants(at)
                                    .anyMatch(grant -> grant.destinations().contains(new Selector.Network(route))
                                            && has(
                                                    at,
                                                    node -> isVia(grant, node)
                                                            && node.effective().contains(route))))),
    CAPABILITIES_ALONE_FOR_EVERYTHING(
            2,
            at -> grants(at)
                    .anyMatch(grant ->
                            grant.ip().isEmpty() && grant.destinations().contains(new Selector.Everything()))),
    A_USERS_OWN_NODES(3.5, at -> hasDestination(at, Autogroup.SELF)),
    A_ROUTE_OF_4VIA6(6, at -> subnetRoutes(at).anyMatch(KnownRanges.VIA6::contains)),
    TWO_EXIT_NODES(
            22,
            at -> at.tailnet().nodes().stream().filter(NodeRoutes::isExitNode).count() > 1),
    AN_EXIT_NODE_OF_ONE_FAMILY(
            18,
            at -> has(
                    at,
                    node -> node.isExitNode()
                            && node.effective().contains(KnownRanges.EXIT_IPV4)
                                    != node.effective().contains(KnownRanges.EXIT_IPV6))),
    A_NODE_OF_ONE_FAMILY(26, at -> has(at, node -> node.node().addresses().size() == 1)),
    NESTED_ROUTES_OF_TWO_NODES(
            30,
            at -> at.tailnet().nodes().stream()
                    .anyMatch(one -> has(
                            at,
                            other -> other != one
                                    && pairs(one, other)
                                            .anyMatch(pair -> pair.get(0).length()
                                                            < pair.get(1).length()
                                                    && pair.get(0).contains(pair.get(1)))))),
    TWO_ROUTERS_OF_ONE_PREFIX(25, at -> subnetRoutes(at).anyMatch(route -> holders(at, route) > 1)),
    A_ROUTE_OVER_THE_NODES_OWN_ADDRESSES(
            23, at -> subnetRoutes(at).anyMatch(route -> addresses(at).anyMatch(route::contains))),
    A_PREFIX_AS_SOURCE(
            17,
            at -> sources(at)
                    .anyMatch(source -> source instanceof Selector.Network network
                            && subnetRoutes(at).anyMatch(network.prefix()::overlaps))),
    NO_RULES_AT_ALL(
            1.4,
            at -> at.tailnet().policy().acls().isEmpty()
                    && at.tailnet().policy().grants().isEmpty());

    /** In so many of a hundred random tailnets there is one at the least; about half of what the generator gives. */
    final double percent;

    private final Predicate<Tailnets.Elected> predicate;

    Situation(double percent, Predicate<Tailnets.Elected> predicate) {
        this.percent = percent;
        this.predicate = predicate;
    }

    boolean isIn(Tailnets.Elected tailnet) {
        return predicate.test(tailnet);
    }

    private static boolean has(Tailnets.Elected at, Predicate<NodeRoutes> what) {
        return at.tailnet().nodes().stream().anyMatch(what);
    }

    private static boolean isVia(Grant grant, NodeRoutes node) {
        for (Tag tag : grant.via()) {
            if (node.node().hasTag(tag)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPublicRouter(NodeRoutes node) {
        return !node.isExitNode()
                && node.effective().stream().anyMatch(OverlayRanges.DEFAULT.publicInternet()::overlaps);
    }

    private static OverlayRanges overlay(Tailnets.Elected at) {
        return at.tailnet().overlay().ranges();
    }

    private static Stream<IpAddress> addresses(Tailnets.Elected at) {
        return at.tailnet().nodes().stream().flatMap(node -> node.node().addresses().stream());
    }

    private static Stream<Prefix> subnetRoutes(Tailnets.Elected at) {
        return at.elections().keySet().stream();
    }

    private static long holders(Tailnets.Elected at, Prefix route) {
        return at.tailnet().nodes().stream()
                .filter(node -> node.effective().contains(route))
                .count();
    }

    private static Stream<List<Prefix>> pairs(NodeRoutes one, NodeRoutes other) {
        return one.effective().stream()
                .filter(route -> !route.isExitRoute())
                .flatMap(route -> other.effective().stream().map(inner -> List.of(route, inner)));
    }

    private static Stream<Grant> grants(Tailnets.Elected at) {
        return at.tailnet().policy().grants().stream().flatMap(Collection::stream);
    }

    private static Stream<AclRule> acls(Tailnets.Elected at) {
        return at.tailnet().policy().acls().stream().flatMap(Collection::stream);
    }

    private static Stream<Selector> sources(Tailnets.Elected at) {
        return Stream.concat(
                grants(at).flatMap(grant -> grant.sources().stream()),
                acls(at).flatMap(rule -> rule.sources().stream()));
    }

    private static boolean hasSource(Tailnets.Elected at, Selector selector) {
        return sources(at).anyMatch(selector::equals);
    }

    private static boolean hasDestination(Tailnets.Elected at, Selector selector) {
        return grants(at).anyMatch(grant -> grant.destinations().contains(selector))
                || acls(at).anyMatch(rule -> rule.destinations().stream()
                        .anyMatch(to -> to.selector().equals(selector)));
    }
}
