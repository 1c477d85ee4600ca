package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.RuleId;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Views whose history has branches, or a policy that comes back, or several readers. */
class ViewsHistoryTest {

    private static final Actor HOST = new Actor("host");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);
    private static final NodeId THREE = new NodeId(3);
    private static final String A_TO_B = grant("tag:a", "tag:b");
    private static final String B_TO_C = grant("tag:b", "tag:c");

    private static String grant(String source, String destination) {
        return """
                {"src": ["%s"], "dst": ["%s"], "ip": ["*"]}""".formatted(source, destination);
    }

    private static Command policy(String... grants) {
        return new Command.SetPolicy(PolicyReader.read("""
                {"tagOwners": {"tag:a": [], "tag:b": [], "tag:c": [], "tag:d": []},
                 "grants": [%s]}""".formatted(String.join(", ", grants))));
    }

    private static Node node(NodeId id, String name, Owner owner) {
        return Node.builder(id, name, owner)
                .address(IpAddress.ofIpv4((100 << 24 | 64 << 16) + (int) id.value()))
                .registeredAt(START)
                .build();
    }

    private static RoutingViews views(Command... commands) {
        return after(
                RoutingViews.of(RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, START)),
                commands);
    }

    private static RoutingViews threeNodes(Command policy) {
        return views(
                policy,
                new Command.RegisterNode(node(ONE, "one", Owner.tags("tag:a"))),
                new Command.RegisterNode(node(TWO, "two", Owner.tags("tag:b"))),
                new Command.RegisterNode(node(THREE, "three", Owner.tags("tag:c"))));
    }

    private static RoutingViews after(RoutingViews views, Command... commands) {
        Step step = Routing.step(views.state(), List.of(new Submission(HOST, null, List.of(commands))), START);
        assertThat(step.results()).hasOnlyElementsOfType(SubmissionResult.Accepted.class);
        return views.after(step);
    }

    private static List<Object> contents(ViewChanges changes, RoutingViews after) {
        return after.state().nodes().keySet().stream()
                .<Object>map(viewer -> changes.of(viewer).map(ViewsHistoryTest::content))
                .toList();
    }

    private static List<Object> content(ViewChange change) {
        return List.of(change.self(), change.peers(), change.routes(), change.filters());
    }

    @Test
    void viewsOfTwoBranchesAreComparedAsViewsMadeFromNothing() {
        RoutingViews trunk = threeNodes(policy(A_TO_B));
        RoutingViews one = after(trunk, policy(A_TO_B, grant("tag:c", "tag:d")));
        RoutingViews other = after(trunk, policy(A_TO_B, grant("tag:d", "tag:c")));
        RoutingViews renamed = after(other, new Command.UpdateNode(node(TWO, "renamed", Owner.tags("tag:b"))));

        ViewChanges changes = renamed.changesSince(one);

        assertThat(changes.of(ONE).orElseThrow().peers())
                .containsExactly(new PeerChange.Changed(TWO, new TreeSet<>(List.of(NodeFact.NAME))));
        assertThat(contents(changes, renamed))
                .isEqualTo(
                        contents(RoutingViews.of(renamed.state()).changesSince(RoutingViews.of(one.state())), renamed));
    }

    @Test
    void aPolicyThatComesBackGivesTheReasonsOfItsOwnRules() {
        RoutingViews before = threeNodes(policy(A_TO_B, B_TO_C));
        RoutingViews other = after(before, policy(B_TO_C));
        RoutingViews back = after(other, policy(A_TO_B, B_TO_C));
        RoutingViews after = after(back, new Command.UpdateNode(node(TWO, "two", Owner.tags("tag:d"))));

        PeerChange change =
                after.changesSince(before).of(ONE).orElseThrow().peers().get(0);

        assertThat(change)
                .isInstanceOfSatisfying(
                        PeerChange.Removed.class,
                        removed -> assertThat(removed.reason())
                                .isInstanceOfSatisfying(
                                        PeerChange.NoRule.class,
                                        loss -> assertThat(loss.ended()).isEqualTo(PeerChange.EndCause.PEER_CHANGED)));
    }

    @Test
    void theFirstRuleOfThePolicyIsNamedAlsoIfItIsForOneUser() {
        Owner ann = Owner.user(new UserId("ann"));
        RoutingViews views = views(
                new Command.SetUsers(
                        Users.of(List.of(User.builder(new UserId("ann"), "ann").build()))),
                policy(grant("ann@", "autogroup:self"), grant("ann@", "*")),
                new Command.RegisterNode(node(ONE, "one", ann)),
                new Command.RegisterNode(node(TWO, "two", ann)));

        RuleId rule = views.viewer(ONE).orElseThrow().seenByRule(TWO).orElseThrow();

        assertThat(rule.index()).isZero();
    }

    /** The rules that are open at the node are as before, but one opens it by another of its destinations. */
    @Test
    void aNodeThatARuleOpensByItsOwnerNowHasAnotherFilter() {
        UserId ann = new UserId("ann");
        RoutingViews before = views(
                new Command.SetUsers(users(Role.MEMBER)),
                new Command.SetPolicy(PolicyReader.read("""
                        {"grants": [{"src": ["bob@"], "dst": ["autogroup:admin", "100.64.0.1"], "ip": ["*"]}]}""")),
                new Command.RegisterNode(Node.builder(ONE, "one", Owner.user(ann))
                        .address(IpAddress.parse("100.64.0.1"))
                        .address(IpAddress.parse("fd7a:115c:a1e0::1"))
                        .build()),
                new Command.RegisterNode(node(TWO, "two", Owner.user(new UserId("bob")))));
        RoutingViews after = after(before, new Command.SetUsers(users(Role.ADMIN)));

        assertThat(after.filter(ONE)).isNotEqualTo(before.filter(ONE));
        assertThat(after.changesSince(before).of(ONE).orElseThrow().filters()).containsKey(ONE);
    }

    private static Users users(Role role) {
        return Users.of(List.of(
                User.builder(new UserId("ann"), "ann").role(role).build(),
                User.builder(new UserId("bob"), "bob").build()));
    }

    @Test
    void severalThreadsReadTheChangesOfOneStep() throws Exception {
        List<Command> commands = new ArrayList<>(List.of(policy(
                grant("tag:a", "10.0.0.0/9"),
                grant("tag:b", "10.1.0.0/16"),
                grant("tag:c", "10.2.0.0/16"),
                grant("tag:d", "10.3.0.0/16"))));
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            prefixes.add(Prefix.parse("10." + i % 4 + "." + i / 4 + ".0/24"));
        }
        NodeId router = new NodeId(1_000);
        commands.add(new Command.RegisterNode(node(router, "router", Owner.tags("tag:b"))));
        commands.add(new Command.AdvertiseRoutes(router, prefixes));
        commands.add(new Command.ApproveRoutes(router, prefixes));
        List<Command> retagged = new ArrayList<>();
        for (int i = 1; i < 16; i++) {
            NodeId id = new NodeId(i);
            commands.add(new Command.RegisterNode(node(id, "n" + i, tags(15))));
            retagged.add(new Command.UpdateNode(node(id, "n" + i, tags(i))));
        }
        RoutingViews before = views(commands.toArray(Command[]::new));
        RoutingViews after = after(before, retagged.toArray(Command[]::new));
        List<Object> expected = routes(after.changesSince(before));
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                ViewChanges changes = after.changesSince(before);
                CyclicBarrier start = new CyclicBarrier(4);
                List<Future<List<Object>>> read = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    read.add(readers.submit(() -> {
                        start.await();
                        return routes(changes);
                    }));
                }
                for (Future<List<Object>> one : read) {
                    assertThat(one.get()).isEqualTo(expected);
                }
            }
        } finally {
            readers.shutdown();
        }
    }

    private static List<Object> routes(ViewChanges changes) {
        return changes.changes().stream().<Object>map(ViewChange::routes).toList();
    }

    /** Some of four tags, so that the nodes change their rules in many ways. */
    private static Owner tags(int number) {
        TreeSet<String> tags = new TreeSet<>();
        for (int bit = 0; bit < 4; bit++) {
            if ((number & 1 << bit) != 0) {
                tags.add("tag:" + (char) ('a' + bit));
            }
        }
        return Owner.tags(tags.toArray(String[]::new));
    }
}
