package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/**
 * One app connector of the policy's section {@code nodeAttrs}: an entry of the capability
 * {@code tailscale.com/app-connectors}. It is read and kept; nothing evaluates it.
 *
 * @param name the connector's name; empty if it has none
 * @param targets the nodes that use it, as the policy writes them; no name in it need be defined
 * @param connectors which nodes are connectors: {@code *} or tags, in the order of the policy
 * @param domains which domains it serves, in the order of the policy, as they are written
 * @param routes which prefixes its connectors carry, regardless of the addresses of the domains
 */
public record AppConnector(
        String name, List<String> targets, List<Selector> connectors, List<String> domains, SortedSet<Prefix> routes) {

    public AppConnector {
        Objects.requireNonNull(name, "name");
        targets = Copies.list(targets, "targets");
        connectors = Copies.list(connectors, "connectors");
        domains = Copies.list(domains, "domains");
        routes = Copies.sortedSet(routes, "routes");
    }
}
