package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyNotice.Code;
import dev.wayleave.policy.engine.NamedOwners;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is accepted, and may not be what its author thinks. */
class PolicyNoticesTest {

    private static final String POLICIES = """
            HOST_BITS | hosts.lan                       | `10.4.2.0/24`       | {"hosts": {"lan": §"10.4.2.1/24"}}
            HOST_BITS | hosts.lan                       | `fd00::/64`         | {"hosts": {"lan": §"fd00::1/64"}}
            HOST_BITS | autoApprovers.routes["10.4.2.1/24"] | `10.4.2.0/24` \
                      | {"autoApprovers": {"routes": {§"10.4.2.1/24": []}}}
            TAG_CYCLE | tagOwners["tag:a"][1]           | `tag:a` owns itself \
                      | {"tagOwners": {"tag:a": ["x@", §"tag:a"]}}
            TAG_CYCLE | tagOwners["tag:a"][0]           | `tag:b` owns itself \
                      | {"tagOwners": {"tag:b": ["tag:a"], "tag:a": [§"tag:b"]}}
            """;

    private static final String ACLS = """
            HOST_BITS | acls[0].src[0] | `10.4.2.0/24` \
                      | {"action": "accept", "src": [§"10.4.2.1/24"], "dst": ["*:*"]}
            HOST_BITS | acls[0].dst[0] | `10.4.2.0/28` \
                      | {"action": "accept", "src": ["*"], "dst": [§"10.4.2.1/28:*"]}
            HOST_BITS | acls[0].dst[0] | `fd00::/64` \
                      | {"action": "accept", "src": ["*"], "dst": [§"[fd00::1]/64:*"]}
            OLD_NAME  | acls[0].users  | `src`              | {"action": "accept", §"users": ["*"], "dst": ["*:*"]}
            OLD_NAME  | acls[0].Ports  | `dst`              | {"action": "accept", "src": ["*"], §"Ports": ["*:*"]}
            OLD_NAME  | acls[0].src[0] | `autogroup:member` \
                      | {"action": "accept", "src": [§"autogroup:members"], "dst": ["*:*"]}
            """;

    static Stream<Arguments> notices() {
        return Stream.concat(notices("", POLICIES, ""), notices("{\n \"acls\": [", ACLS, "]}"));
    }

    private static Stream<Arguments> notices(String before, String table, String after) {
        return table.lines()
                .map(row -> row.split(" *[|] ", 4))
                .map(cells -> Arguments.of(before + cells[3] + after, Code.valueOf(cells[0]), cells[1], cells[2]));
    }

    @ParameterizedTest
    @MethodSource("notices")
    void aNoticePointsAtTheEntry(String marked, Code code, String element, String words) {
        String before = marked.substring(0, marked.indexOf('§'));
        PolicyNotice notice = theOnly(marked.replace("§", ""));
        assertThat(notice.code()).isEqualTo(code);
        assertThat(notice.element()).isEqualTo(element);
        assertThat(notice.line())
                .isEqualTo(1 + before.chars().filter(c -> c == '\n').count());
        assertThat(notice.column()).isEqualTo(before.length() - before.lastIndexOf('\n'));
        assertThat(notice.message()).contains(words);
        assertThat(notice).hasToString(notice.line() + ":" + notice.column() + ": " + notice.message());
    }

    private static PolicyNotice theOnly(String text) {
        List<PolicyNotice> notices = PolicyReader.read(text).notices();
        assertThat(notices).hasSize(1);
        return notices.get(0);
    }

    @Test
    void noticesStandInTheOrderOfTheText() {
        assertThat(PolicyReader.read("""
                        {"acls": [{"action": "accept", "users": ["10.1.1.1/8"], "ports": ["10.1.1.1/9:22"]}],
                         "tagOwners": {"tag:a": ["tag:a"]},
                         "hosts": {"a": "10.1.1.1/10"},
                         "autoApprovers": {"routes": {"10.1.1.1/11": ["autogroup:members"]}}}
                        """).notices())
                .extracting(notice -> notice.line() + " " + notice.element())
                .containsExactlyElementsOf("""
                        1 acls[0].users
                        1 acls[0].users[0]
                        1 acls[0].ports
                        1 acls[0].ports[0]
                        2 tagOwners["tag:a"][0]
                        3 hosts.a
                        4 autoApprovers.routes["10.1.1.1/11"]
                        4 autoApprovers.routes["10.1.1.1/11"][0]
                        """.lines().toList());
    }

