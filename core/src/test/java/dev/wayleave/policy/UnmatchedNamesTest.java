package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyNotice.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** What of a policy matches nothing in a tailnet, and what was probably meant. */
class UnmatchedNamesTest {

    private static final Users USERS = Users.of(
            User.builder(new UserId("1"), "ann").email("ann.lee@x.example").build(),
            User.builder(new UserId("2"), "sam").role(Role.AUDITOR).build());

    private static final List<Node> NODES = List.of(
            node(1, "gateway", Owner.tags("tag:router"), "100.64.0.1"),
            node(2, "printer", Owner.user(new UserId("1")), "100.64.0.2"));

    private static Node node(long id, String name, Owner owner, String address) {
        return Node.builder(new NodeId(id), name, owner)
                .address(IpAddress.parse(address))
                .build();
    }

    private static List<PolicyNotice> notices(String text) {
        return PolicyReader.read(text)
                .noticesWith(USERS, NODES, List.of(Prefix.parse("10.4.0.0/16")), OverlayRanges.DEFAULT);
    }

    private static List<String> places(String text) {
        return notices(text).stream()
                .map(notice -> notice.line() + " " + notice.code() + " " + notice.element())
                .toList();
    }

    @Test
    void everyPlaceOfAUserWhoIsNotKnownIsNamed() {
        assertThat(places("""
                        {"groups": {"group:g": ["ann@", "SAM@",
                            "kim@x.example"]},
                         "tagOwners": {"tag:router": ["kim@x.example"]},
                         "autoApprovers": {"routes": {"10.4.0.0/16": ["kim@x.example"]}, \
                        "exitNode": ["ANN.Lee@X.example"]},
                         "grants": [{"src": ["kim@x.example"], "dst": ["sam@", "kim@x.example"], "ip": ["*"]}]}
                        """)).containsExactlyElementsOf("""
                1 UNMATCHED_NAME groups["group:g"][1]
                2 UNMATCHED_NAME groups["group:g"][2]
                3 UNMATCHED_NAME tagOwners["tag:router"][0]
                4 UNMATCHED_NAME autoApprovers.routes["10.4.0.0/16"][0]
                5 UNMATCHED_NAME grants[0].src[0]
                5 UNMATCHED_NAME grants[0].dst[1]
                """.lines().toList());
    }

    /** A test about a user who does not exist passes, and checks nothing. */
    @Test
    void sectionsThatOpenNothingAreLookedAtToo() {
        assertThat(places("""
                        {"tests": [{"src": "kim@x.example",
                                    "accept": ["10.4.0.1:22", "kim@x.example:22"], "deny": ["sam@:22"]}],
                         "ssh": [{"action": "accept", "src": ["ann@", "kim@"], "dst": ["user:*@y.example"],
                                  "users": ["root", "kim@"]}],
                         "sshTests": [{"src": "kim@x.example", "dst": ["ann@"], "accept": ["root"]}],
                         "nodeAttrs": [{"target": ["*", "kim@x.example"], "attr": ["funnel"]}]}
                        """))
                .containsExactly(
                        "1 UNMATCHED_NAME tests[0].src",
                        "2 UNMATCHED_NAME tests[0].accept[1]",
                        "3 UNMATCHED_NAME ssh[0].src[1]",
                        "3 UNMATCHED_NAME ssh[0].dst[0]",
                        "5 UNMATCHED_NAME sshTests[0].src",
                        "6 UNMATCHED_NAME nodeAttrs[0].target[1]");
    }

    @Test
    void theNearestUserIsNamed() {
        String group = """
                {"groups": {"group:g": ["%s"]}}""";
        assertThat(notices(group.formatted("SAM@"))).first().asString().endsWith("is not known here: perhaps `sam@`");
        assertThat(notices(group.formatted("an.lee@x.example")))
                .first()
                .asString()
                .endsWith("is not known here: perhaps `ann.lee@x.example`");
        assertThat(notices(group.formatted("zoe@other.example")))
                .first()
                .asString()
                .endsWith("is not known here");
    }

    @Test
    void domainsAndRolesThatNameNoUserAreNamed() {
        assertThat(places("""
                        {"acls": [{"action": "accept", "dst": ["*:*"],
                          "src": ["user:*@x.example", "user:*@y.example", "autogroup:auditor", "autogroup:owner",
                                  "autogroup:shared", "autogroup:member", "*"]}]}
                        """))
                .containsExactly(
                        "2 UNMATCHED_NAME acls[0].src[1]",
                        "2 UNMATCHED_NAME acls[0].src[3]",
                        "3 UNMATCHED_NAME acls[0].src[4]");
    }

