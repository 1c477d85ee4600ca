package dev.wayleave.examples.benchmarks;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.visibility.engine.ElectedRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A tailnet of 10,000 nodes, a tenth of them routers in about 540 sites with 5,000 effective routes between them, under
 * grants of which a quarter have {@code via}. Clients belong to 60 departments, each a group, so that they have 60
 * viewer classes. The same in every run.
 */
final class Tailnet10k {

    static final int DEPARTMENTS = 60;

    final RoutingPolicy policy;
    final Users users;
    final List<NodeRoutes> nodes;
    final Map<Prefix, ElectedRoute> elected = new TreeMap<>();

    Tailnet10k(int nodeCount, int ruleCount) {
        this(nodeCount, ruleCount, nodeCount / 10);
    }

    Tailnet10k(int nodeCount, int ruleCount, int userCount) {
        Random random = new Random(1);
        this.users = users(userCount);
        this.nodes = nodes(random, nodeCount, userCount);
        this.policy = policy(random, ruleCount);
        Map<Prefix, List<NodeId>> holders = new HashMap<>();
        for (NodeRoutes node : nodes) {
            for (Prefix prefix : node.effective()) {
                if (!prefix.isExitRoute()) {
                    holders.computeIfAbsent(prefix, p -> new ArrayList<>())
                            .add(node.node().id());
                }
            }
        }
        holders.forEach((prefix, candidates) -> elected.put(prefix, new ElectedRoute(candidates.get(0), candidates)));
    }

    private static Users users(int count) {
        List<User> users = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            users.add(User.builder(new UserId("u" + i), "user" + i).build());
        }
        return Users.of(users);
    }

    private static List<NodeRoutes> nodes(Random random, int count, int userCount) {
        List<NodeRoutes> nodes = new ArrayList<>();
        int routers = count / 10;
        for (int i = 1; i <= count; i++) {
            boolean router = i % 10 == 0;
            int site = i / 10 * 54 / 100;
            Owner owner = router
                    ? Owner.tags("tag:router", "tag:site-" + site % 40, i % 20 == 0 ? "tag:east" : "tag:west")
                    : Owner.user(new UserId("u" + random.nextInt(userCount)));
            Node node = Node.builder(new NodeId(i), "n" + i, owner)
                    .address(IpAddress.parse("100." + (64 + (i >> 16)) + "." + (i >> 8 & 255) + "." + (i & 255)))
                    .address(IpAddress.parse("fd7a:115c:a1e0::" + Integer.toHexString(1 + (i >> 16)) + ":"
                            + Integer.toHexString(i & 0xffff)))
                    .build();
            TreeSet<Prefix> effective = new TreeSet<>();
            for (int k = 0; router && k < 5; k++) {
                effective.add(Prefix.parse("10." + site % 250 + "." + (site / 250 * 5 + k) + ".0/24"));
            }
            if (router && i / 10 * 20 < routers) {
                effective.add(Prefix.parse("0.0.0.0/0"));
                effective.add(Prefix.parse("::/0"));
            }
            nodes.add(new NodeRoutes(node, effective));
        }
        return nodes;
    }

    private RoutingPolicy policy(Random random, int ruleCount) {
        RoutingPolicyBuilder draft = RoutingPolicy.builder();
        List<List<Selector.UserName>> groups = new ArrayList<>();
        for (int i = 0; i < DEPARTMENTS; i++) {
            groups.add(new ArrayList<>());
        }
        for (int i = 0; i < users.all().size(); i++) {
            groups.get(i % DEPARTMENTS).add(new Selector.UserName("user" + i + "@"));
        }
        for (int i = 0; i < DEPARTMENTS; i++) {
            draft.group("group:g" + i, groups.get(i));
        }
        List<Tag> tags = new ArrayList<>(List.of(new Tag("tag:router"), new Tag("tag:east"), new Tag("tag:west")));
        for (int i = 0; i < 40; i++) {
            tags.add(new Tag("tag:site-" + i));
        }
        tags.forEach(tag -> draft.tagOwners(tag, List.of()));
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < ruleCount; i++) {
            boolean via = i % 4 == 3;
            Selector source = new Selector.Group("group:g" + i % DEPARTMENTS);
            Selector destination;
            int kind = i % 10;
            if (kind == 0 && !via) {
                destination = new Selector.Group("group:g" + random.nextInt(DEPARTMENTS));
            } else if (kind == 1 && !via) {
                destination = new Selector.Tagged(tags.get(random.nextInt(tags.size())));
            } else if (kind == 2) {
                destination = Selector.Autogroup.INTERNET;
            } else {
                destination = new Selector.Network(
                        kind < 6
                                ? Prefix.parse("10." + random.nextInt(250) + ".0.0/16")
                                : Prefix.parse("10." + random.nextInt(250) + "." + random.nextInt(10) + ".0/24"));
            }
            Traffic traffic =
                    new Traffic(new Protocol(6), List.of(i % 3 == 0 ? PortRange.ALL : new PortRange(443, 443)));
            TreeSet<Tag> through = new TreeSet<>();
            if (via) {
                through.add(tags.get(1 + random.nextInt(2)));
            }
            grants.add(new Grant(List.of(source), List.of(destination), List.of(traffic), new TreeMap<>(), through));
        }
        return draft.grants(grants).build();
    }
}
