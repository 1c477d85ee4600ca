package dev.wayleave.foresight;

import dev.wayleave.RouteState;
import dev.wayleave.RoutingState;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lint checks of the effective prefixes. */
final class RouteChecks {

    private final RoutingState state;
    private final FindingSink sink;
    private final ViaChecks via;

    RouteChecks(RoutingState state, FindingSink sink, ViaChecks via) {
        this.state = state;
        this.sink = sink;
        this.via = via;
    }

    void run() {
        PrefixTable.Builder<RouteState> table = PrefixTable.builder();
        state.routes().forEach(table::put);
        PrefixTable<RouteState> routes = table.build();
        for (RouteState route : state.routes().values()) {
            if (route.holders().size() > 1) {
                checkSharedOwners(route);
            } else {
                checkFallback(route, routes);
            }
        }
    }

    private void checkSharedOwners(RouteState route) {
        Set<Object> common = null;
        for (NodeId holder : route.holders()) {
            Set<Object> own =
                    state.node(holder).map(node -> owners(node.facts().owner())).orElse(Set.of());
            if (common == null) {
                common = new HashSet<>(own);
            } else {
                common.retainAll(own);
            }
        }
        if (common != null && common.isEmpty() && !viaLeadsToEachRouter(route)) {
            sink.add(
                    LintCode.UNRELATED_ROUTERS,
                    route.prefix().toString(),
                    route.holders(),
                    List.of(route.prefix()),
                    "the routers of `" + route.prefix() + "`, " + sink.names(route.holders())
                            + ", share no tag and no user, and fail over to each other");
        }
    }

    /** Where rules lead viewers to each of the routers by a tag, it is not an accident that they have one prefix. */
    private boolean viaLeadsToEachRouter(RouteState route) {
        Set<Tag> tags = via.tagsFor(route.prefix());
        return !tags.isEmpty()
                && route.holders().stream()
                        .allMatch(holder -> state.node(holder)
                                .filter(node -> tags.stream().anyMatch(node.facts()::hasTag))
                                .isPresent());
    }

    private static Set<Object> owners(Owner owner) {
        return owner instanceof Owner.Tagged tagged ? Set.copyOf(tagged.tags()) : Set.of(((Owner.OfUser) owner).id());
    }

    private void checkFallback(RouteState route, PrefixTable<RouteState> routes) {
        Prefix prefix = route.prefix();
        Optional<RouteState> wider = routes.covering(prefix).stream()
                .filter(entry -> !entry.prefix().equals(prefix)
                        && entry.value().holders().size() > 1)
                .map(PrefixTable.Entry::value)
                .max(Comparator.comparingInt(entry -> entry.prefix().length()));
        wider.ifPresent(wide -> sink.add(
                LintCode.NO_FALLBACK,
                prefix.toString(),
                route.holders(),
                List.of(prefix, wide.prefix()),
                "`" + prefix + "` has only the router " + sink.names(route.holders()) + ", and lies in `"
                        + wide.prefix() + "`, which has " + wide.holders().size()
                        + " routers: when it is down, clients do not fall back to the wider prefix"));
    }
}
