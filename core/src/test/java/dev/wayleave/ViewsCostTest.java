package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the views of a step cost grows with what it changes, not with how many nodes there are: counted, not timed. */
class ViewsCostTest {

    private static final Actor HOST = new Actor("host");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int TAGS = 40;
    private static final int MANY = 100_000;
    private static final int FEW = 10_000;

    private static final String GRANT = """
            {"src": ["tag:t%d"], "dst": ["tag:t%d", "10.%d.0.0/16", "10.0.0.0/9"], "ip": ["*"]}""";

    private static final int USERS = 5_000;

    /** Who may reach whom. */
    private enum Rules {
        /** A grant for each tag. */
        GRANTS,
        /** All nodes may reach all nodes. */
        OPEN,
        /** Those of {@link #GRANTS}, and each user may reach the own nodes. */
        SELF
    }

    private static RoutingViews views(int nodes, Rules rules) {
        List<NodeRow> nodeRows = new ArrayList<>(nodes);
        List<RouteRow> routeRows = new ArrayList<>();
        Approval approval = new Approval(new Approver.Administrator(HOST), START);
        for (int id = 1; id <= nodes; id++) {
            boolean router = id % 10 == 0;
            nodeRows.add(new NodeRow(node(id, owner(id, rules)), null, router, null));
            for (int i = 0; router && i < 3; i++) {
                Prefix prefix = Prefix.parse("10." + id / 10 % 250 + "." + id / 2_500 % 200 + "." + 64 * i + "/26");
                routeRows.add(new RouteRow(new NodeId(id), prefix, START, new RouteRow.Approved(approval), true));
            }
        }
        List<User> users = new ArrayList<>();
        for (int i = 0; rules == Rules.SELF && i < USERS; i++) {
            users.add(User.builder(new UserId("u" + i), "u" + i).build());
        }
        TailnetRow tailnet = new TailnetRow(new TailnetId("example.com"), RoutingSettings.DEFAULT, policy(rules));
        return RoutingViews.of(RoutingState.restore(new StateRows(tailnet, users, nodeRows, routeRows), START));
    }

    private static Owner owner(int id, Rules rules) {
        return rules == Rules.SELF && id % 10 != 0 ? Owner.user(new UserId("u" + id % USERS)) : tag(id);
    }

    private static Owner tag(int number) {
        return Owner.tags("tag:t" + number % TAGS);
    }

    private static Node node(int id, Owner owner) {
        return Node.builder(new NodeId(id), "n" + id, owner)
                .address(IpAddress.ofIpv4((100 << 24 | 64 << 16) + id))
                .address(IpAddress.parse(
                        "fd7a:115c:a1e0::" + Integer.toHexString(id >> 16) + ":" + Integer.toHexString(id & 0xffff)))
                .registeredAt(START)
                .build();
    }

    private static RoutingPolicy policy(Rules rules) {
        String owners =
                IntStream.range(0, TAGS).mapToObj(tag -> """
                        "tag:t%s": []\
                        """.formatted(tag)).collect(Collectors.joining(", "));
        String grants = IntStream.range(0, TAGS)
                .mapToObj(tag -> GRANT.formatted(tag, tag * 7 % TAGS, tag * 3))
                .collect(Collectors.joining(", "));
        return switch (rules) {
            case GRANTS -> PolicyReader.read("""
                    {"tagOwners": {%s}, "grants": [%s]}""".formatted(owners, grants));
            case OPEN -> RoutingPolicy.builder().build();
            case SELF -> PolicyReader.read("""
                    {"tagOwners": {%s},
                     "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}, %s]}
                    """.formatted(owners, grants));
        };
    }

    /** What happens to a node. */
    private enum Event {
        JOINS,
        LEAVES,
        IS_RETAGGED,
        IS_RENAMED;

        /** The event for one of twenty nodes that are no routers. */
        Command of(int round, int nodes, Rules rules) {
            int some = 1 + 7 * Math.floorMod(round, 20);
            int client = some % 10 == 0 ? some + 1 : some;
            return switch (this) {
                case JOINS ->
                    new Command.RegisterNode(node(nodes + 1 + Math.floorMod(round, 20), owner(nodes + 1, rules)));
                case LEAVES -> new Command.RemoveNode(new NodeId(client));
                case IS_RETAGGED -> new Command.UpdateNode(node(client, tag(client + 1)));
                case IS_RENAMED ->
                    new Command.UpdateNode(node(client, owner(client, rules)).toBuilder()
                            .name("renamed")
                            .build());
            };
        }
    }

    private static ViewChanges changes(RoutingViews views, Command command) {
        Step step = Routing.step(views.state(), List.of(Submission.of(HOST, command)), START);
        return views.after(step).changesSince(views);
    }

    private static long bytes(RoutingViews views, int nodes, Rules rules, Event event) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int rounds = 40;
        long begin = 0;
        for (int i = -rounds; i < rounds; i++) {
            begin = i == 0 ? threads.getThreadAllocatedBytes(thread) : begin;
            assertThat(changes(views, event.of(i, nodes, rules)).isEmpty()).isFalse();
        }
        return (threads.getThreadAllocatedBytes(thread) - begin) / rounds;
    }

    @ParameterizedTest
    @EnumSource(Rules.class)
    void anEventAllocatesLittleHoweverManyNodesThereAre(Rules rules) {
        RoutingViews few = views(FEW, rules);
        RoutingViews many = views(MANY, rules);
        for (Event event : Event.values()) {
            long bytesOfFew = bytes(few, FEW, rules, event);
            long bytesOfMany = bytes(many, MANY, rules, event);

            assertThat(bytesOfMany).as("a node %s", event).isLessThan(300_000);
            assertThat(bytesOfMany).as("a node %s", event).isLessThan(4 * bytesOfFew);
        }
    }

    @Test
    void aJoinThatThousandsOfNodesSeeIsSaidByClass() {
        RoutingViews views = views(FEW, Rules.GRANTS);

        ViewChanges changes = changes(views, Event.JOINS.of(0, FEW, Rules.GRANTS));

        assertThat(changes.changes()).hasSizeLessThan(10 * TAGS);
        assertThat(changes.changes().stream()
                        .map(ViewChange::viewers)
                        .mapToInt(Set::size)
                        .sum())
                .isEqualTo(changes.viewers().size())
                .isGreaterThan(FEW / TAGS);
    }
}
