package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.AddressPattern;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.testing.Fault;
import dev.wayleave.testing.NaiveCapabilities;
import dev.wayleave.testing.NaiveFilter;
import dev.wayleave.testing.NaiveFilter.RuleText;
import dev.wayleave.testing.NaivePackets;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.testing.NaiveVisibility;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Holds the fast answers against the slow twin's, for every viewer. */
@SuppressWarnings("exports") // the twins are not part of the module, and neither is this
public final class Comparison {

    private Comparison() {}

    public static Visibility fast(NaiveTailnet tailnet, Map<Prefix, ElectedRoute> elected) {
        return Visibility.of(tailnet.compile(), elected, Presences.NONE);
    }

    /** Peers and routes in the twin's shape. */
    public static SortedMap<NodeId, SortedSet<Prefix>> view(Visibility visibility, NodeId id) {
        ViewerRoutes viewer = visibility.viewer(id).orElseThrow();
        SortedMap<NodeId, SortedSet<Prefix>> view = new TreeMap<>();
        SortedSet<NodeId> peers = viewer.peers();
        peers.forEach(peer -> view.put(peer, new TreeSet<>()));
        assertThat(peers.size()).as("number of peers of %s", id).isEqualTo(view.size());
        assertThat(peers.containsAll(view.keySet())).as("peers of %s", id).isTrue();
        assertThat(peers.contains(id)).as("%s as its own peer", id).isFalse();
        viewer.routes().forEach((peer, routes) -> {
            assertThat(view).as("peers of %s", id).containsKey(peer);
            assertThat(routes).as("one and all").isEqualTo(viewer.routes(peer));
            assertThat(routes.primary()).as("subnet routes").noneMatch(Prefix::isExitRoute);
            assertThat(routes.exit()).as("exit routes").allMatch(Prefix::isExitRoute);
            view.get(peer).addAll(routes.all());
        });
        return view;
    }

    /** For packets: views and filters of the library. */
    public static NaivePackets.Views views(Visibility visibility) {
        Map<NodeId, PacketFilter> filters = new HashMap<>();
        return new NaivePackets.Views() {
            @Override
            public SortedMap<NodeId, SortedSet<Prefix>> view(NodeId viewer) {
                return Comparison.view(visibility, viewer);
            }

            @Override
            public boolean admits(NodeId at, IpAddress from, IpAddress to, Protocol protocol, int port) {
                return filters.computeIfAbsent(at, visibility.rules()::filter).admits(from, to, protocol, port);
            }
        };
    }

    /** The traffic rules of a filter in the twin's shape. */
    public static Set<RuleText> filter(PacketFilter filter) {
        Set<RuleText> rules = new HashSet<>();
        for (PacketFilter.Rule rule : filter.rules()) {
            if (rule instanceof PacketFilter.TrafficRule traffic) {
                rules.add(text(traffic));
            }
        }
        return rules;
    }

    private static RuleText text(PacketFilter.TrafficRule traffic) {
        List<String> sources = traffic.sources().stream()
                .map(AddressPattern::toString)
                .sorted()
                .toList();
        TreeMap<String, TreeSet<PortRange>> destinations = new TreeMap<>();
        traffic.destinations().forEach((to, ports) -> destinations.put(to.toString(), new TreeSet<>(ports)));
        return new RuleText(sources, traffic.protocol().map(Protocol::number).orElse(null), destinations);
    }

    /** The capability rules of a filter in the twin's shape. */
    public static Set<NaiveCapabilities> capabilities(PacketFilter filter) {
        Set<NaiveCapabilities> rules = new HashSet<>();
        for (PacketFilter.Rule rule : filter.rules()) {
            if (rule instanceof PacketFilter.CapabilityRule capability) {
                List<String> sources = capability.sources().stream()
                        .map(AddressPattern::toString)
                        .sorted()
                        .toList();
                TreeSet<String> destinations = new TreeSet<>();
                capability.destinations().forEach(prefix -> destinations.add(prefix.toString()));
                rules.add(new NaiveCapabilities(sources, destinations, capability.capabilities()));
            }
        }
        return rules;
    }

    /** From candidates to views: the twin orders the candidates itself. */
    public static void assertSame(Tailnets.Elected elected, Fault fault) {
        Map<Prefix, ElectedRoute> routes = elected.naiveRoutes(fault);
        assertThat(elected.routes()).as("candidates in order").isEqualTo(routes);
        assertSame(elected.tailnet(), routes, fault, fast(elected.tailnet(), elected.routes()));
    }

    public static void assertSame(
            NaiveTailnet tailnet, Map<Prefix, ElectedRoute> elected, Fault fault, Visibility fast) {
        NaiveVisibility naive = new NaiveVisibility(tailnet, elected, fault);
        for (NodeRoutes node : tailnet.nodes()) {
            NodeId id = node.node().id();
            assertThat(view(fast, id)).as("view of %s", node.node()).isEqualTo(naive.view(id));
            assertSameSelf(fast.viewer(id).orElseThrow(), node, elected);
            assertThat(filter(fast.rules().filter(id)))
                    .as("filter of %s", node.node())
                    .isEqualTo(NaiveFilter.filter(naive.permissions(id)));
            assertSameEntries(fast.rules().explainedFilter(id), naive.permissions(id));
            assertThat(capabilities(fast.rules().filter(id)))
                    .as("capabilities at %s", node.node())
                    .isEqualTo(NaiveCapabilities.of(tailnet, node, fault));
        }
    }

    private static void assertSameSelf(ViewerRoutes viewer, NodeRoutes node, Map<Prefix, ElectedRoute> elected) {
        NodeId id = node.node().id();
        assertThat(viewer.viewer()).isEqualTo(id);
        assertThat(viewer.self()).as("self of %s", id).isEqualTo(node);
        TreeSet<Prefix> primary = new TreeSet<>();
        elected.forEach((prefix, route) -> {
            if (route.primary().filter(id::equals).isPresent()) {
                primary.add(prefix);
            }
        });
        assertThat(viewer.selfPrimary()).as("own primary routes of %s", id).isEqualTo(primary);
    }

    private static void assertSameEntries(List<ExplainedRule> filter, List<NaiveFilter.Permission> permissions) {
        for (ExplainedRule explained : filter) {
            if (explained.rule() instanceof PacketFilter.TrafficRule traffic) {
                assertThat(explained.entries())
                        .as("entries of %s", traffic)
                        .isEqualTo(NaiveFilter.entries(permissions, text(traffic)));
            }
        }
    }
}
