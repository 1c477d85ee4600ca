package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.command.Command;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.testing.Scenario;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The events of a route, in their order, and changes without an event. */
class RouteEventTest {

    private static final String NET = "10.0.0.0/8";
    private static final String OTHER = "192.168.0.0/16";
    private static final String POLICY = """
            {"tagOwners": {"tag:router": []},
             "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}""";

    private final Scenario scenario = Scenario.begin().user("alice");

    private List<String> kinds() {
        List<String> kinds = scenario.events().stream()
                .map(event -> event.kind()
                        + event.subjectPrefix().map(prefix -> " " + prefix).orElse(""))
                .toList();
        scenario.forgetEvents();
        return kinds;
    }

    @Test
    void anAdvertisementHasEventsOfNewApprovedAndWaitingRoutes() {
        scenario.policy(POLICY).register("a").connect("a").forgetEvents();

        scenario.advertise("a", NET, OTHER);
        assertThat(kinds())
                .containsExactly(
                        "route-advertised " + NET,
                        "route-advertised " + OTHER,
                        "route-approved " + NET,
                        "approval-pending " + OTHER,
                        "primary-elected " + NET);

        scenario.advertise("a", NET, OTHER);
        assertThat(kinds()).isEmpty();
    }

    @Test
    void aRouteThatIsNotAdvertisedKeepsItsApproval() {
        scenario.router("a", NET).forgetEvents();

        scenario.advertise("a", OTHER);
        assertThat(kinds())
                .containsExactly(
                        "route-withdrawn " + NET,
                        "route-advertised " + OTHER,
                        "approval-pending " + OTHER,
                        "prefix-unserved " + NET);
        scenario.advertise("a", NET);
        assertThat(kinds())
                .containsExactly("route-withdrawn " + OTHER, "route-advertised " + NET, "primary-elected " + NET);
    }

    @Test
    void aRouteThatLosesItsApprovalWithItsAdvertisementSaysSo() {
        scenario.settings(settings -> settings.withdrawal(WithdrawalRule.REVOKE_APPROVAL))
                .router("a", NET)
                .forgetEvents();

        scenario.advertise("a");
        assertThat(kinds()).containsExactly("route-withdrawn " + NET, "route-revoked " + NET, "prefix-unserved " + NET);
        scenario.advertise("a", NET);
        assertThat(kinds()).containsExactly("route-advertised " + NET, "approval-pending " + NET);
    }

    @Test
    void anElectionNamesItsPrimaryIfThereIsOne() {
        scenario.router("a", NET).router("b", NET).remove("a").remove("b");
        assertThat(scenario.events().stream()
                        .filter(RouteEvent.OfElection.class::isInstance)
                        .map(RouteEvent::subjectNode))
                .containsExactly(Optional.of(new NodeId(1)), Optional.of(new NodeId(2)), Optional.empty());
    }

    @Test
    void anAdministratorsDecisionIsOneEvent() {
        scenario.router("a", NET).forgetEvents();

        scenario.approve("a", NET);
        assertThat(kinds()).isEmpty();
        scenario.revoke("a", NET);
        assertThat(kinds()).containsExactly("route-revoked " + NET, "route-denied " + NET, "prefix-unserved " + NET);
        scenario.revoke("a", NET);
        assertThat(kinds()).isEmpty();
        scenario.approve("a", NET);
        assertThat(kinds()).containsExactly("route-approved " + NET, "primary-elected " + NET);
    }

    @Test
    void aNewPolicyHasAnEventAndOneForEachApproval() {
        scenario.register("a").connect("a").advertise("a", NET).forgetEvents();

        scenario.policy(POLICY);
        assertThat(kinds()).containsExactly("policy-replaced", "route-approved " + NET, "primary-elected " + NET);
        scenario.policy(POLICY);
        assertThat(kinds()).isEmpty();
    }

    @Test
    void aNewTagOfANodeHasEventsOfWhatThePolicyApproves() {
        scenario.policy(POLICY)
                .register("a", node -> node.owner(Owner.user(new UserId("alice"))))
                .connect("a")
                .advertise("a", NET)
                .expectEffective("a")
                .forgetEvents();

        scenario.change("a", node -> node.owner(Owner.tags("tag:router")));
        assertThat(kinds()).containsExactly("node-owner-changed", "route-approved " + NET, "primary-elected " + NET);
    }

    @Test
    void aRegistrationWithATagHasEventsOfWhatThePolicyApproves() {
        scenario.policy(POLICY)
                .register("a", node -> node.owner(Owner.user(new UserId("alice"))))
                .connect("a")
                .advertise("a", NET)
                .forgetEvents();

        scenario.run(new Command.RegisterNode(scenario.node("a").facts().toBuilder()
                .owner(Owner.tags("tag:router"))
                .name("again")
                .build()));
        assertThat(kinds())
                .containsExactly(
                        "node-renamed", "node-owner-changed", "route-approved " + NET, "primary-elected " + NET);
        assertThat(scenario.node("a").facts().name()).isEqualTo("again");
    }

    @Test
    void aRenamedUserIsInAnEventSinceThePolicyMayNoLongerNameTheUser() {
        User old = User.builder(new UserId("1"), "old").build();
        User two = User.builder(new UserId("2"), "two").build();
        scenario.run(new Command.SetUsers(Users.of(old, two))).forgetEvents();
        User renamed = old.toBuilder().name("new").build();
        User three = User.builder(new UserId("3"), "three").build();

        scenario.run(new Command.SetUsers(Users.of(renamed, three)));

        assertThat(scenario.events()).singleElement().satisfies(event -> {
            assertThat(event.reason()).isEqualTo(new Reason.UsersChanged(ids("3"), ids("1"), ids("2")));
            assertThat(event.reason().text(Names.NUMBERS)).isEqualTo("added: `3`; changed: `1`; removed: `2`");
        });
        scenario.forgetEvents().run(new Command.SetUsers(Users.of(renamed, three)));
        assertThat(kinds()).isEmpty();
    }

    private static TreeSet<UserId> ids(String id) {
        return new TreeSet<>(List.of(new UserId(id)));
    }

    @Test
    void aChangeOfNameTagsOrKeyHasTheOldAndTheNewValue() {
        scenario.register("a").forgetEvents();

        scenario.change(
                "a", node -> node.name("b").owner(Owner.tags("tag:x", "tag:y")).hostKey("another"));

        assertThat(scenario.events().stream().map(RouteEvent::reason))
                .containsExactly(
                        new Reason.NameChanged("a", "b"),
                        new Reason.OwnerChanged(Owner.tags("tag:router"), Owner.tags("tag:x", "tag:y")),
                        new Reason.KeyChanged());
        assertThat(scenario.events().get(0).reason().text(Names.NUMBERS)).contains("`a`", "`b`");
        assertThat(scenario.events().get(1).reason().text(Names.NUMBERS))
                .contains("`tag:router`", "`tag:x`", "`tag:y`");
    }

    @Test
    void aRefusedSubmissionHasNoEvents() {
        scenario.register("a").forgetEvents();
        Node renamed = scenario.node("a").facts().toBuilder().name("b").build();

        scenario.run(new Command.UpdateNode(renamed), new Command.RemoveNode(new NodeId(99)));

        assertThat(kinds()).isEmpty();
    }
}
