package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.foresight.RouteTests;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.PolicyTestCase;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import dev.wayleave.policy.Selector;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.PolicyArbitraries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A policy's tests have without nodes the results that {@code can} has with them. */
class PolicyTestPropertyTest {

    private static final int PORT = 443;

    /** One device of each user and of each tag. */
    private record Device(Selector named, Node node) {}

    private static final List<Device> DEVICES = devices();

    private static List<Device> devices() {
        List<Device> devices = new ArrayList<>();
        for (User user : PolicyArbitraries.users().all()) {
            String email = user.email().orElseThrow();
            if (PolicyArbitraries.users().named(email).size() == 1) {
                devices.add(device(devices.size(), Selector.parse(email), Owner.user(user.id())));
            }
        }
        for (String tag : PolicyArbitraries.TAGS) {
            devices.add(device(devices.size(), Selector.parse(tag), Owner.tags(tag)));
        }
        return devices;
    }

    private static Device device(int place, Selector named, Owner owner) {
        Node node = Node.builder(new NodeId(place + 1), "device-" + place, owner)
                .address(IpAddress.parse("100.64.0." + (place + 1)))
                .build();
        return new Device(named, node);
    }

    @Provide
    static Arbitrary<RoutingPolicy> policies() {
        return PolicyArbitraries.policies().map(PolicyTestPropertyTest::byOwners);
    }

    /** The same rules without addresses, which mean nodes only by chance, and without {@code via}. */
    private static RoutingPolicy byOwners(RoutingPolicy policy) {
        RoutingPolicyBuilder builder = policy.toBuilder().tests(List.of());
        policy.grants()
                .ifPresent(grants -> builder.grants(grants.stream()
                        .map(grant -> new Grant(
                                owners(grant.sources()),
                                owners(grant.destinations()),
                                grant.ip(),
                                new TreeMap<>(grant.app()),
                                new TreeSet<>()))
                        .toList()));
        policy.acls()
                .ifPresent(acls -> builder.acls(acls.stream()
                        .map(acl -> new AclRule(
                                owners(acl.sources()),
                                acl.protocolOrNull(),
                                acl.destinations().stream()
                                        .filter(each -> isOwner(each.selector()))
                                        .toList()))
                        .toList()));
        return builder.build();
    }

    private static List<Selector> owners(List<Selector> selectors) {
        return selectors.stream().filter(PolicyTestPropertyTest::isOwner).toList();
    }

    private static boolean isOwner(Selector selector) {
        return !(selector instanceof Selector.Address
                || selector instanceof Selector.Network
                || selector instanceof Selector.Host
                || selector instanceof Selector.IpSet);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void testsAgreeWithWhatDevicesCan(@ForAll("policies") RoutingPolicy rules) {
        List<PolicyTestCase> tests = new ArrayList<>();
        for (Device sender : DEVICES) {
            for (Device target : DEVICES) {
                tests.add(new PolicyTestCase(
                        sender.named(),
                        Protocol.TCP,
                        List.of(new AclRule.Destination(target.named(), List.of(new PortRange(PORT, PORT)))),
                        List.of(),
                        new TreeMap<>()));
            }
        }
        RoutingPolicy policy = rules.toBuilder().tests(tests).build();
        Users users = PolicyArbitraries.users();
        StateRows rows = new StateRows(
                new TailnetRow(new TailnetId("t"), RoutingSettings.DEFAULT, policy),
                users.all(),
                DEVICES.stream()
                        .map(device -> new NodeRow(device.node(), null, false, null))
                        .toList(),
                List.of());
        RoutingViews views = RoutingViews.of(RoutingState.restore(rows, Instant.EPOCH));

        Set<Integer> failing = RouteTests.ofPolicy(views.state()).stream()
                .map(PolicyTestFailure::test)
                .collect(Collectors.toSet());

        int test = 0;
        for (Device sender : DEVICES) {
            for (Device target : DEVICES) {
                if (!sender.equals(target)) {
                    Reachability can = views.can(
                                    sender.node().id(),
                                    target.node().addresses().get(0).toPrefix(),
                                    Protocol.TCP,
                                    PORT)
                            .orElseThrow();
                    assertThat(!failing.contains(test))
                            .as(
                                    "%s to %s",
                                    sender.named().text(), target.named().text())
                            .isEqualTo(can instanceof Reachability.Yes);
                }
                test++;
            }
        }
    }
}
