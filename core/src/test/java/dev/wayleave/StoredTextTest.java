package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.command.Command;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.Selector;
import dev.wayleave.row.Absence;
import dev.wayleave.row.Drain;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.settings.RoutingSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands and rows as JSON, and back: nothing is lost, and nothing unknown is let in. */
class StoredTextTest {

    private static final NodeId NODE = new NodeId(7);
    private static final Prefix NET = Prefix.parse("10.0.0.0/8");
    private static final List<Prefix> NETS = List.of(NET, Prefix.parse("fd00::/64"));
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final SessionId SESSION = new SessionId("s1");
    private static final Actor ALICE = new Actor("alice");

    private static final User USER = User.builder(new UserId("u1"), "alice")
            .email("alice@example.com")
            .role(Role.ADMIN)
            .build();
    private static final Node TAGGED = Node.builder(NODE, "router", Owner.tags("tag:a", "tag:b"))
            .hostKey("machine-7")
            .address(IpAddress.parse("100.64.0.7"))
            .address(IpAddress.parse("fd7a:115c:a1e0::7"))
            .registeredAt(TIME)
            .keyExpiry(TIME.plusSeconds(60))
            .ephemeral(true)
            .build();
    private static final Node OF_USER =
            Node.builder(NODE, "laptop", Owner.user(USER.id())).build();

