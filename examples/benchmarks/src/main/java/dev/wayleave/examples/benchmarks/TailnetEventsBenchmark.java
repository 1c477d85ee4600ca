package dev.wayleave.examples.benchmarks;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
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
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.ViewChanges;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One event in a tailnet of many nodes: the step, the views after it, and the difference for every viewer. Each event
 * is undone before the next, which is not measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 5,
        jvmArgs = {"-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 3, time = 2)
public class TailnetEventsBenchmark {

    /** The event that is measured. */
    public enum Event {
        CLIENT_JOINS,
        CLIENT_LEAVES,
        CLIENT_GETS_OTHER_ADDRESSES,
        CLIENT_IS_RETAGGED,
        CLIENT_CHANGES_USER,
        ROUTER_LEAVES,
        ROUTER_IS_RETAGGED,
        NODE_IS_RENAMED,
        NODE_GETS_A_NEW_KEY,
        ROUTE_IS_APPROVED,
        ROUTE_IS_WITHDRAWN,
        ROUTER_FAILS_OVER,
        CLIENT_GOES_OFFLINE,
        /** One of the users, to whom a thousandth of the nodes belong. */
        USER_LEAVES_A_GROUP,
        /** One of the users becomes an administrator. */
        USER_CHANGES_ROLE,
        /** One grant more, after the other grants. */
        GRANT_IS_ADDED,
        THOUSAND_JOIN
    }

    /** The rules of the policy. */
    public enum Rules {
        /** 200 rules, of which 50 have {@code via}, and 60 groups. */
        GRANTS,
        /** All nodes may reach all nodes. */
        OPEN,
        /** Those of {@link #GRANTS}, 50 {@code autogroup:self} rules, and 5,000 users. */
        SELF
    }

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Actor HOST = new Actor("host");
    private static final int USERS = 1_000;

    @Param({"10000", "100000"})
    int nodes;

    @Param({"GRANTS", "OPEN", "SELF"})
    Rules rules;

    @Param
    Event event;

    private final Random random = new Random(5);
    private RoutingState start;
    private RoutingViews views;
    private List<Submission> submissions;
    private RoutingViews after;

    @Setup
    public void setUp() {
        start = state();
        views = RoutingViews.of(start);
        prepare();
    }

    /** The tailnet that is measured, for other questions. */
    static RoutingState tailnet(int nodes, Rules rules) {
        TailnetEventsBenchmark benchmark = new TailnetEventsBenchmark();
        benchmark.nodes = nodes;
        benchmark.rules = rules;
        return benchmark.state();
    }

    private int userCount() {
        return rules == Rules.SELF ? 5 * USERS : USERS;
    }

    private RoutingState state() {
        Tailnet10k tailnet = new Tailnet10k(nodes, 200, userCount());
        RoutingPolicy policy = switch (rules) {
            case GRANTS -> tailnet.policy;
            case OPEN -> RoutingPolicy.builder().build();
            case SELF -> VisibilitySize.withSelf(tailnet.policy, 50);
        };
        Approval approval = new Approval(new Approver.Administrator(HOST), START);
        List<NodeRow> nodeRows = new ArrayList<>();
        List<RouteRow> routeRows = new ArrayList<>();
        Set<Prefix> served = new HashSet<>();
        List<Submission> connects = new ArrayList<>();
        for (NodeRoutes node : tailnet.nodes) {
            NodeId id = node.node().id();
            nodeRows.add(new NodeRow(node.node(), null, !node.effective().isEmpty(), null));
            for (Prefix prefix : node.effective()) {
                boolean primary = !prefix.isExitRoute() && served.add(prefix);
                routeRows.add(new RouteRow(id, prefix, START, new RouteRow.Approved(approval), primary));
            }
            connects.add(Submission.of(HOST, new Command.ConnectSession(id, session(id))));
        }
        TailnetRow row = new TailnetRow(
                new TailnetId("example.com"),
                RoutingSettings.builder()
                        .grace(Duration.ZERO)
                        .silenceLimit(RoutingSettings.LONGEST)
                        .build(),
                policy);
        RoutingState restored =
                RoutingState.restore(new StateRows(row, tailnet.users.all(), nodeRows, routeRows), START);
        return Routing.step(restored, connects, START).next();
    }

    private static SessionId session(NodeId id) {
        return new SessionId("session-of-" + id);
    }

    /** The next event happens to another node of the same tailnet. */
    @Setup(Level.Invocation)
    public void prepare() {
        long client = client();
        NodeId id = new NodeId(client);
        NodeId router = new NodeId(10L * (1 + random.nextInt(nodes / 10)));
        submissions = switch (event) {
            case CLIENT_JOINS -> one(new Command.RegisterNode(newcomer(0)));
            case CLIENT_LEAVES -> one(new Command.RemoveNode(id));
            case CLIENT_GETS_OTHER_ADDRESSES ->
                one(update(id)
                        .noAddresses()
                        .address(IpAddress.ofIpv4((100 << 24 | 120 << 16) + random.nextInt(1 << 16)))
                        .build());
            case CLIENT_IS_RETAGGED ->
                one(update(id).owner(Owner.tags("tag:east")).build());
            case CLIENT_CHANGES_USER -> one(update(id).owner(Owner.user(user())).build());
            case ROUTER_LEAVES -> one(new Command.RemoveNode(router));
            case ROUTER_IS_RETAGGED ->
                one(update(router)
                        .owner(Owner.tags("tag:router", "tag:site-" + random.nextInt(40), "tag:east"))
                        .build());
            case NODE_IS_RENAMED ->
                one(update(id).name("renamed-" + random.nextInt(1_000_000)).build());
            case NODE_GETS_A_NEW_KEY ->
                one(update(id).hostKey("key-" + random.nextLong()).build());
            case ROUTE_IS_APPROVED -> approve(router);
            case ROUTE_IS_WITHDRAWN -> withdraw(router);
            case ROUTER_FAILS_OVER -> one(new Command.DisconnectSession(router, session(router)));
            case CLIENT_GOES_OFFLINE -> one(new Command.DisconnectSession(id, session(id)));
            case USER_LEAVES_A_GROUP -> one(new Command.SetPolicy(withoutOneMember()));
            case USER_CHANGES_ROLE -> one(new Command.SetUsers(withOneAdministrator()));
            case GRANT_IS_ADDED -> one(new Command.SetPolicy(withOneGrantMore()));
            case THOUSAND_JOIN -> thousand();
        };
    }

    private RoutingPolicy withoutOneMember() {
        RoutingPolicy policy = start.policy();
        if (policy.groups().isEmpty()) {
            return policy;
        }
        String group = "group:g" + random.nextInt(Tailnet10k.DEPARTMENTS);
        List<Selector.UserName> members = new ArrayList<>(policy.groups().get(group));
        members.remove(random.nextInt(members.size()));
        return policy.toBuilder().group(group, members).build();
    }

    private Users withOneAdministrator() {
        List<User> users = new ArrayList<>(start.users().all());
        int one = random.nextInt(users.size());
        users.set(one, users.get(one).toBuilder().role(Role.ADMIN).build());
        return Users.of(users);
    }

    private RoutingPolicy withOneGrantMore() {
        RoutingPolicy policy = start.policy();
        List<Grant> grants = new ArrayList<>(policy.grants().orElse(List.of()));
        Selector source = grants.isEmpty()
                ? new Selector.Everything()
                : new Selector.Group("group:g" + random.nextInt(Tailnet10k.DEPARTMENTS));
        grants.add(new Grant(
                List.of(source),
                List.of(new Selector.Network(Prefix.parse("10." + random.nextInt(250) + ".0.0/16"))),
                List.of(Traffic.ALL),
                new TreeMap<>(),
                new TreeSet<>()));
        return policy.toBuilder().grants(grants).build();
    }

    private long client() {
        long client = 1 + random.nextInt(nodes - 1);
        return client % 10 == 0 ? client + 1 : client;
    }

    private UserId user() {
        return new UserId("u" + random.nextInt(userCount()));
    }

    private Node newcomer(int i) {
        return Node.builder(new NodeId(nodes + 1L + i), "new-" + i, Owner.user(user()))
                .address(IpAddress.ofIpv4((100 << 24 | 126 << 16) + i))
                .address(IpAddress.parse("fd7a:115c:a1e0::ffff:" + Integer.toHexString(i)))
                .registeredAt(START)
                .build();
    }

    private Node.Builder update(NodeId id) {
        return start.node(id).orElseThrow().facts().toBuilder();
    }

    private static List<Submission> one(Node node) {
        return one(new Command.UpdateNode(node));
    }

    private static List<Submission> one(Command command) {
        return List.of(Submission.of(HOST, command));
    }

    private List<Submission> approve(NodeId router) {
        Prefix prefix = Prefix.parse("10." + random.nextInt(250) + "." + (200 + random.nextInt(50)) + ".0/24");
        TreeSet<Prefix> advertised =
                new TreeSet<>(start.node(router).orElseThrow().advertised());
        advertised.add(prefix);
        return List.of(Submission.of(
                HOST,
                new Command.AdvertiseRoutes(router, advertised),
                new Command.ApproveRoutes(router, new TreeSet<>(Set.of(prefix)))));
    }

    private List<Submission> withdraw(NodeId router) {
        TreeSet<Prefix> advertised =
                new TreeSet<>(start.node(router).orElseThrow().advertised());
        advertised.remove(advertised.last());
        return one(new Command.AdvertiseRoutes(router, advertised));
    }

    private List<Submission> thousand() {
        List<Submission> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.addAll(one(new Command.RegisterNode(newcomer(i))));
        }
        return all;
    }

    /** {@return whose view changed; the views themselves are kept} */
    @Benchmark
    public ViewChanges event() {
        Step step = Routing.step(start, submissions, START);
        after = views.after(step);
        return after.changesSince(views);
    }
}
