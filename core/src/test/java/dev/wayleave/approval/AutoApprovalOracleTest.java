package dev.wayleave.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Headscale decides, row by row. {@code R{key=a,b; …}} stands for {@code routes}, {@code X[a,b]} for {@code
 * exitNode}.
 *
 * <p>Two routes in the table have host bits set; no such value exists here, so they are masked as a client masks them
 * before it advertises.
 */
class AutoApprovalOracleTest {

    private static final Map<String, Owner> NODES = Map.of(
            "N1", Tailnet.BOB,
            "N2", Tailnet.ALICE,
            "N3", Tailnet.ROUTER,
            "N4", Owner.tags("tag:router", "tag:server"));

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
        N1 | 192.168.1.0/24   | R{192.168.0.0/16=group:admins}                                  | yes
        N1 | 10.0.0.0/24      | R{192.168.0.0/16=group:admins}                                  | no
        N2 | 192.168.1.0/24   | R{192.168.0.0/16=group:admins}                                  | no
        N3 | 10.0.0.0/8       | R{10.0.0.0/8=tag:router}                                       | yes
        N1 | 172.16.10.0/24   | R{192.168.0.0/16=group:admins; 172.16.0.0/12=group:admins; 10.0.0.0/8=tag:router} | yes
        N1 | 192.168.5.0/24   | R{192.168.0.0/16=group:admins}                                  | yes
        N1 | 192.168.1.5/32   | R{192.168.1.0/24=group:admins; 192.168.1.128/25=group:admins}    | yes
        N1 | 0.0.0.0/0        | R{0.0.0.0/0=group:admins}                                       | no
        N1 | ::/0             | R{::/0=group:admins}                                            | no
        N1 | 0.0.0.0/0        | X[group:admins]                                                 | yes
        N1 | ::/0             | X[group:admins]                                                 | yes
        N1 | 192.168.1.0/24   | X[group:admins]                                                 | no
        N1 | 192.168.1.1/32   | X[group:admins]                                                 | no
        N1 | fd00::/8         | X[group:admins]                                                 | no
        N1 | 10.0.0.0/8       | R{0.0.0.0/0=group:admins}                                       | yes
        N1 | fd00::/8         | R{::/0=group:admins}                                            | yes
        N1 | fc00::/7         | R{::/0=group:admins}                                            | yes
        N1 | 2001:db8::1/128  | R{::/0=group:admins}                                            | yes
        N1 | 192.168.101.5/32 | R{0.0.0.0/0=group:admins}                                       | yes
        N1 | fd00::/8         | R{0.0.0.0/0=group:admins}                                       | no
        N1 | 10.0.0.0/8       | R{::/0=group:admins}                                            | no
        N1 | 192.168.1.0/24   | R{0.0.0.0/0=group:admins; ::/0=group:admins}                     | yes
        N1 | 192.168.1.0/24   | R{192.168.1.0/24=group:admins,alice@}                   | yes
        N1 | 192.168.1.0/24   | R{192.168.0.0/16=alice@; 192.168.1.0/24=group:admins}   | yes
        N1 | 203.0.113.0/24   | R{203.0.113.0/24=group:admins}                                  | yes
        N1 | 203.0.113.0/26   | R{203.0.113.0/24=group:admins}                                  | yes
        N1 | 203.0.113.0/23   | R{203.0.113.0/24=group:admins}                                  | no
        N1 | 203.0.114.0/24   | R{203.0.113.0/24=group:admins}                                  | no
        N1 | 203.0.113.128/23 | R{203.0.113.0/24=group:admins}                                  | no
        N1 | 192.168.1.0/24   | R{192.168.1.0/24=group:admins} X[group:admins]                   | yes
        N1 | 10.0.0.0/8       | R{10.0.0.0/9=group:admins; 10.128.0.0/9=group:admins}            | no
        N1 | 2001:db8::1/128  | R{2001:db8::/32=group:admins}                                   | yes
        N4 | 10.10.0.0/16     | R{10.10.0.0/16=tag:router,tag:server}                          | yes
        N4 | 10.10.0.0/16     | R{10.10.0.0/16=tag:router,group:admins}                         | yes
        N4 | 10.10.0.0/16     | R{10.10.0.0/16=tag:other}                                   | no
        N1 | 10.20.0.0/16     | R{10.20.0.0/16=group:admins,tag:router}                         | yes
        N3 | 10.20.0.0/16     | R{10.20.0.0/16=group:admins}                                    | no
        N1 | 192.168.1.0/24   | nothing                                                        | no
        """)
    void autoApprovalDecidesAsTheReferenceImplementation(
            String node, String route, String autoApprovers, String approved) {
        AutoApproval policy = Tailnet.autoApproval(autoApprovers);

        Verdict verdict = policy.review(NODES.get(node), Prefix.truncating(route), Approvals.none());

        assertThat(verdict.isApproved()).as(verdict.toString()).isEqualTo(approved.equals("yes"));
    }
}
