package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.settings.RoutingSettingsBuilder;
import dev.wayleave.testing.Fault;
import dev.wayleave.testing.NaiveOverlay;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.engine.Comparison;
import dev.wayleave.visibility.engine.ElectedRoute;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One long history of a tailnet whose nodes, routes, sessions, users and policy change all the time: the views that are
 * kept up are those computed from nothing and those of the slow twin, and so is the difference of each step. {@code
 * -Dwayleave.slow=true} runs a million steps, and compares after every thousandth.
 */
class ViewsSoakTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");
    private static final int STEPS = SLOW ? 230_000 : 1_500;
    private static final int COMPARED = SLOW ? 1_000 : 50;
    private static final int FEW = 50;
    private static final Actor HOST = new Actor("host");
    private static final SessionHolder THERE = new SessionHolder("there");

    private static final List<String> GRANTS = List.of("""
            {"src": ["group:dev"], "dst": ["tag:router", "10.0.0.0/8"], "ip": ["*"]}""", """
            {"src": ["group:ops"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"], "via": ["tag:east"]}""", """
            {"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}""", """
            {"src": ["tag:server"], "dst": ["group:ops", "100.64.0.3"], "ip": ["*"]}""", """
            {"src": ["*"], "dst": ["autogroup:internet"], "ip": ["*"]}""", """
            {"src": ["10.2.0.0/16"], "dst": ["tag:server"], "ip": ["udp:53"]}""", """
            {"src": ["group:dev", "tag:east"], "dst": ["tag:server"], "app": {"example.com/cap": [{}]}}""");

    private static final String POLICY = """
            {"groups": {"group:dev": ["ann@"], "group:ops": ["bob@", "%s@"]},
             "acls": [{"action": "accept", "src": ["tag:server"],
                       "dst": ["autogroup:admin:22", "autogroup:member:80", "group:ops:443", "tag:east:80,443"]}],
             "tagOwners": {"tag:router": [], "tag:east": [], "tag:server": []},
             "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}, "exitNode": ["tag:east"]},
             "grants": [%s]}""";

    private static final String ALL_RULES = POLICY.formatted("ann", String.join(", ", GRANTS));

    private enum Preset {
        DEFAULT(RoutingSettings.DEFAULT, false, 24, 3),
        TAILSCALE(RoutingSettings.TAILSCALE, false, 24, 3),
        HEADSCALE(RoutingSettings.HEADSCALE, false, 24, 3),
        /** One of several processes that share the tailnet. */
        SHARED(RoutingSettings.DEFAULT, true, 24, 3),
        /** More classes than a word has bits, and more nodes than a chunk has values. */
        CROWD(RoutingSettings.DEFAULT, false, 300, 150);

        private final RoutingSettings settings;
        private final boolean shared;
        private final int nodes;
        private final int users;

        Preset(RoutingSettings settings, boolean shared, int nodes, int users) {
            this.settings = settings;
            this.shared = shared;
            this.nodes = nodes;
            this.users = users;
        }

        private RoutingState empty(Instant now) {
            TailnetId tailnet = new TailnetId("example.com");
            return shared
                    ? RoutingState.emptyShared(tailnet, settings, new SessionHolder("here"), now)
                    : RoutingState.empty(tailnet, settings, now);
        }
    }

    private Preset preset = Preset.DEFAULT;
    private int mostClasses;
    private int comparedWithTheTwin;

    @ParameterizedTest
    @EnumSource(Preset.class)
    void aLongHistoryEndsInTheViewsOfItsState(Preset its) {
        preset = its;
        Random random = new Random(20261129 + preset.ordinal());
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        RoutingViews views = RoutingViews.of(preset.empty(now));
        RoutingViews compared = views;
        for (int i = 1; i <= (preset == Preset.CROWD ? STEPS / 5 : STEPS); i++) {
            now = now.plus(Duration.ofSeconds(random.nextInt(20)));
            List<Submission> submissions = new ArrayList<>();
            if (i == 1 && preset == Preset.CROWD) {
                submissions.addAll(crowd(random, now));
            }
            if (random.nextInt(200) == 0) {
                Duration by = Duration.ofMinutes(random.nextInt(120) - 60L);
                now = now.plus(by);
                submissions.add(Submission.of(HOST, new Command.StepClock(by)));
            }
            for (int k = random.nextInt(3); k >= 0; k--) {
                List<Command> commands = new ArrayList<>();
                do {
                    commands.add(
                            random.nextInt(150) == 0
                                    ? new Command.SetSettings(settings(random))
                                    : command(random, now));
                } while (random.nextInt(6) == 0);
                submissions.add(new Submission(HOST, null, commands));
            }
            Step step = Routing.step(views.state(), submissions, now);
            RoutingViews next = views.after(step);
            mostClasses = Math.max(mostClasses, next.viewerClassCount());
            if (i % COMPARED == 0) {
                assertSame(compared, views, next);
                compared = next;
            }
            views = next;
        }
        assertThat(comparedWithTheTwin).isGreaterThan(preset == Preset.CROWD ? -1 : 3);
        assertThat(mostClasses).isGreaterThan(preset == Preset.CROWD ? Long.SIZE : 5);
        for (long id = 1; id <= preset.nodes; id++) {
            Step step = Routing.step(
                    views.state(), List.of(Submission.of(HOST, new Command.RemoveNode(new NodeId(id)))), now);
            views = views.after(step);
        }
        assertThat(views.viewerClassCount()).isZero();
    }

    /** The views and two differences, after one step and after many, against views that were made from nothing. */
    private void assertSame(RoutingViews compared, RoutingViews before, RoutingViews after) {
        RoutingViews fresh = RoutingViews.of(after.state());
        assertThat(after.viewerClassCount()).isEqualTo(fresh.viewerClassCount());
        assertThat(fresh.changesSince(after)).isEqualTo(ViewChanges.NONE);
        for (NodeId viewer : after.state().nodes().keySet()) {
            assertThat(after.viewer(viewer).orElseThrow().routes())
                    .isEqualTo(fresh.viewer(viewer).orElseThrow().routes());
            assertThat(after.viewer(viewer).orElseThrow().peers())
                    .isEqualTo(fresh.viewer(viewer).orElseThrow().peers());
            assertThat(after.viewer(viewer).orElseThrow().selfPrimary())
                    .isEqualTo(fresh.viewer(viewer).orElseThrow().selfPrimary());
            assertThat(after.viewer(viewer).orElseThrow().withheld())
                    .isEqualTo(fresh.viewer(viewer).orElseThrow().withheld());
            assertThat(after.filter(viewer)).isEqualTo(fresh.filter(viewer));
        }
        boolean knownOverlay = after.state().settings().overlay().equals(OverlayRanges.DEFAULT);
        if (knownOverlay && after.state().nodes().size() < FEW) {
            assertSameAsTheTwin(after);
            comparedWithTheTwin++;
        }
        for (RoutingViews earlier : List.of(before, compared)) {
            ViewChanges kept = after.changesSince(earlier);
            ViewChanges anew = fresh.changesSince(RoutingViews.of(earlier.state()));
            for (NodeId viewer : after.state().nodes().keySet()) {
                assertThat(kept.of(viewer).map(ViewsSoakTest::content))
                        .as("change of %s", viewer)
                        .isEqualTo(anew.of(viewer).map(ViewsSoakTest::content));
            }
        }
    }

    /** The slow twin asks every rule about every pair of nodes. */
    private static void assertSameAsTheTwin(RoutingViews views) {
        RoutingState state = views.state();
        List<NodeRoutes> nodes = new ArrayList<>();
        state.nodes().values().forEach(node -> nodes.add(new NodeRoutes(node.facts(), node.effectiveSet())));
        Map<Prefix, ElectedRoute> elected = new TreeMap<>();
        state.routes()
                .forEach((prefix, route) -> elected.put(
                        prefix,
                        ElectedRoute.of(
                                route.primaryOrNull(),
                                route.candidates(),
                                state.settings().election().order())));
        NaiveTailnet tailnet = new NaiveTailnet(
                state.policy(), state.users(), nodes, state.settings().exit(), NaiveOverlay.DEFAULT);
        Comparison.assertSame(tailnet, elected, Fault.NONE, views.visibility());
    }

    private static List<Object> content(ViewChange change) {
        return List.of(change.self(), change.peers(), change.routes(), change.filters());
    }

    private List<Submission> crowd(Random random, Instant now) {
        List<Submission> all = new ArrayList<>();
        all.add(Submission.of(HOST, new Command.SetUsers(users(random))));
        all.add(Submission.of(HOST, new Command.SetPolicy(PolicyReader.read(ALL_RULES))));
        for (int id = 1; id <= preset.nodes; id++) {
            all.add(Submission.of(HOST, new Command.RegisterNode(node(new NodeId(id), random, now))));
        }
        return all;
    }

    private Command command(Random random, Instant now) {
        NodeId id = new NodeId(1 + random.nextInt(preset.nodes));
        return switch (random.nextInt(5)) {
            case 0 -> ofNode(id, random, now);
            case 1, 2 -> ofRoutes(id, random);
            case 3 -> ofPresence(id, random, now);
            default -> {
                int kind = random.nextInt(8);
                yield kind == 0
                        ? new Command.SetPolicy(policy(random))
                        : kind == 1 ? new Command.SetUsers(users(random)) : ofPresence(id, random, now);
            }
        };
    }

    private Command ofNode(NodeId id, Random random, Instant now) {
        return switch (random.nextInt(4)) {
            case 0, 1 -> new Command.RegisterNode(node(id, random, now));
            case 2 -> new Command.UpdateNode(node(id, random, now));
            default -> new Command.RemoveNode(id);
        };
    }

    private static Command ofRoutes(NodeId id, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> new Command.SetApprovedRoutes(id, prefixes(random));
            case 1 -> new Command.ApproveRoutes(id, prefixes(random));
            case 2 -> new Command.RevokeRoutes(id, prefixes(random));
            case 3 -> new Command.ImportApprovals(id, prefixes(random), "elsewhere");
            default -> new Command.AdvertiseRoutes(id, prefixes(random));
        };
    }

    private Command ofPresence(NodeId id, Random random, Instant now) {
        SessionId session = new SessionId("session-of-" + id);
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> new Command.ConnectSession(id, session);
            case 3 -> new Command.DisconnectSession(id, session);
            case 4 ->
                new Command.ReportHealth(id, null, random.nextInt(3) == 0 ? Health.UNHEALTHY : Health.HEALTHY, null);
            case 5 -> new Command.DrainNode(id, random.nextBoolean() ? null : later(random, now), true);
            case 6 -> new Command.UndrainNode(id);
            case 7 -> new Command.PassTime();
            case 8, 9 -> new Command.ReportSession(id, THERE, random.nextInt(3) == 0 ? null : session);
            case 10 -> new Command.EndSessions(THERE);
            default -> new Command.KeepAlive(id, session);
        };
    }

    private static Instant later(Random random, Instant now) {
        return now.plusSeconds(1 + random.nextInt(600));
    }

    private RoutingSettings settings(Random random) {
        RoutingSettingsBuilder builder = preset.settings.toBuilder();
        switch (random.nextInt(4)) {
            case 0 -> builder.order(ElectionOrder.values()[random.nextInt(ElectionOrder.values().length)]);
            case 1 -> builder.exit(ExitRule.values()[random.nextInt(ExitRule.values().length)]);
            case 2 ->
                builder.overlay(
                        OverlayRanges.of(AddressSet.of(Prefix.parse("100.64.0.0/27"), Prefix.parse("2001:db8::/64"))));
            default -> builder.priority(new NodeId(1 + random.nextInt(preset.nodes)), random.nextInt(3));
        }
        return builder.build();
    }

    private Node node(NodeId id, Random random, Instant now) {
        List<Owner> owners = List.of(
                Owner.user(new UserId(name(random.nextInt(preset.users)))),
                Owner.user(new UserId(name(random.nextInt(preset.users)))),
                Owner.user(new UserId(name(random.nextInt(preset.users)))),
                Owner.tags("tag:router"),
                Owner.tags("tag:router", "tag:east"),
                Owner.tags("tag:server"));
        Node.Builder builder = Node.builder(
                        id, "n" + id + "-" + random.nextInt(3), owners.get(random.nextInt(owners.size())))
                .hostKey("key-" + id + "-" + random.nextInt(2))
                .ephemeral(random.nextInt(6) == 0)
                .keyExpiry(random.nextInt(8) == 0 ? later(random, now) : null)
                .registeredAt(Instant.parse("2025-12-01T00:00:00Z").plusSeconds(id.value()));
        // the twin takes each node to have addresses that no other node has
        int own = (int) id.value() + (random.nextBoolean() ? preset.nodes : 0);
        int any = 1 + random.nextInt(2 * preset.nodes);
        if (preset != Preset.CROWD || random.nextInt(8) > 0) {
            builder.address(IpAddress.ofIpv4((100 << 24 | 64 << 16) + (preset == Preset.CROWD ? any : own)));
        }
        if (random.nextInt(4) == 0) {
            builder.address(IpAddress.parse("2001:db8::" + (preset == Preset.CROWD ? any : own)));
        }
        return builder.build();
    }

    private static TreeSet<Prefix> prefixes(Random random) {
        List<String> all = List.of(
                "10.1.0.0/16", "10.1.2.0/24", "10.2.0.0/16", "100.64.0.0/28", "8.8.8.0/24", "0.0.0.0/0", "::/0");
        TreeSet<Prefix> prefixes = new TreeSet<>();
        for (String prefix : all) {
            if (random.nextInt(3) == 0) {
                prefixes.add(Prefix.parse(prefix));
            }
        }
        prefixes.add(Prefix.parse("10.3." + random.nextInt(4) + ".0/24"));
        return prefixes;
    }

    private static String name(int user) {
        return user < 3 ? List.of("ann", "bob", "cid").get(user) : "user" + user;
    }

    private Users users(Random random) {
        List<User> users = new ArrayList<>();
        for (int i = 0; i < preset.users; i++) {
            if (random.nextInt(preset == Preset.CROWD ? 50 : 5) > 0) {
                String name = name(i);
                users.add(User.builder(new UserId(name), name)
                        .role(random.nextBoolean() ? Role.ADMIN : Role.MEMBER)
                        .build());
            }
        }
        return Users.of(users);
    }

    /** Often one of three, so that a policy comes back. */
    private static RoutingPolicy policy(Random random) {
        return random.nextBoolean() ? anyPolicy(new Random(random.nextInt(3))) : anyPolicy(random);
    }

    private static RoutingPolicy anyPolicy(Random random) {
        List<String> grants = new ArrayList<>(GRANTS);
        grants.removeIf(grant -> random.nextInt(4) == 0);
        Collections.shuffle(grants, random);
        return PolicyReader.read(POLICY.formatted(random.nextBoolean() ? "ann" : "cid", String.join(",\n", grants)));
    }
}