    @Test
    void everyUseOfAnOldNameHasItsNotice() {
        assertThat(PolicyReader.read("""
                {"acls": [{"action": "accept", "src": ["autogroup:members", \
                "autogroup:members"], "dst": ["autogroup:members:22"]}]}""").notices()).hasSize(3);
    }

    @Test
    void noticesDoNotCountForEquality() {
        RoutingPolicy old = PolicyReader.read("""
                {"acls": [{"action": "accept", "users": ["*"], "ports": ["10.4.2.1/24:22"]}]}""");
        RoutingPolicy today = PolicyReader.read("""
                {"acls": [{"action": "accept", "src": ["*"], "dst": ["10.4.2.0/24:22"]}]}""");
        assertThat(old).isEqualTo(today).hasSameHashCodeAs(today);
        assertThat(old.toJson()).isEqualTo(today.toJson());
        assertThat(PolicyReader.read(old.toJson()).notices()).isEmpty();
    }

    @Test
    void aPrefixWithHostBitsIsThePrefixThatItsNoticeNames() {
        RoutingPolicy policy = PolicyReader.read("""
                {"tagOwners": {"tag:r": []}, "hosts": {"lan": "10.4.2.1/24"},
                 "autoApprovers": {"routes": {"10.4.2.9/24": ["tag:r"]}}}
                """);
        assertThat(policy.hosts()).containsEntry("lan", Prefix.parse("10.4.2.0/24"));
        assertThat(policy.autoApprovers().routes()).containsOnlyKeys(Prefix.parse("10.4.2.0/24"));
    }

    @Test
    void anOwnerOfATagOfACircleOwnsThemAll() {
        User ann = User.builder(new UserId("1"), "ann").build();
        User bob = User.builder(new UserId("2"), "bob").build();
        Users users = Users.of(ann, bob);
        RoutingPolicy policy = PolicyReader.read("""
                {"tagOwners": {"tag:a": ["tag:b", "ann@"], "tag:b": ["tag:a"], "tag:k": ["tag:k"]}}""");
        assertThat(policy.mayTag(ann, new Tag("tag:b"), users).isAllowed()).isTrue();
        assertThat(policy.mayTag(bob, new Tag("tag:b"), users).isAllowed()).isFalse();
        assertThat(policy.mayTag(ann, new Tag("tag:k"), users).isAllowed()).isFalse();
    }

    @Test
    void aBuiltPolicyHasTheNoticesOfItsCanonicalText() {
        RoutingPolicy built =
                RoutingPolicy.builder().tagOwners("tag:a", "x@", "tag:a").build();
        assertThat(built.notices())
                .isEqualTo(PolicyReader.read(built.toJson()).notices())
                .singleElement()
                .satisfies(notice ->
                        assertThat(notice.column()).isEqualTo(1 + built.toJson().lastIndexOf("\"tag:a\"")));
    }

    @Test
    void asManyNoticesAreReportedAsTheLimitAllows() {
        String text = IntStream.range(0, 5)
                .mapToObj(i -> """
                        "h%s": "10.0.0.%s/31"\
                        """.formatted(i, 2 * i + 1))
                .collect(Collectors.joining(", ", "{\"hosts\": {", "}}"));
        assertThat(PolicyReader.read(text, PolicyLimits.builder().problems(5).build())
                        .notices())
                .hasSize(5);
        assertThat(PolicyReader.read(text, PolicyLimits.builder().problems(4).build())
                        .notices())
                .extracting(PolicyNotice::code)
                .containsExactly(Code.HOST_BITS, Code.HOST_BITS, Code.HOST_BITS, Code.HOST_BITS, Code.TOO_MANY_NOTICES);
    }

