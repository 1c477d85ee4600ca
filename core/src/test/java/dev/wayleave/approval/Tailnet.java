package dev.wayleave.approval;

import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import dev.wayleave.policy.Selector;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A few users, times and short words for the tests of this package. */
final class Tailnet {

    static final Users USERS = Users.of(
            user("alice", Role.MEMBER),
            user("bob", Role.ADMIN),
            user("carol", Role.NETWORK_ADMIN),
            user("dave", Role.OWNER));

    static final Owner ALICE = owner("alice");
    static final Owner BOB = owner("bob");
    static final Owner CAROL = owner("carol");
    static final Owner DAVE = owner("dave");
    static final Owner ROUTER = Owner.tags("tag:router");

    static final Actor ADMIN = new Actor("admin@example.com");
    static final Actor OTHER_ADMIN = new Actor("other@example.com");
    static final Instant T1 = Instant.parse("2026-11-21T12:00:01Z");
    static final Instant T2 = Instant.parse("2026-11-21T12:00:02Z");
    static final Instant T3 = Instant.parse("2026-11-21T12:00:03Z");

    static final Prefix TEN = Prefix.parse("10.0.0.0/8");
    static final Prefix LAN = Prefix.parse("192.168.1.0/24");
    static final Prefix SIX = Prefix.parse("fd00::/8");
    static final Prefix EXIT4 = Prefix.parse("0.0.0.0/0");
    static final Prefix EXIT6 = Prefix.parse("::/0");

    static final ApprovalRule DEFAULT = ApprovalRule.DEFAULT;
    static final ApprovalRule FORGET_DENIED = new ApprovalRule(WithdrawalRule.KEEP_APPROVAL, true, false);
    static final ApprovalRule REVOKE = new ApprovalRule(WithdrawalRule.REVOKE_APPROVAL, true, true);

    private static final Pattern ROUTES = Pattern.compile("R\\{(.*?)}");
    private static final Pattern EXIT_NODE = Pattern.compile("X\\[(.*?)]");

    private Tailnet() {}

    private static User user(String name, Role role) {
        return User.builder(new UserId(name), name)
                .email(name + "@example.com")
                .role(role)
                .build();
    }

    static Owner owner(String name) {
        return Owner.user(new UserId(name));
    }

    static SortedSet<Prefix> routes(Prefix... routes) {
        return new TreeSet<>(List.of(routes));
    }

    static Approval byAdmin(Instant at) {
        return new Approval(new Approver.Administrator(ADMIN), at);
    }

    /** Compiles {@code R{key=a,b; key=c} X[d]} for the users above. */
    static AutoApproval autoApproval(String text) {
        return AutoApproval.compile(policy(text), USERS);
    }

    /** Reads {@code R{key=a,b; key=c} X[d]}; {@code group:admins} is bob, {@code group:crew} is alice and bob. */
    static RoutingPolicy policy(String text) {
        RoutingPolicyBuilder policy = RoutingPolicy.builder()
                .group("group:admins", List.of(new Selector.UserName("bob@example.com")))
                .group("group:crew", List.of(new Selector.UserName("alice@"), new Selector.UserName("bob@")))
                .group("group:empty", List.of());
        for (String tag : List.of("tag:router", "tag:server", "tag:other")) {
            policy.tagOwners(new Tag(tag), List.of());
        }
        Matcher routes = ROUTES.matcher(text);
        if (routes.find()) {
            for (String entry : routes.group(1).split("; ")) {
                String[] keyAndList = entry.split("=", -1);
                policy.autoApproveRoutes(Prefix.parse(keyAndList[0]), selectors(keyAndList[1]));
            }
        }
        Matcher exitNode = EXIT_NODE.matcher(text);
        if (exitNode.find()) {
            policy.autoApproveExitNodes(selectors(exitNode.group(1)));
        }
        return policy.build();
    }

    private static List<Selector> selectors(String list) {
        return Arrays.stream(list.split(","))
                .filter(text -> !text.isEmpty())
                .map(Tailnet::selector)
                .toList();
    }

    static Selector selector(String text) {
        if (text.startsWith("tag:")) {
            return new Selector.Tagged(new Tag(text));
        }
        if (text.startsWith("group:")) {
            return new Selector.Group(text);
        }
        return Arrays.stream(Selector.Autogroup.values())
                .filter(autogroup -> autogroup.text().equals(text))
                .map(Selector.class::cast)
                .findFirst()
                .orElseGet(() -> new Selector.UserName(text));
    }
}
