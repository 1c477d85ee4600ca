package dev.wayleave.storage.contract;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.OfflineRule;
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
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.row.Absence;
import dev.wayleave.row.Drain;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.SessionRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.settings.TailnetLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Rows with something in every column, and rows at the limits. Whatever they hold, some state can have it. */
final class SampleRows {

    static final Instant AT = Instant.parse("2026-01-01T00:00:00.123Z");

    private static final Actor ADA = new Actor("ada@example.com");
    private static final RoutingPolicy POLICY = PolicyReader.read("""
            // who may do what \ud83d\ude80
            {"groups": {"group:net": ["ada@example.com"]},
             "hosts": {"printer": "10.1.2.3"},
             "tagOwners": {"tag:router": ["group:net"]},
             "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}, "exitNode": ["group:net"]},
             "acls": [{"action": "accept", "src": ["*"], "dst": ["printer:443"]}]}""");

    private SampleRows() {}

    /** A tailnet and nothing in it. */
    static StateRows empty(TailnetId tailnet) {
        return new StateRows(
                new TailnetRow(
                        tailnet,
                        RoutingSettings.DEFAULT,
                        RoutingPolicy.builder().build()),
                List.of(),
                List.of(),
                List.of());
    }

    /** Something in every column, nothing in every column that may be empty, and every kind of value. */
    static StateRows rich(TailnetId tailnet) {
        Selector router =
                POLICY.autoApprovers().routes().values().iterator().next().get(0);
        List<RouteRow> routes = new ArrayList<>();
        routes.add(approved(1, "10.0.0.0/16", new Approver.RouteApprover(Prefix.parse("10.0.0.0/8"), router), true));
        routes.add(approved(1, "10.1.0.0/16", new Approver.Administrator(ADA), false));
        routes.add(approved(1, "0.0.0.0/0", new Approver.ExitNodeApprover(router), false));
        routes.add(approved(1, "::/0", new Approver.ExitNodeApprover(router), false));
        routes.add(approved(2, "10.0.0.0/16", new Approver.Import("another system"), false));
        routes.add(route(2, "10.3.0.0/16", true, new RouteRow.Undecided(), false));
        routes.add(new RouteRow(
                new NodeId(2),
                Prefix.parse("10.3.1.0/24"),
                AT,
                new RouteRow.Approved(new Approval(new Approver.Administrator(ADA), AT)),
                false,
                Health.UNHEALTHY,
                AT.minusMillis(3)));
        routes.add(route(2, "10.4.0.0/16", false, new RouteRow.Denied(new Denial(ADA, AT)), false));
        routes.add(route(2, "10.5.0.0/16", true, new RouteRow.Denied(new Denial(ADA, AT)), false));
        routes.add(route(
                2,
                "10.6.0.0/16",
                false,
                new RouteRow.Withdrawn(new Approval(new Approver.Administrator(ADA), AT)),
                false));
        routes.add(approved(2, "2001:db8::/32", new Approver.Administrator(ADA), true));
        routes.add(approved(2, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", new Approver.Administrator(ADA), true));
        routes.add(approved(Long.MAX_VALUE, "255.255.255.255/32", new Approver.Administrator(ADA), true));
        return sorted(new StateRows(
                new TailnetRow(tailnet, settings(), POLICY),
                List.of(
                        User.builder(new UserId("1"), "ada")
                                .email("ada@example.com")
                                .role(Role.OWNER)
                                .build(),
                        User.builder(new UserId("2"), "without mail")
                                .role(Role.NETWORK_ADMIN)
                                .build(),
                        User.builder(new UserId("03"), "admin").role(Role.ADMIN).build(),
                        User.builder(new UserId("3"), "member").sharedIn(true).build()),
                nodes(),
                routes));
    }

    private static List<NodeRow> nodes() {
        return List.of(
                new NodeRow(
                        Node.builder(new NodeId(1), "router", Owner.tags("tag:router", "tag:exit"))
                                .hostKey("nodekey:1")
                                .address(IpAddress.parse("100.64.0.1"))
                                .address(IpAddress.parse("fd7a:115c:a1e0::1"))
                                .registeredAt(Instant.parse("2025-12-31T23:59:59.999999999Z"))
                                .keyExpiry(Instant.parse("2027-02-03T04:05:06.000000007Z"))
                                .ephemeral(true)
                                .build(),
                        new Drain(AT, AT.plusSeconds(60), ADA),
                        true,
                        new Absence(AT.minusMillis(1), AT.plusSeconds(15)),
                        new SessionRow(null, null, Health.UNHEALTHY, null)),
                new NodeRow(
                        Node.builder(new NodeId(2), "laptop", Owner.user(new UserId("1")))
                                .address(IpAddress.parse("fd7a:115c:a1e0::2"))
                                .build(),
                        new Drain(AT, null, ADA),
                        false,
                        new Absence(AT, null),
                        new SessionRow(new SessionHolder("gone soon"), null, Health.HEALTHY, null)),
                new NodeRow(
                        Node.builder(new NodeId(Long.MAX_VALUE), "bare", Owner.user(new UserId("2")))
                                .registeredAt(Instant.parse("1969-12-31T23:59:59.5Z"))
                                .build(),
                        null,
                        true,
                        null,
                        new SessionRow(
                                new SessionHolder("here"),
                                new SessionId("session 7"),
                                Health.HEALTHY,
                                AT.plusMillis(7))));
    }

    private static RoutingSettings settings() {
        return RoutingSettings.TAILSCALE.toBuilder()
                .failBack(FailBack.after(Duration.ofSeconds(20)))
                .offline(OfflineRule.KEEP_LAST)
                .withdrawal(WithdrawalRule.REVOKE_APPROVAL)
                .withoutSilenceLimit()
                .grace(Duration.ofMillis(1_500))
                .priority(new NodeId(1), -7)
                .priority(new NodeId(2), Prefix.parse("10.0.0.0/16"), Integer.MAX_VALUE)
                .limits(TailnetLimits.builder()
                        .nodes(10)
                        .users(11)
                        .routesPerNode(12)
                        .routesRememberedPerNode(13)
                        .commandsPerSubmission(14)
                        .build())
                .build();
    }

    /** The change that gives every row other values, and empties what may be empty. */
    static RowChanges turned(StateRows rows) {
        List<User> users = rows.users().stream()
                .map(user -> user.toBuilder().name("renamed").role(Role.MEMBER).build())
                .toList();
        List<NodeRow> nodes = new ArrayList<>();
        for (NodeRow row : rows.nodes()) {
            Node facts = row.facts().toBuilder()
                    .name("renamed")
                    .hostKey("other " + row.facts().id())
                    .owner(Owner.tags("tag:other"))
                    .noAddresses()
                    .registeredAt(AT)
                    .keyExpiry(null)
                    .ephemeral(!row.facts().isEphemeral())
                    .build();
            nodes.add(new NodeRow(facts, null, !row.candidate(), null));
        }
        List<RouteRow> routes = rows.routes().stream()
                .map(row -> new RouteRow(row.node(), row.prefix(), AT, new RouteRow.Undecided(), false))
                .toList();
        return new RowChanges(
                empty(rows.tailnet().tailnet()).tailnet(),
                new RowChanges.Rows<>(users, List.of()),
                new RowChanges.Rows<>(nodes, List.of()),
                new RowChanges.Rows<>(routes, List.of()));
    }

    /** Texts that a careless store cuts, folds, escapes or breaks. */
    static List<String> texts(int longest) {
        return List.of(
                "ünïcödé",
                "日本語のルーター",
                "😀 beyond the first plane",
                "e\u0301 is not \u00e9",
                "' or \"1\" = '1'; drop table node; --",
                "back\\slash % _ ? $1 {} ${x} :name",
                " blanks around ",
                "CASE",
                "case",
                "null",
                "\u200b",
                "x".repeat(longest),
                "😀".repeat(longest / 2));
    }

    /** A tailnet whose every text is the same one. */
    static StateRows spelled(TailnetId tailnet, String text) {
        String key = text.length() > 200 ? text.substring(0, 200) : text;
        UserId user = new UserId(key);
        Actor actor = new Actor(key);
        return new StateRows(
                empty(tailnet).tailnet(),
                List.of(User.builder(user, text).email(text).build()),
                List.of(new NodeRow(
                        Node.builder(new NodeId(7), text, Owner.user(user))
                                .hostKey(key)
                                .build(),
                        new Drain(AT, null, actor),
                        false,
                        null)),
                List.of(
                        approved(7, "10.0.0.0/8", new Approver.Administrator(actor), false),
                        approved(7, "10.0.0.0/9", new Approver.Import(key), false),
                        route(7, "10.0.0.0/10", true, new RouteRow.Denied(new Denial(actor, AT)), false)));
    }

    /** As many routes on one node as may be remembered, a long policy, and a tailnet id of the longest. */
    static StateRows large(TailnetId tailnet) {
        int most = TailnetLimits.DEFAULT.routesRememberedPerNode();
        List<RouteRow> routes = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            Prefix prefix = Prefix.truncating(IpAddress.parse("10." + i / 256 + "." + i % 256 + ".0"), 24);
            routes.add(new RouteRow(
                    new NodeId(1),
                    prefix,
                    AT,
                    new RouteRow.Approved(new Approval(new Approver.Administrator(ADA), AT)),
                    true));
        }
        StringBuilder policy = new StringBuilder("{\"hosts\": {");
        for (int i = 0; i < 20_000; i++) {
            policy.append(i == 0 ? "" : ", ").append("\"host-" + i + "\": \"10.1.2.3\"");
        }
        return new StateRows(
                new TailnetRow(
                        tailnet,
                        RoutingSettings.DEFAULT,
                        PolicyReader.read(policy.append("}}").toString())),
                List.of(),
                List.of(new NodeRow(
                        Node.builder(new NodeId(1), "router", Owner.tags("tag:router"))
                                .build(),
                        null,
                        true,
                        null)),
                routes);
    }

    private static RouteRow approved(long node, String prefix, Approver by, boolean primary) {
        return route(node, prefix, true, new RouteRow.Approved(new Approval(by, AT)), primary);
    }

    static RouteRow route(long node, String prefix, boolean advertised, RouteRow.Status status, boolean primary) {
        return new RouteRow(new NodeId(node), Prefix.parse(prefix), advertised ? AT : null, status, primary);
    }

    /** The change that makes a new tailnet have these rows. */
    static RowChanges creating(StateRows rows) {
        return new RowChanges(
                rows.tailnet(),
                new RowChanges.Rows<>(rows.users(), List.of()),
                new RowChanges.Rows<>(rows.nodes(), List.of()),
                new RowChanges.Rows<>(rows.routes(), List.of()));
    }

    /** The same rows in the order of their keys. */
    private static StateRows sorted(StateRows rows) {
        return creating(rows).applyTo(empty(rows.tailnet().tailnet()));
    }
}