    @Test
    void fieldsThatBeginWithAHashOrTwoSlashesAreComments() {
        RoutingPolicy policy = PolicyReader.read("""
                {"# owner": "ops", "// owner": null,
                 "groups": {"#": 1, "group:a": ["x@"], "# not in use": {"group:b": []}},
                 "hosts": {"//lan": 7, "#lan": "no prefix"},
                 "tagOwners": {"#tag:a": []},
                 "autoApprovers": {"#routes": 1, "routes": {"//": [], "#10.0.0.0/8": []}},
                 "acls": [{"#ha-meta": {"open": true}, "#": 1, "#": 2, "action": "accept", "src": ["*"], \
                "dst": ["*:*"]}],
                 "grants": [{"//": "why", "src": ["*"], "dst": ["*"], "app": {"#a/b": 1, "a.b/c": [{"#kept": 1}]}}]}
                """);
        assertThat(policy.notices()).isEmpty();
        assertThat(policy).isEqualTo(PolicyReader.read("""
                {"groups": {"group:a": ["x@"]},
                 "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}],
                 "grants": [{"src": ["*"], "dst": ["*"], "app": {"a.b/c": [{"#kept": 1}]}}]}
                """));
    }

    @Test
    void approversOfServicesAreListedAsNotRead() {
        RoutingPolicy policy = PolicyReader.read("""
                {"tagOwners": {"tag:r": []},
                 "autoApprovers": {"services": {"svc:web": ["tag:r"], "tag:r": ["tag:unknown"]}, "exitNode": ["tag:r"]}}
                """);
        assertThat(policy.sectionsNotRead()).containsExactly("autoApprovers.services");
        assertThat(policy.autoApprovers().exitNode()).hasSize(1);
        assertThat(PolicyReader.read("""
                {"autoApprovers": {}}""").sectionsNotRead()).isEmpty();
    }

    @Test
    void usersWhoAreSharedInAreNamedByTheirOwnAutogroup() {
        User ann = User.builder(new UserId("1"), "ann").email("ann@x.example").build();
        User eve = User.builder(new UserId("2"), "eve")
                .email("eve@x.example")
                .role(Role.ADMIN)
                .sharedIn(true)
                .build();
        Users users = Users.of(ann, eve);
        RoutingPolicy policy =
                RoutingPolicy.builder().group("group:all", "ann@", "eve@").build();
        assertThat(owners(policy, "autogroup:shared", users)).containsExactly(eve.id());
        assertThat(owners(policy, "autogroup:shared", Users.of(ann))).isEmpty();
        assertThat(owners(policy, "autogroup:member", users)).containsExactly(ann.id());
        assertThat(owners(policy, "user:*@x.example", users)).containsExactly(ann.id());
        assertThat(owners(policy, "autogroup:admin", users)).isEmpty();
        assertThat(owners(policy, "eve@", users)).containsExactly(eve.id());
        assertThat(owners(policy, "group:all", users)).containsExactly(ann.id(), eve.id());
    }

    @Test
    void theCaseOfEmailAddressesAndDomainsDoesNotMatter() {
        User ann = User.builder(new UserId("1"), "ann").email("Ann@X.example").build();
        RoutingPolicy policy =
                RoutingPolicy.builder().group("group:g", "ANN@x.EXAMPLE").build();
        for (String text : List.of("ann@x.example", "ANN@X.EXAMPLE", "user:*@x.Example", "group:g")) {
            assertThat(owners(policy, text, Users.of(ann))).containsExactly(ann.id());
        }
        assertThat(owners(policy, "ANN@", Users.of(ann))).isEmpty();
    }

    @Test
    void everyRoleHasAnAutogroup() {
        Users users = Users.of(Stream.of(Role.values())
                .map(role -> User.builder(new UserId(role.name()), role.name())
                        .role(role)
                        .build())
                .toList());
        RoutingPolicy policy = RoutingPolicy.builder().build();
        for (Role role : Role.values()) {
            String autogroup = "autogroup:"
                    + role.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            if (role != Role.MEMBER) {
                assertThat(owners(policy, autogroup, users)).containsExactly(new UserId(role.name()));
            }
        }
        assertThat(owners(policy, "autogroup:member", users)).hasSize(Role.values().length);
    }

    private static Iterable<UserId> owners(RoutingPolicy policy, String selector, Users users) {
        return NamedOwners.of(Selector.parse(selector), policy.groups(), users).users();
    }
}