    static List<Command> commands() {
        return List.of(
                new Command.SetUsers(
                        Users.of(USER, User.builder(new UserId("u2"), "bob").build())),
                new Command.RegisterNode(TAGGED),
                new Command.RegisterNode(OF_USER),
                new Command.UpdateNode(TAGGED),
                new Command.RemoveNode(NODE),
                new Command.AdvertiseRoutes(NODE, NETS),
                new Command.SetApprovedRoutes(NODE, NETS),
                new Command.ApproveRoutes(NODE, NETS),
                new Command.RevokeRoutes(NODE, NETS),
                new Command.ImportApprovals(NODE, NETS, "old system"),
                new Command.ImportApprovals(NODE, NETS, "\u200d\u202e \"\\ caf\u00e9 \ud83d\ude80"),
                new Command.ConnectSession(NODE, SESSION),
                new Command.DisconnectSession(NODE, SESSION),
                new Command.KeepAlive(NODE, SESSION),
                new Command.KeepAlive(NODE, SESSION, TIME),
                new Command.ReportHealth(NODE, Health.UNHEALTHY),
                new Command.ReportHealth(NODE, NET, Health.HEALTHY, SESSION),
                new Command.SetPolicy(PolicyReader.read("""
                        {"tagOwners": {"tag:a": []}}""")),
                new Command.SetSettings(RoutingSettings.HEADSCALE),
                new Command.DrainNode(NODE),
                new Command.DrainNode(NODE, TIME, true),
                new Command.UndrainNode(NODE),
                new Command.StepClock(Duration.ofMillis(-3_600_500)),
                new Command.PassTime());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandSurvivesItsText(Command command) {
        assertThat(RoutingJson.read(Command.class, RoutingJson.write(command))).isEqualTo(command);
    }

    @Test
    void aFieldThatANodeOrAUserLeavesOutIsEmptyOrFalse() {
        assertThat(RoutingJson.read(Command.class, """
                {"version":1,"kind":"register-node",
                 "facts":{"id":7,"name":"laptop","user":"u1","registeredAt":"1970-01-01T00:00:00Z",
                          "addresses":[],"ephemeral":false}}\
                """)).isEqualTo(new Command.RegisterNode(OF_USER));
        assertThat(RoutingJson.read(Command.class, """
                        {"version":1,"kind":"set-users","users":[{"id":"u2","name":"bob","role":"member"}]}"""))
                .isEqualTo(new Command.SetUsers(
                        Users.of(User.builder(new UserId("u2"), "bob").build())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", """
            ,"user":"u1","tags":["tag:a"]"""})
    void aNodeWithoutOneOwnerIsRefused(String owner) {
        assertThatThrownBy(() -> RoutingJson.read(Command.class, """
                {"version":1,"kind":"register-node","facts":{"id":7,"name":"a",\
                "registeredAt":"1970-01-01T00:00:00Z"%s}}""".formatted(owner)))
                .isInstanceOf(StoredTextException.class)
                .hasMessageStartingWith("document.facts: ")
                .hasMessageContaining("either `user` or `tags`");
    }

    @Test
    void aHalfOfASurrogatePairSurvivesUtf8() {
        RouteEvent event = RoutingJson.read(RouteEvent.class, """
                {"version":1,"kind":"sung","text":"\\ud83d and \\ud83d\\ude80"}""");

        String text = RoutingJson.write(event);

        assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(RoutingJson.read(RouteEvent.class, text)).isEqualTo(event);
    }

    static List<NodeRow> nodes() {
        return List.of(
                new NodeRow(TAGGED, null, false, null),
                new NodeRow(OF_USER, new Drain(TIME, null, ALICE), true, null),
                new NodeRow(OF_USER, new Drain(TIME, TIME.plusSeconds(1), ALICE), false, null),
                new NodeRow(TAGGED, null, false, new Absence(TIME, null)),
                new NodeRow(TAGGED, null, true, new Absence(TIME, TIME.plusSeconds(15))));
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void aNodeSurvivesItsText(NodeRow row) {
        assertThat(RoutingJson.read(NodeRow.class, RoutingJson.write(row))).isEqualTo(row);
    }

    static List<RouteRow.Status> statuses() {
        return List.of(
                new RouteRow.Undecided(),
                new RouteRow.Denied(new Denial(ALICE, TIME)),
                new RouteRow.Withdrawn(new Approval(new Approver.Administrator(ALICE), TIME)),
                approvedBy(new Approver.Administrator(ALICE)),
                approvedBy(new Approver.Import("headscale")),
                approvedBy(new Approver.RouteApprover(NET, new Selector.Tagged(new Tag("tag:a")))),
                approvedBy(new Approver.RouteApprover(NET, new Selector.Group("group:net"))),
                approvedBy(new Approver.ExitNodeApprover(Selector.Autogroup.MEMBER)),
                approvedBy(new Approver.ExitNodeApprover(new Selector.UserName("alice@example.com"))));
    }

    static List<Selector> approvers() {
        List<Selector> approvers = new ArrayList<>(List.of(
                new Selector.UserName("alice@example.com"),
                new Selector.UserName("alice@"),
                new Selector.Group("group:net"),
                new Selector.Tagged(new Tag("tag:a"))));
        for (Selector.Autogroup autogroup : Selector.Autogroup.values()) {
            approvers.add(autogroup);
        }
        return approvers;
    }

    @ParameterizedTest
    @MethodSource("approvers")
    void everyKindOfApproverIsReadBack(Selector approver) {
        RouteRow row = new RouteRow(NODE, NET, TIME, approvedBy(new Approver.RouteApprover(NET, approver)), false);

        assertThat(RoutingJson.read(RouteRow.class, RoutingJson.write(row))).isEqualTo(row);
    }

    private static RouteRow.Status approvedBy(Approver approver) {
        return new RouteRow.Approved(new Approval(approver, TIME));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aRouteSurvivesItsText(RouteRow.Status status) {
        for (boolean flag : new boolean[] {true, false}) {
            RouteRow row = new RouteRow(NODE, NET, flag ? TIME : null, status, !flag);
            assertThat(RoutingJson.read(RouteRow.class, RoutingJson.write(row))).isEqualTo(row);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "kind":"pass-time","new":1                                                                            | document
            "kind":"update-node","facts":{"id":1,"name":"a","tags":["tag:a"],"registeredAt":"%s","new":1}        | document.facts
            "kind":"set-users","users":[{"id":"u","name":"a","new":1}]                                           | document.users[0]
            "kind":"set-settings","settings":{"new":1}                                                           | document.settings
            """)
    void aFieldOfALaterVersionIsRefusedInACommand(String members, String where) {
        assertUnknown(Command.class, members, where);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "status":{"kind":"undecided"},"new":1                                              | document
            "status":{"kind":"undecided","new":1}                                              | document.status
            "status":{"kind":"denied","denial":{"by":"x","at":"%s","new":1}}                   | document.status.denial
            """)
    void aFieldOfALaterVersionIsRefusedInARoute(String members, String where) {
        assertUnknown(RouteRow.class, """
                "node":1,"prefix":"10.0.0.0/8","advertisedAt":"2026-01-01T00:00:00Z","primary":false,%s\
                """.formatted(members), where);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "new":1                                       | document
            "drain":{"since":"%s","by":"x","new":1}       | document.drain
            """)
    void aFieldOfALaterVersionIsRefusedInANode(String members, String where) {
        assertUnknown(NodeRow.class, """
                "facts":{"id":1,"name":"a","tags":["tag:a"],"registeredAt":"%%s"},"candidate":true,%s\
                """.formatted(members), where);
    }

    private static void assertUnknown(Class<?> type, String members, String where) {
        String text = """
                {"version":1,%s}\
                """.formatted(members.replace("%s", TIME.toString()));
        assertThatThrownBy(() -> RoutingJson.read(type, text))
                .isInstanceOf(StoredTextException.class)
                .hasMessageStartingWith(where + ": ")
                .hasMessageContaining("`new` is unknown here");
    }
}
