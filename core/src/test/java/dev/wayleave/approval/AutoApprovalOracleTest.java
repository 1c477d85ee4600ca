package dev.wayleave.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the reference implementation decides, row by row ({@code headscale-routes.md}, Appendix A). {@code R{key=a,b; …}}
 * stands for {@code routes}, {@code X[a,b]} for {@code exitNode}.
 *
 * <p>Two routes in the table have host bits set; no such value exists here, so they are masked as a client masks them
 * before it advertises.
 */
class AutoApprovalOracleTest {

    private static final Users USERS = Users.of(
            User.builder(new UserId("1"), "user1").build(),
            User.builder(new UserId("2"), "user2").build());

    private static final Map<String, Owner> NODES = Map.of(
            "N1", Owner.user(new UserId("1")),
            "N2", Owner.user(new UserId("2")),
            "N3", Owner.tags("tag:router"),
            "N4", Owner.tags("tag:router", "tag:server"));

    private static final Pattern ROUTES = Pattern.compile("R\\{(.*?)}");
    private static final Pattern EXIT_NODE = Pattern.compile("X\\[(.*?)]");

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
        N1 | 192.168.1.0/24   | R{192.168.0.0/16=group:admin}                                  | yes
        N1 | 10.0.0.0/24      | R{192.168.0.0/16=group:admin}                                  | no
        N2 | 192.168.1.0/24   | R{192.168.0.0/16=group:admin}                                  | no
        N3 | 10.0.0.0/8       | R{10.0.0.0/8=tag:router}                                       | yes
        N1 | 172.16.10.0/24   | R{192.168.0.0/16=group:admin; 172.16.0.0/12=group:admin; 10.0.0.0/8=tag:router} | yes
        N1 | 192.168.5.0/24   | R{192.168.0.0/16=group:admin}                                  | yes
        N1 | 192.168.1.5/32   | R{192.168.1.0/24=group:admin; 192.168.1.128/25=group:admin}    | yes
        N1 | 0.0.0.0/0        | R{0.0.0.0/0=group:admin}                                       | no
        N1 | ::/0             | R{::/0=group:admin}                                            | no
        N1 | 0.0.0.0/0        | X[group:admin]                                                 | yes
        N1 | ::/0             | X[group:admin]                                                 | yes
        N1 | 192.168.1.0/24   | X[group:admin]                                                 | no
        N1 | 192.168.1.1/32   | X[group:admin]                                                 | no
        N1 | fd00::/8         | X[group:admin]                                                 | no
        N1 | 10.0.0.0/8       | R{0.0.0.0/0=group:admin}                                       | yes
        N1 | fd00::/8         | R{::/0=group:admin}                                            | yes
        N1 | fc00::/7         | R{::/0=group:admin}                                            | yes
        N1 | 2001:db8::1/128  | R{::/0=group:admin}                                            | yes
        N1 | 192.168.101.5/32 | R{0.0.0.0/0=group:admin}                                       | yes
        N1 | fd00::/8         | R{0.0.0.0/0=group:admin}                                       | no
        N1 | 10.0.0.0/8       | R{::/0=group:admin}                                            | no
        N1 | 192.168.1.0/24   | R{0.0.0.0/0=group:admin; ::/0=group:admin}                     | yes
        N1 | 192.168.1.0/24   | R{192.168.1.0/24=group:admin,group:netadmin}                   | yes
        N1 | 192.168.1.0/24   | R{192.168.0.0/16=group:netadmin; 192.168.1.0/24=group:admin}   | yes
        N1 | 203.0.113.0/24   | R{203.0.113.0/24=group:admin}                                  | yes
        N1 | 203.0.113.0/26   | R{203.0.113.0/24=group:admin}                                  | yes
        N1 | 203.0.113.0/23   | R{203.0.113.0/24=group:admin}                                  | no
        N1 | 203.0.114.0/24   | R{203.0.113.0/24=group:admin}                                  | no
        N1 | 203.0.113.128/23 | R{203.0.113.0/24=group:admin}                                  | no
        N1 | 192.168.1.0/24   | R{192.168.1.0/24=group:admin} X[group:admin]                   | yes
        N1 | 10.0.0.0/8       | R{10.0.0.0/9=group:admin; 10.128.0.0/9=group:admin}            | no
        N1 | 2001:db8::1/128  | R{2001:db8::/32=group:admin}                                   | yes
        N4 | 10.10.0.0/16     | R{10.10.0.0/16=tag:router,tag:server}                          | yes
        N4 | 10.10.0.0/16     | R{10.10.0.0/16=tag:router,group:admin}                         | yes
        N4 | 10.10.0.0/16     | R{10.10.0.0/16=tag:othertag}                                   | no
        N1 | 10.20.0.0/16     | R{10.20.0.0/16=group:admin,tag:router}                         | yes
        N3 | 10.20.0.0/16     | R{10.20.0.0/16=group:admin}                                    | no
        N1 | 192.168.1.0/24   | nothing                                                        | no
        """)
    void decidesAsTheReferenceImplementation(String node, String route, String autoApprovers, String approved) {
        AutoApproval policy = AutoApproval.compile(policy(autoApprovers), USERS);

        Verdict verdict = policy.review(NODES.get(node), Prefix.truncating(route), Approvals.none());

        assertThat(verdict.isApproved()).as(verdict.toString()).isEqualTo(approved.equals("yes"));
    }

    private static RoutingPolicy policy(String text) {
        RoutingPolicy.Builder policy = RoutingPolicy.builder()
                .group("group:admin", List.of(new Selector.UserName("user1@")))
                .group("group:netadmin", List.of(new Selector.UserName("user2@")));
        for (String tag : List.of("tag:router", "tag:server", "tag:othertag")) {
            policy.tagOwners(new Tag(tag), List.of());
        }
        Matcher routes = ROUTES.matcher(text);
        if (routes.find()) {
            for (String entry : routes.group(1).split("; ")) {
                String[] keyAndList = entry.split("=");
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
        List<Selector> selectors = new ArrayList<>();
        for (String text : list.split(",")) {
            selectors.add(text.startsWith("tag:") ? new Selector.Tagged(new Tag(text)) : new Selector.Group(text));
        }
        return selectors;
    }
}
