package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.command.Command;
import dev.wayleave.internal.json.Json;
import dev.wayleave.json.engine.CommandText;
import dev.wayleave.json.engine.RowsText;
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
import dev.wayleave.row.Drain;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands and rows as the objects of a journal, and back: nothing is lost, and nothing unknown is let in. */
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
                new Command.SetPolicy(PolicyReader.read("{\"tagOwners\": {\"tag:a\": []}}")),
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
        String text = Json.write(CommandText.map(command));
        assertThat(CommandText.read(Json.readObject("command", text))).isEqualTo(command);
    }

    @Test
    void aFlagMayBeSpelledOut() {
        assertThat(CommandText.read(Json.readObject("command", "{\"do\":\"drain-node\",\"node\":7,\"forced\":false}")))
                .isEqualTo(new Command.DrainNode(NODE));
    }

    static List<User> users() {
        return List.of(USER, User.builder(new UserId("u2"), "bob").build());
    }

    @ParameterizedTest
    @MethodSource("users")
    void aUserSurvivesItsText(User user) {
        String text = Json.write(RowsText.user(user));
        assertThat(RowsText.user(Json.readObject("user", text))).isEqualTo(user);
    }

    static List<NodeRow> nodes() {
        return List.of(
                new NodeRow(TAGGED, null, false),
                new NodeRow(OF_USER, new Drain(TIME, null, ALICE), true),
                new NodeRow(OF_USER, new Drain(TIME, TIME.plusSeconds(1), ALICE), false));
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void aNodeSurvivesItsText(NodeRow row) {
        String text = Json.write(RowsText.node(row));
        assertThat(RowsText.node(Json.readObject("node", text))).isEqualTo(row);
    }

    static List<RouteRow.Status> standings() {
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
    void every_kind_of_approver_is_read_back(Selector approver) {
        RouteRow row = new RouteRow(NODE, NET, true, approvedBy(new Approver.RouteApprover(NET, approver)), false);

        assertThat(RowsText.route(Json.readObject("route", Json.write(RowsText.route(row)))))
                .isEqualTo(row);
    }

    private static RouteRow.Status approvedBy(Approver approver) {
        return new RouteRow.Approved(new Approval(approver, TIME));
    }

    @ParameterizedTest
    @MethodSource("standings")
    void aRouteSurvivesItsText(RouteRow.Status standing) {
        for (boolean flag : new boolean[] {true, false}) {
            RouteRow row = new RouteRow(NODE, NET, flag, standing, !flag);
            String text = Json.write(RowsText.route(row));
            assertThat(RowsText.route(Json.readObject("route", text))).isEqualTo(row);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"do":"pass-time","new":1}                                                                           | command
            {"do":"update-node","facts":{"id":1,"name":"a","tags":["tag:a"],"registeredAt":"%s","new":1}}         | command.facts
            {"do":"set-users","users":[{"id":"u","name":"a","new":1}]}                                        | command.users[0]
            {"do":"set-settings","settings":{"new":1}}                                                         | settings
            {"do":"set-settings","settings":{"limits":{"nodes":1,"users":1,"routesPerNode":1,"routesRememberedPerNode":1,"commandsPerSubmission":1,"new":1}}} | settings.limits
            """)
    void aFieldOfALaterVersionIsRefusedInACommand(String text, String where) {
        assertThatThrownBy(() -> CommandText.read(Json.readObject("command", text.replace("%s", TIME.toString()))))
                .isInstanceOf(StoredTextException.class)
                .hasMessageContaining(where)
                .hasMessageContaining("`new` is unknown here");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"node":1,"prefix":"10.0.0.0/8","new":1}                                                       | route
            {"node":1,"prefix":"10.0.0.0/8","approved":{"by":"x","at":"%s","new":1}}                       | route.approved
            {"node":1,"prefix":"10.0.0.0/8","denied":{"by":"x","at":"%s","new":1}}                         | route.denied
            {"node":1,"prefix":"10.0.0.0/8","withdrawn":{"source":"x","at":"%s","new":1}}                  | route.withdrawn
            """)
    void aFieldOfALaterVersionIsRefusedInARoute(String text, String where) {
        assertThatThrownBy(() -> RowsText.route(Json.readObject("route", text.replace("%s", TIME.toString()))))
                .isInstanceOf(StoredTextException.class)
                .hasMessageStartingWith(where + ": `new` is unknown here");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"facts":{"id":1,"name":"a","tags":["tag:a"],"registeredAt":"%s"},"new":1}                             | node
            {"facts":{"id":1,"name":"a","tags":["tag:a"],"registeredAt":"%s"},"drain":{"since":"%s","by":"x","new":1}} | node.drain
            """)
    void aFieldOfALaterVersionIsRefusedInANode(String text, String where) {
        assertThatThrownBy(() -> RowsText.node(Json.readObject("node", text.replace("%s", TIME.toString()))))
                .isInstanceOf(StoredTextException.class)
                .hasMessageStartingWith(where + ": `new` is unknown here");
    }
}