    @Test
    void tagsThatNoNodeHasAreNamedWhereTheyAreDefined() {
        List<PolicyNotice> notices = notices("""
                {"tagOwners": {"tag:router": [], "tag:routers": [], "tag:database": []},
                 "acls": [{"action": "accept", "src": ["tag:routers"], "dst": ["tag:database:22"]}]}
                """);
        assertThat(notices).extracting(PolicyNotice::element).containsExactlyElementsOf("""
                tagOwners["tag:routers"]
                tagOwners["tag:database"]
                """.lines()
                .toList());
        assertThat(notices.get(0).message()).endsWith("perhaps `tag:router`");
        assertThat(notices.get(1).message()).endsWith("no node has the tag `tag:database`");
    }

    @Test
    void hostsThatAreNowhereAreNamed() {
        List<PolicyNotice> notices = notices("""
                {"hosts": {"printer": "100.64.0.2", "lan": "10.4.7.0/24", "wide": "10.0.0.0/8",
                           "pritner": "100.64.0.9", "other": "10.5.0.0/16"}}
                """);
        assertThat(notices).extracting(PolicyNotice::element).containsExactly("hosts.pritner", "hosts.other");
        assertThat(notices.get(0).message()).contains("`100.64.0.9/32`").endsWith("there is a node `printer`");
        assertThat(notices.get(1).message()).contains("`10.5.0.0/16`").doesNotContain("there is a node");
    }

    @Test
    void inATailnetWithoutUsersAndNodesNoNameIsMissed() {
        RoutingPolicy policy = PolicyReader.read("""
                {"hosts": {"lan": "10.5.0.0/16"}, "tagOwners": {"tag:a": ["kim@"]}}
                """);
        assertThat(policy.noticesWith(Users.none(), List.of(), List.of(), OverlayRanges.DEFAULT))
                .isEmpty();
    }

    @Test
    void thePolicysOwnNoticesAndTheOverlayAreAmongThem() {
        RoutingPolicy policy = PolicyReader.read("""
                {"groups": {"group:g": ["kim@"]}, "hosts": {"lan": "10.4.0.9/16"},
                 "tagOwners": {"tag:a": []}}
                """);
        assertThat(policy.noticesWith(
                        USERS,
                        List.of(node(7, "far", Owner.tags("tag:a"), "192.0.2.7")),
                        List.of(Prefix.parse("10.4.0.0/16")),
                        OverlayRanges.DEFAULT))
                .extracting(PolicyNotice::code)
                .containsExactly(Code.UNMATCHED_NAME, Code.HOST_BITS, Code.OUTSIDE_OVERLAY);
    }

    @Test
    void ofManyPlacesTheFirstAreNamed() {
        String members =
                IntStream.range(0, 1_500).mapToObj(i -> "\"kim" + i + "@\"").collect(Collectors.joining(","));
        List<PolicyNotice> notices = notices("""
                {"groups": {"group:g": [%s]}}""".formatted(members));
        assertThat(notices).hasSize(1_001);
        assertThat(notices.get(1_000).code()).isEqualTo(Code.TOO_MANY_NOTICES);
    }

    /** Names are compared until a limit: then the notices say no more than that there is no such user. */
    @Test
    void thousandsOfWrongNamesAmongThousandsOfUsersAreFoundAtOnce() {
        List<User> users = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            users.add(User.builder(new UserId("u" + i), "user" + i).build());
        }
        String members =
                IntStream.range(0, 900).mapToObj(i -> "\"usre" + i + "@\"").collect(Collectors.joining(","));
        RoutingPolicy policy = PolicyReader.read("""
                {"groups": {"group:g": [%s]}}""".formatted(members));
        assertThat(policy.noticesWith(Users.of(users), List.of(), List.of(), OverlayRanges.DEFAULT))
                .hasSize(900)
                .allMatch(notice -> notice.message().contains("is not known here"));
    }

    @Test
    void theCommonStartOfTagsMakesNoTwoOfThemNear() {
        assertThat(new NearestName(List.of("tag:xy")).to("tag:ab")).isEmpty();
        assertThat(new NearestName(List.of("tag:xy", "tag:router")).to("tag:routr"))
                .contains("tag:router");
    }

    /** By the definition: the fewest steps from the front of both texts. */
    private static int slowDistance(String one, String other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.length() + other.length();
        }
        int kept = slowDistance(one.substring(1), other.substring(1)) + (one.charAt(0) == other.charAt(0) ? 0 : 1);
        int deleted = slowDistance(one.substring(1), other) + 1;
        int inserted = slowDistance(one, other.substring(1)) + 1;
        return Math.min(kept, Math.min(deleted, inserted));
    }

    @Property(tries = 200)
    void theDistanceIsTheFewestEdits(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 5) String one,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 5) String other) {
        assertThat(NearestName.distance(one, other)).isEqualTo(slowDistance(one, other));
    }
}
