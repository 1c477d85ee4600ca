package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Auto-approval that does not fire: one scenario for each issue of another control plane, named by its number. */
class AutoApprovalRegressionTest {

    static final String ROUTERS = """
            {"tagOwners": {"tag:router": [], "tag:server": []},
             "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}, "exitNode": ["tag:router"]}}""";

    private static final String GROUP = """
            {"groups": {"group:net": ["alice@example.com"]},
             "autoApprovers": {"routes": {"10.0.0.0/8": ["group:net"]}}}""";

    private static final String NET = "10.0.0.0/8";

    @Test
    void headscale2485ItFiresWithoutAdvertisingAgain() {
        Scenario.begin()
                .register("a")
                .connect("a")
                .advertise("a", NET)
                .expectApproved("a")
                .policy(ROUTERS)
                .expectApproved("a", NET)
                .expectPrimary(NET, "a");
    }

    @Test
    void headscale2668ItFiresWhenTheTagComesAfterTheRoute() {
        Scenario.begin()
                .policy(ROUTERS)
                .register("a", node -> node.owner(Owner.tags("tag:server")))
                .connect("a")
                .advertise("a", NET)
                .expectApproved("a")
                .change("a", node -> node.owner(Owner.tags("tag:router")))
                .expectApproved("a", NET)
                .change("a", node -> node.owner(Owner.tags("tag:server")))
                .expectApproved("a", NET);
    }

    /** Tags approved nothing where groups approved too. */
    @Test
    void headscale2668TagsAndGroupsApproveBesideEachOther() {
        Scenario.begin()
                .user("alice")
                .policy("""
                        {"groups": {"group:net": ["alice@example.com"]}, "tagOwners": {"tag:router": []},
                         "autoApprovers": {"routes": {"192.168.0.0/16": ["group:net"], "10.0.0.0/8": ["tag:router"]}}}
                        """)
                .register("tagged")
                .advertise("tagged", NET, "192.168.7.0/24")
                .expectApproved("tagged", NET)
                .register("hers", node -> node.owner(Owner.user(new UserId("alice"))))
                .advertise("hers", NET, "192.168.7.0/24")
                .expectApproved("hers", "192.168.7.0/24");
    }

    /** The keys {@code 0.0.0.0/0} and {@code ::/0} approved no subnet route. */
    @Test
    void headscale2568TheKeyForAllApprovesSubnetsAndSingleAddresses() {
        Scenario.begin()
                .policy("""
                        {"tagOwners": {"tag:router": []},
                         "autoApprovers": {"routes": {"0.0.0.0/0": ["tag:router"], "::/0": ["tag:router"]}}}""")
                .register("a")
                .advertise("a", "10.99.0.0/16", "104.16.208.203/32", "2001:db8::/64")
                .expectApproved("a", "10.99.0.0/16", "104.16.208.203/32", "2001:db8::/64");
    }

    /** A new tagged router got no route, or its subnet routes alone. */
    @Test
    void headscale2547Headscale2603ANewRouterIsApprovedAtItsFirstAdvertisement() {
        Scenario.begin()
                .policy(ROUTERS)
                .register("a")
                .advertise("a", "10.0.10.0/24", "10.0.20.0/24", "0.0.0.0/0", "::/0")
                .expectApproved("a", "10.0.10.0/24", "10.0.20.0/24", "0.0.0.0/0", "::/0");
    }

    @Test
    void headscale2068ASubPrefixOfAKeyIsApproved() {
        Scenario.begin()
                .policy(ROUTERS)
                .register("a")
                .advertise("a", "10.1.2.0/24", "192.168.0.0/16")
                .expectApproved("a", "10.1.2.0/24");
    }

    @Test
    void headscale2891ATaggedNodeIsNoLongerItsUsersAndTheVerdictSaysSo() {
        Scenario scenario = Scenario.begin()
                .user("alice")
                .policy(GROUP)
                .register("tagged")
                .advertise("tagged", NET)
                .expectApproved("tagged")
                .register("hers", node -> node.owner(Owner.user(new UserId("alice"))))
                .advertise("hers", NET)
                .expectApproved("hers", NET);

        assertThat(Routing.review(scenario.state(), scenario.id("tagged"), Prefix.parse(NET)))
                .contains(new Verdict.NoApproverNamesNode(List.of(Prefix.parse(NET))));
    }

    /** The API listed no routes that the policy had approved. */
    @Test
    void tailscale4502AnAutoApprovedRouteIsListedWithItsApprover() {
        Scenario scenario = Scenario.begin().policy(ROUTERS).register("a").advertise("a", NET);
        Prefix net = Prefix.parse(NET);

        assertThat(scenario.node("a").approvals().approved().get(net).by())
                .isEqualTo(new Approver.RouteApprover(net, new Selector.Tagged(new Tag("tag:router"))));
    }

    @Test
    void headscale763BothExitRoutesAreApproved() {
        Scenario.begin()
                .policy(ROUTERS)
                .register("a")
                .advertise("a", "0.0.0.0/0")
                .expectApproved("a", "0.0.0.0/0", "::/0")
                .expectEffective("a", "0.0.0.0/0");
    }

    @Test
    void tailscale2425ARouteAddedLaterIsApprovedToo() {
        Scenario.begin()
                .policy(ROUTERS)
                .register("a")
                .advertise("a", "10.1.0.0/16")
                .advertise("a", "10.1.0.0/16", "10.2.0.0/16")
                .expectApproved("a", "10.1.0.0/16", "10.2.0.0/16");
    }

    @Test
    void tailscale2121APersonWhoJoinsTheApproversIsNoticed() {
        Scenario.begin()
                .policy(GROUP)
                .user("bob")
                .register("a", node -> node.owner(Owner.user(new UserId("bob"))))
                .advertise("a", NET)
                .expectApproved("a")
                .policy(GROUP.replace("alice", "bob"))
                .expectApproved("a", NET);
    }

    @Test
    void aRouteThatAnAdministratorDeniedDoesNotComeBack() {
        Scenario.begin()
                .policy(ROUTERS)
                .register("a")
                .advertise("a", NET)
                .revoke("a", NET)
                .advertise("a")
                .advertise("a", NET)
                .policy(ROUTERS.replace("tag:server", "tag:other"))
                .change("a", node -> node.name("renamed"))
                .expectApproved("a")
                .expectEvent(RouteEvent.RouteDenied.class)
                .approve("a", NET)
                .expectApproved("a", NET);
    }

    @Test
    void underHeadscaleARemovedApprovalComesBackWithTheNextReload() {
        Scenario.of(RoutingSettings.HEADSCALE)
                .policy(ROUTERS)
                .register("a")
                .advertise("a", NET)
                .approve("a")
                .expectApproved("a")
                .policy(ROUTERS)
                .expectApproved("a", NET);
    }

    @Test
    void underTailscaleAPolicyIsNotRetroactive() {
        Scenario.of(RoutingSettings.TAILSCALE)
                .register("a")
                .advertise("a", "10.1.0.0/16")
                .policy(ROUTERS)
                .expectApproved("a")
                .advertise("a", "10.1.0.0/16", "10.2.0.0/16")
                .expectApproved("a", "10.2.0.0/16");
    }
}
