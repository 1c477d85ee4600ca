package dev.wayleave.testing;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Generators for jqwik, biased to trouble: few nodes that share few prefixes, nested and equal ones, half pairs of exit
 * routes, times just before, at and after every deadline, commands for nodes that are gone and sessions that are old.
 *
 * <p>{@link RoutingArbitraryProvider} makes them the defaults of their types, so that {@code @ForAll Prefix p} works.
 */
public final class RoutingArbitraries {

    private static final List<Prefix> FEW = List.of(
            Prefix.parse("10.0.0.0/8"),
            Prefix.parse("10.0.0.0/16"),
            Prefix.parse("192.168.1.0/24"),
            Prefix.parse("fd00::/48"),
            Prefix.parse("0.0.0.0/0"),
            Prefix.parse("::/0"));

    private static final Instant BIRTH = Instant.parse("2025-12-01T00:00:00Z");

    private RoutingArbitraries() {}

    /**
     * Prefixes of both families, most of them from a few neighbourhoods: nested, equal, exit routes, single addresses.
     */
    public static Arbitrary<Prefix> prefixes() {
        Arbitrary<Integer> length = Arbitraries.oneOf(
                Arbitraries.of(0, 1, 8, 16, 24, 31, 32, 48, 64, 127, 128),
                Arbitraries.integers().between(0, 128));
        Arbitrary<Prefix> around = Combinators.combine(addresses(), length)
                .as((address, bits) -> Prefix.truncating(address, address.isIpv4() ? Math.min(bits, 32) : bits));
        return Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.of(FEW)), Tuple.of(2, around));
    }

    /** Addresses of both families: private, public, of the tailnet, with 4via6, and the first and last ones. */
    public static Arbitrary<IpAddress> addresses() {
        return Arbitraries.of(
                        "10.0.0.0",
                        "10.0.0.1",
                        "10.128.0.0",
                        "192.168.1.0",
                        "255.255.255.255",
                        "0.0.0.0",
                        "100.64.0.1",
                        "fd00::",
                        "fd00::1",
                        "fd7a:115c:a1e0:b1a:0:7:a01:200",
                        "2001:db8::",
                        "::",
                        "::ffff:10.0.0.0",
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
                .map(IpAddress::parse);
    }

    /** Nodes of three users or with tags, some of them ephemeral, some with an expiring key. */
    public static Arbitrary<Node> nodes() {
        return Combinators.combine(
                        nodeIds(),
                        owners(),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(
                                        Optional.<Duration>empty(),
                                        Optional.of(Duration.ofSeconds(45)),
                                        Optional.of(Duration.ofDays(-1)))
                                .injectDuplicates(0.6),
                        Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)))
                .as((id, whose, born, expiry, ephemeral) -> Node.builder(id, "node-" + id, whose)
                        .registeredAt(BIRTH.plusSeconds(born))
                        .keyExpiry(expiry.map(Scenario.START::plus).orElse(null))
                        .ephemeral(ephemeral)
                        .address(IpAddress.parse("100.64.0." + id))
                        .build());
    }

    /** Three users, and lists of tags. */
    public static Arbitrary<Owner> owners() {
        return Arbitraries.of(
                Owner.user(new UserId("1")),
                Owner.user(new UserId("2")),
                Owner.user(new UserId("3")),
                Owner.tags("tag:router"),
                Owner.tags("tag:router", "tag:exit"),
                Owner.tags("tag:server"));
    }

    /**
     * A few policies for the tailnets of {@link #scripts()}, which name their users and tags: policies that approve
     * much, little, by several kinds of approvers, or nothing; some open everything, some open little, by rules of
     * every kind. {@link PolicyArbitraries#policies} makes policies of any shape.
     */
    public static Arbitrary<RoutingPolicy> policies() {
        Arbitrary<String> texts = Arbitraries.of("{}", """
                        {"tagOwners": {"tag:router": [], "tag:exit": []},
                         "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}, "exitNode": ["tag:exit"]}}""", """
                        {"groups": {"group:net": ["One@Example.com", "two@example.com"]},
                         "autoApprovers": {"routes": {"0.0.0.0/0": ["group:net"], "::/0": ["one@"]},
                                           "exitNode": ["two@example.com"]}}""", """
                        {"tagOwners": {"tag:router": []},
                         "autoApprovers": {"routes": {"10.0.0.0/16": ["autogroup:member", "tag:router"],
                                                      "fd00::/16": ["autogroup:admin"]},
                                           "exitNode": ["autogroup:member"]}}""", """
                        {"groups": {"group:net": ["one@example.com"]},
                         "tagOwners": {"tag:router": [], "tag:server": [], "tag:exit": []},
                         "autoApprovers": {"routes": {"0.0.0.0/0": ["tag:router", "group:net"]},
                                           "exitNode": ["tag:exit", "autogroup:member"]},
                         "acls": [{"action": "accept", "src": ["group:net"], "dst": ["10.0.0.0/8:*"]},
                                  {"action": "accept", "src": ["autogroup:member"],
                                   "dst": ["autogroup:internet:*", "tag:server:22"]},
                                  {"action": "accept", "src": ["tag:server"], "dst": ["192.168.1.0/24:80"]},
                                  {"action": "accept", "src": ["autogroup:member"], \
                        "dst": ["autogroup:self:*"]}]}""", """
                        {"tagOwners": {"tag:router": [], "tag:server": [], "tag:exit": []},
                         "autoApprovers": {"routes": {"0.0.0.0/0": ["tag:router", "autogroup:member"],
                                                      "::/0": ["tag:router"]},
                                           "exitNode": ["tag:exit"]},
                         "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/8"], "ip": ["*"],
                                     "via": ["tag:exit"]},
                                    {"src": ["tag:router"], "dst": ["10.0.0.0/16"], "ip": ["tcp:443"]},
                                    {"src": ["10.0.0.0/8"], "dst": ["tag:server"], "ip": ["*"]},
                                    {"src": ["tag:server"], "dst": ["autogroup:internet"], "ip": ["*"],
                                     "via": ["tag:exit"]},
                                    {"src": ["*"], "dst": ["fd00::/48"], "ip": ["*"]}]}""");
        // the same policy in other words
        return Combinators.combine(texts, Arbitraries.of("", " // again"))
                .as((text, more) -> PolicyReader.read(text + more));
    }

    /** The presets, and each rule turned to its other side. */
    public static Arbitrary<RoutingSettings> settings() {
        Arbitrary<RoutingSettings> preset =
                Arbitraries.of(RoutingSettings.DEFAULT, RoutingSettings.TAILSCALE, RoutingSettings.HEADSCALE);
        Arbitrary<FailBack> failBack =
                Arbitraries.of(FailBack.never(), FailBack.atOnce(), FailBack.after(Duration.ofSeconds(20)));
        Arbitrary<RoutingSettings> free = Combinators.combine(
                        failBack,
                        Arbitraries.of(OfflineRule.values()),
                        Arbitraries.of(WithdrawalRule.values()),
                        Arbitraries.of(ElectionOrder.values()),
                        Arbitraries.of(true, false),
                        Arbitraries.of(Duration.ZERO, Duration.ofSeconds(15)),
                        Arbitraries.of(Optional.<Duration>empty(), Optional.of(Duration.ofSeconds(130))),
                        Arbitraries.integers().between(-1, 1))
                .as((back, offline, withdrawal, order, retroactive, grace, silence, priority) -> silence.map(
                                RoutingSettings.builder()::silenceLimit)
                        .orElseGet(RoutingSettings.builder()::withoutSilenceLimit)
                        .failBack(back)
                        .offline(offline)
                        .withdrawal(withdrawal)
                        .order(order)
                        .retroactive(retroactive)
                        .grace(grace)
                        .priority(new NodeId(2), priority)
                        .priority(new NodeId(3), FEW.get(0), -priority)
                        .build());
        return Arbitraries.oneOf(preset, free);
    }

    /** Users with one, two or all of three keys, in several roles. */
    public static Arbitrary<Users> users() {
        return Arbitraries.of(
                Users.of(user("1", "one", Role.MEMBER), user("2", "two", Role.ADMIN), user("3", "three", Role.OWNER)),
                Users.of(user("1", "one", Role.ADMIN), user("2", "two", Role.MEMBER), user("3", "three", Role.MEMBER)),
                Users.of(user("1", "one", Role.MEMBER)));
    }

    private static User user(String id, String name, Role role) {
        return User.builder(new UserId(id), name)
                .email(name + "@example.com")
                .role(role)
                .build();
    }

    /** The numbers of five nodes. */
    public static Arbitrary<NodeId> nodeIds() {
        return Arbitraries.longs().between(1, 5).map(NodeId::new);
    }

    private static Arbitrary<Set<Prefix>> lists() {
        return Arbitraries.of(FEW).set().ofMinSize(0).ofMaxSize(4);
    }

    /** Three sessions. */
    public static Arbitrary<SessionId> sessions() {
        return Arbitraries.of("s1", "s2", "s3").map(SessionId::new);
    }

    /** Any command, most of them about nodes that exist. */
    public static Arbitrary<Command> commands() {
        Arbitrary<SessionId> session = sessions();
        Arbitrary<Command> registered = nodes().map(Command.RegisterNode::new);
        Arbitrary<Command> connected = Combinators.combine(nodeIds(), session).as(Command.ConnectSession::new);
        Arbitrary<Command> disconnected =
                Combinators.combine(nodeIds(), session).as(Command.DisconnectSession::new);
        Arbitrary<Command> keepAlive = Combinators.combine(
                        nodeIds(),
                        session,
                        Arbitraries.just(Scenario.START.plusSeconds(30)).injectNull(0.5))
                .as(Command.KeepAlive::new);
        Arbitrary<Command> advertised =
                Combinators.combine(nodeIds(), lists()).as((node, list) -> new Command.AdvertiseRoutes(node, list));
        Arbitrary<Command> approved =
                Combinators.combine(nodeIds(), lists()).as((node, list) -> new Command.SetApprovedRoutes(node, list));
        Arbitrary<Command> added = Combinators.combine(nodeIds(), lists().filter(list -> !list.isEmpty()))
                .as((node, list) -> new Command.ApproveRoutes(node, list));
        Arbitrary<Command> revoked =
                Combinators.combine(nodeIds(), lists()).as((node, list) -> new Command.RevokeRoutes(node, list));
        Arbitrary<Command> imported = Combinators.combine(nodeIds(), lists())
                .as((node, list) -> new Command.ImportApprovals(node, list, "elsewhere"));
        Arbitrary<Command> health = Combinators.combine(
                        nodeIds(),
                        Arbitraries.of(FEW).injectNull(0.5),
                        Arbitraries.of(Health.values()),
                        session.injectNull(0.8))
                .as(Command.ReportHealth::new);
        Arbitrary<Command> drain = Combinators.combine(
                        nodeIds(),
                        Arbitraries.of(0, 40, 400)
                                .map(seconds -> Scenario.START.plusSeconds(seconds))
                                .injectNull(0.5),
                        Arbitraries.of(true, false))
                .as(Command.DrainNode::new);
        return Arbitraries.frequencyOf(
                Tuple.of(6, registered),
                Tuple.of(2, nodes().map(Command.UpdateNode::new)),
                Tuple.of(1, nodeIds().map(Command.RemoveNode::new)),
                Tuple.of(8, connected),
                Tuple.of(5, disconnected),
                Tuple.of(4, keepAlive),
                Tuple.of(8, advertised),
                Tuple.of(4, approved),
                Tuple.of(3, added),
                Tuple.of(2, revoked),
                Tuple.of(1, imported),
                Tuple.of(4, health),
                Tuple.of(3, drain),
                Tuple.of(2, nodeIds().map(Command.UndrainNode::new)),
                Tuple.of(2, policies().map(Command.SetPolicy::new)),
                Tuple.of(1, settings().map(Command.SetSettings::new)),
                Tuple.of(2, users().map(Command.SetUsers::new)),
                Tuple.of(1, Arbitraries.just(new Command.PassTime())),
                Tuple.of(1, clockSteps().map(Command.StepClock::new)));
    }

    /** One to three commands of one actor. */
    public static Arbitrary<Submission> submissions() {
        return commands().list().ofMinSize(1).ofMaxSize(3).map(list -> new Submission(new Actor("any"), null, list));
    }

    /** What histories of {@link #scripts()} lead to. */
    public static Arbitrary<RoutingState> states() {
        return scripts().map(script -> {
            List<Step> steps = steps(script);
            return steps.isEmpty()
                    ? script.start()
                    : steps.get(steps.size() - 1).next();
        });
    }

    /** The rows of {@link #states()}. */
    public static Arbitrary<StateRows> rows() {
        return states().map(RoutingState::rows);
    }

    /** Events of histories of {@link #scripts()}. */
    public static Arbitrary<RouteEvent> events() {
        return scripts()
                .map(script -> steps(script).stream()
                        .flatMap(step -> step.events().stream())
                        .toList())
                .filter(events -> !events.isEmpty())
                .flatMap(Arbitraries::of);
    }

    private static List<Step> steps(Script script) {
        List<Step> steps = new ArrayList<>();
        RoutingState state = script.start();
        for (Script.Moment moment : script.moments()) {
            Step step = Routing.step(state, moment.submissions(), moment.at());
            steps.add(step);
            state = step.next();
        }
        return steps;
    }

    /** By how much a clock is stepped: a little, an hour, a day, either way. */
    public static Arbitrary<Duration> clockSteps() {
        return Combinators.combine(
                        Arbitraries.of(500L, 1_000L, 15_000L, 3_600_000L, 86_400_000L), Arbitraries.of(1, -1))
                .as((millis, sign) -> Duration.ofMillis(millis * sign));
    }

    /** Histories that begin with some policy. */
    public static Arbitrary<Script> scriptsUnderPolicies() {
        return Combinators.combine(policies(), scripts()).as((policy, script) -> {
            Submission first = Submission.of(new Actor("any"), new Command.SetPolicy(policy));
            List<Script.Moment> moments = new ArrayList<>();
            moments.add(new Script.Moment(script.start().now(), List.of(first)));
            moments.addAll(script.moments());
            return new Script(script.start(), moments);
        });
    }

    /** Histories of a tailnet with three users, up to forty steps of up to three submissions. */
    public static Arbitrary<Script> scripts() {
        return settings().flatMap(RoutingArbitraries::scripts);
    }

    /** Histories under given settings. Time runs by amounts that meet every deadline. */
    public static Arbitrary<Script> scripts(RoutingSettings settings) {
        Arbitrary<Duration> pause = Arbitraries.of(
                        0L,
                        0L,
                        0L,
                        1_000L,
                        9_999L,
                        10_000L,
                        14_999L,
                        15_000L,
                        20_000L,
                        60_000L,
                        129_999L,
                        130_000L,
                        145_000L,
                        1_800_000L,
                        -5_000L)
                .map(Duration::ofMillis);
        Arbitrary<List<Submission>> submissions = Arbitraries.frequencyOf(
                Tuple.of(12, submissions().list().ofMaxSize(3)),
                Tuple.of(1, Arbitraries.of(true, false).map(RoutingArbitraries::comeAndGo)));
        Arbitrary<Duration> clockStep = clockSteps().optional(0.05).map(step -> step.orElse(Duration.ZERO));
        return Combinators.combine(pause, submissions, clockStep)
                .as(Pause::new)
                .list()
                .ofMaxSize(40)
                .map(pauses -> script(settings, pauses));
    }

    /** A user who comes, gets a node, and is to go again within one step. */
    private static List<Submission> comeAndGo(boolean atOnce) {
        User one = user("1", "one", Role.MEMBER);
        User four = user("4", "four", Role.MEMBER);
        List<Command> commands = List.of(
                new Command.SetUsers(Users.of(one, user("2", "two", Role.ADMIN), user("3", "three", Role.OWNER), four)),
                new Command.RegisterNode(Node.builder(new NodeId(5), "node-5", Owner.user(four.id()))
                        .registeredAt(BIRTH)
                        .build()),
                new Command.SetUsers(Users.of(one, user("2", "two", Role.ADMIN), user("3", "three", Role.OWNER))));
        return atOnce
                ? List.of(new Submission(new Actor("any"), null, commands))
                : commands.stream()
                        .map(command -> Submission.of(new Actor("any"), command))
                        .toList();
    }

    private record Pause(Duration time, List<Submission> submissions, Duration clockStep) {

        /** With the step of the clock in the middle of the rest, which has to make no difference. */
        List<Submission> all() {
            List<Submission> all = new ArrayList<>(submissions);
            if (!clockStep.isZero()) {
                all.add(all.size() / 2, Submission.of(new Actor("clock"), new Command.StepClock(clockStep)));
            }
            return all;
        }
    }

    private static Script script(RoutingSettings settings, List<Pause> pauses) {
        RoutingState empty = RoutingState.empty(new TailnetId("example.com"), settings, Scenario.START);
        List<Script.Moment> moments = new ArrayList<>();
        List<Command> setUp = new ArrayList<>();
        setUp.add(new Command.SetUsers(
                Users.of(user("1", "one", Role.MEMBER), user("2", "two", Role.ADMIN), user("3", "three", Role.OWNER))));
        for (long id = 1; id <= 4; id++) {
            setUp.add(new Command.RegisterNode(Node.builder(new NodeId(id), "node-" + id, Owner.tags("tag:router"))
                    .registeredAt(BIRTH)
                    .build()));
        }
        moments.add(new Script.Moment(Scenario.START, List.of(new Submission(new Actor("set-up"), null, setUp))));
        Instant now = Scenario.START;
        for (Pause pause : pauses) {
            now = now.plus(pause.time()).plus(pause.clockStep());
            moments.add(new Script.Moment(now, pause.all()));
        }
        return new Script(empty, moments);
    }
}
