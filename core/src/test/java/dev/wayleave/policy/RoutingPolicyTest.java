package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyProblem.Code;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingPolicyTest {

    private static final RoutingPolicy POLICY = RoutingPolicy.builder()
            .group("group:admins", "alice@example.com", "bob@")
            .host("lan", Prefix.parse("192.168.0.0/16"))
            .tagOwners("tag:router", "group:admins")
            .tagOwners("tag:exit", "tag:router")
            .autoApproveRoutes("192.168.0.0/16", "tag:router")
            .autoApproveRoutes("10.0.0.0/8", "tag:router", "group:admins")
            .autoApproveExitNodes("tag:exit")
            .acls(AclRule.accept(List.of("group:admins"), List.of("lan:22", "[fd00::1]:443")))
            .grants(Grant.from("*")
                    .to("lan")
                    .ip("tcp:443", "*")
                    .app("example.com/cap/x", """
                            [ {"b": 1, "a": [ ] } ]\s""")
                    .via("tag:router")
                    .build())
            .build();

    private static final String JSON = """
            {\
            "acls":[{"action":"accept","dst":["lan:22","[fd00::1]:443"],"src":["group:admins"]}],\
            "autoApprovers":{"exitNode":["tag:exit"],\
            "routes":{"10.0.0.0/8":["tag:router","group:admins"],"192.168.0.0/16":["tag:router"]}},\
            "grants":[{"app":{"example.com/cap/x":[{"a":[],"b":1}]},"dst":["lan"],\
            "ip":["tcp:443","*"],"src":["*"],"via":["tag:router"]}],\
            "groups":{"group:admins":["alice@example.com","bob@"]},\
            "hosts":{"lan":"192.168.0.0/16"},\
            "tagOwners":{"tag:exit":["tag:router"],"tag:router":["group:admins"]}\
            }""";

    @Test
    void aPolicyPrintsCanonicalJson() {
        assertThat(POLICY.toJson()).isEqualTo(JSON);
    }

    @Test
    void aPolicyIsReadBackFromItsOwnJson() {
        assertThat(PolicyReader.read(JSON)).isEqualTo(POLICY).hasSameHashCodeAs(POLICY);
    }

    @Test
    void aPolicyPrintsOnlyTheSectionsThatItHolds() {
        assertThat(RoutingPolicy.builder().build().toJson()).isEqualTo("{}");
        assertThat(RoutingPolicy.builder().acls().grants().build().toJson()).isEqualTo("""
                {"acls":[],"grants":[]}""");
    }

    @Test
    void aPolicyDescribesItselfWithoutItsRules() {
        assertThat(POLICY.toString())
                .contains("1 acls", "1 grants", "1 groups", "2 tags", "1 hosts")
                .doesNotContain("@", "{");
    }

    @Test
    void aPolicyDiffersByEachOfItsSections() {
        List<RoutingPolicy> others = List.of(
                POLICY.toBuilder().group("group:admins", "bob@").build(),
                POLICY.toBuilder().host("lan", Prefix.parse("10.0.0.0/8")).build(),
                POLICY.toBuilder().tagOwners("tag:exit").build(),
                POLICY.toBuilder().autoApproveRoutes("10.0.0.0/8").build(),
                POLICY.toBuilder().autoApproveExitNodes("bob@").build(),
                POLICY.toBuilder().acls().build(),
                POLICY.toBuilder().grants().build());
        assertThat(others).doesNotContain(POLICY).doesNotHaveDuplicates();
        assertThat(POLICY.toBuilder().build()).isEqualTo(POLICY);
    }

    @Test
    void sectionsThatWereNotReadDoNotCountForEquality() {
        RoutingPolicy read = PolicyReader.read("""
                {"ssh": []}""");
        assertThat(read).isEqualTo(RoutingPolicy.builder().build());
        assertThat(read.toBuilder().build().sectionsNotRead()).containsExactly("ssh");
    }

    @Test
    void aPolicyBuiltInCodeIsRefusedWithThePathOfEveryProblem() {
        TreeMap<String, String> app = new TreeMap<>();
        app.put("example.com/cap/x", "no json");
        RoutingPolicyBuilder builder = RoutingPolicy.builder()
                .group("admins", "alice@")
                .host("#comment", Prefix.parse("10.0.0.0/8"))
                .autoApproveRoutes("10.0.0.0/8", "group:none")
                .acls(AclRule.accept(List.of("tag:none", "lan"), List.of("*:*")).withProtocol(new Protocol(0)))
                .grants(
                        Grant.from("*").to("0.0.0.0/0").build(),
                        new Grant(List.of(), List.of(), List.of(), app, new java.util.TreeSet<>()));

        assertThat(Refusals.by(builder::build))
                .extracting(problem -> problem.path() + " " + problem.code())
                .containsExactlyElementsOf("""
                        acls[0].proto UNKNOWN_PROTOCOL
                        acls[0].src[0] UNKNOWN_TAG
                        acls[0].src[1] UNKNOWN_HOST
                        autoApprovers.routes["10.0.0.0/8"][0] UNKNOWN_GROUP
                        grants[0] IP_AND_APP_EMPTY
                        grants[0].dst[0] ALL_ADDRESSES
                        grants[1].app["example.com/cap/x"] WRONG_TYPE
                        groups.admins MALFORMED_NAME
                        hosts["#comment"] MALFORMED_NAME
                        """.lines().toList());
    }

    @Test
    void problemsOfPoliciesBuiltInCodeHaveNoLine() {
        assertThat(Refusals.by(() ->
                        RoutingPolicy.builder().autoApproveExitNodes("tag:none").build()))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.line()).isZero();
                    assertThat(problem.column()).isZero();
                });
    }

    @Test
    void malformedTextsAreRefusedAtOnce() {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> RoutingPolicy.builder().tagOwners("tag:a", "tag:1"))
                .withMessageContaining("`tag:1` is not a tag");
    }

    private static final Users USERS = Users.of(
            user("1", "alice", "alice@example.com", Role.MEMBER),
            user("2", "bob", "bob@example.com", Role.ADMIN),
            user("3", "carol", "carol@example.org", Role.NETWORK_ADMIN),
            user("4", "dave", "dave@sub.example.com", Role.OWNER),
            user("5", "eve", "carol@example.org", Role.MEMBER),
            User.builder(new UserId("6"), "frank").build());

    private static User user(String id, String name, String email, Role role) {
        return User.builder(new UserId(id), name).email(email).role(role).build();
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.com, 1",
        "alice@, 1",
        "ALICE@Example.COM, 1", // an address in any case
        "user:*@EXAMPLE.com, '1 2'",
        "Alice@, ''", // a name as it is
        "nobody@, ''",
        "carol@example.org, ''", // two users have this address
        "carol@, 3",
        "group:admins, '1 2'",
        "group:none, ''",
        "user:*@example.com, '1 2'",
        "autogroup:member, '1 2 3 4 5 6'",
        "autogroup:admin, 2",
        "autogroup:network-admin, 3",
        "autogroup:owner, 4",
        "autogroup:tagged, ''",
        "autogroup:self, ''",
        "autogroup:internet, ''",
        "autogroup:danger-all, ''",
        "*, ''",
        "lan, ''",
        "10.0.0.0/8, ''"
    })
    void aSelectorNamesItsUsers(String selector, String ids) {
        OwnerSet owners = NamedOwners.of(Selector.parse(selector), POLICY.groups(), USERS);
        assertThat(owners.users().stream().map(UserId::value))
                .containsExactly(ids.isEmpty() ? new String[0] : ids.split(" "));
    }

    @Test
    void aTaggedNodeIsNamedByItsTagsAndNeverByAUser() {
        Owner tagged = Owner.tags("tag:router", "tag:other");
        assertThat(NamedOwners.of(Selector.parse("tag:router"), POLICY.groups(), USERS)
                        .contains(tagged))
                .isTrue();
        assertThat(NamedOwners.of(Selector.parse("tag:exit"), POLICY.groups(), USERS)
                        .contains(tagged))
                .isFalse();
        assertThat(NamedOwners.of(Selector.parse("autogroup:tagged"), POLICY.groups(), USERS)
                        .contains(tagged))
                .isTrue();
        assertThat(NamedOwners.of(Selector.parse("autogroup:member"), POLICY.groups(), USERS)
                        .contains(tagged))
                .isFalse();
        assertThat(NamedOwners.of(Selector.parse("autogroup:tagged"), POLICY.groups(), USERS)
                        .contains(Owner.user(new UserId("1"))))
                .isFalse();
    }

    @Test
    void textsThatNameMoreThanOneUserAreReportedWhereverTheyStand() {
        RoutingPolicy policy = RoutingPolicy.builder()
                .group("group:a", "alice@", "carol@example.org")
                .tagOwners("tag:a", "carol@example.org")
                .autoApproveRoutes("10.0.0.0/8", "carol@example.org")
                .autoApproveExitNodes("carol@example.org")
                .acls(AclRule.accept(List.of("*", "carol@example.org"), List.of("carol@example.org:22")))
                .grants(Grant.from("carol@example.org")
                        .to("carol@example.org")
                        .ip("*")
                        .build())
                .build();
        assertThat(policy.problemsWith(USERS))
                .allSatisfy(problem -> assertThat(problem.code()).isEqualTo(Code.AMBIGUOUS_USER))
                .extracting(PolicyProblem::path)
                .containsExactlyElementsOf("""
                        acls[0].dst[0]
                        acls[0].src[1]
                        autoApprovers.exitNode[0]
                        autoApprovers.routes["10.0.0.0/8"][0]
                        grants[0].dst[0]
                        grants[0].src[0]
                        groups["group:a"][1]
                        tagOwners["tag:a"][0]
                        """.lines().toList());
        assertThat(policy.problemsWith(USERS).get(0).message())
                .contains("`carol@example.org`", "`carol <carol@example.org> (3)`", "`eve <carol@example.org> (5)`");
    }

    @Test
    void aTextThatNamesMoreThanOneUserHasItsLineAndColumn() {
        assertThat(PolicyReader.read("""
                {"groups":
                 {"group:a": ["alice@", "carol@example.org"]}}""").problemsWith(USERS))
                .extracting(PolicyProblem::line, PolicyProblem::column)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(2, 25));
    }

    @Test
    void usersWhoAreUnknownAreNoProblem() {
        assertThat(POLICY.problemsWith(Users.none())).isEmpty();
    }

    private static final RoutingPolicy TAGS = RoutingPolicy.builder()
            .group("group:team", "alice@")
            .tagOwners("tag:own", "alice@", "autogroup:member")
            .tagOwners("tag:team", "bob@", "group:team")
            .tagOwners("tag:child", "tag:parent", "bob@")
            .tagOwners("tag:parent", "tag:top")
            .tagOwners("tag:top", "autogroup:owner", "alice@")
            .tagOwners("tag:nobody")
            .build();

    private static TagVerdict mayTag(String user, String tag) {
        return TAGS.mayTag(USERS.find(new UserId(user)).orElseThrow(), new Tag(tag), USERS);
    }

    @Test
    void aTagIsAllowedToThoseWhomItsOwnersName() {
        assertThat(mayTag("1", "tag:own"))
                .isEqualTo(new TagVerdict.Owned(new Tag("tag:own"), List.of(), Selector.parse("alice@")));
        assertThat(mayTag("6", "tag:own"))
                .isEqualTo(new TagVerdict.Owned(new Tag("tag:own"), List.of(), Selector.Autogroup.MEMBER));
        assertThat(mayTag("1", "tag:team"))
                .isEqualTo(new TagVerdict.Owned(new Tag("tag:team"), List.of(), Selector.parse("group:team")));
    }

    @Test
    void aTagIsAllowedToThoseWhoOwnATagThatOwnsIt() {
        assertThat(mayTag("4", "tag:child"))
                .isEqualTo(new TagVerdict.Owned(
                        new Tag("tag:child"),
                        List.of(new Tag("tag:parent"), new Tag("tag:top")),
                        Selector.Autogroup.OWNER));
        assertThat(mayTag("1", "tag:child").isAllowed()).isTrue();
    }

    @Test
    void theNearestOwnerIsPreferred() {
        assertThat(mayTag("2", "tag:child"))
                .isEqualTo(new TagVerdict.Owned(new Tag("tag:child"), List.of(), Selector.parse("bob@")));
    }

    @Test
    void aTagIsRefusedToAUserWhoDoesNotOwnIt() {
        assertThat(mayTag("3", "tag:child"))
                .isEqualTo(new TagVerdict.NotAnOwner(new Tag("tag:child"), new UserId("3")));
        assertThat(mayTag("4", "tag:nobody"))
                .isEqualTo(new TagVerdict.NotAnOwner(new Tag("tag:nobody"), new UserId("4")));
        assertThat(mayTag("4", "tag:nobody").isAllowed()).isFalse();
    }

    @Test
    void aTagThatThePolicyDoesNotDefineIsRefused() {
        assertThat(mayTag("4", "tag:other")).isEqualTo(new TagVerdict.UnknownTag(new Tag("tag:other")));
        assertThat(mayTag("4", "tag:other").isAllowed()).isFalse();
    }

    @Test
    void aChainOfTagsIsFollowedHoweverLongItIs() {
        int length = 40_000;
        RoutingPolicyBuilder policy = RoutingPolicy.builder().tagOwners("tag:t" + length, "alice@");
        IntStream.range(0, length).forEach(i -> policy.tagOwners("tag:t" + i, "tag:t" + (i + 1)));
        RoutingPolicy chain = policy.build();
        User alice = USERS.find(new UserId("1")).orElseThrow();
        User bob = USERS.find(new UserId("2")).orElseThrow();
        assertThat(chain.mayTag(alice, new Tag("tag:t0"), USERS))
                .isEqualTo(new TagVerdict.Owned(
                        new Tag("tag:t0"),
                        IntStream.rangeClosed(1, length)
                                .mapToObj(i -> new Tag("tag:t" + i))
                                .toList(),
                        Selector.parse("alice@")));
        assertThat(chain.mayTag(bob, new Tag("tag:t0"), USERS).isAllowed()).isFalse();
    }

    @Test
    void aGroupThatOwnsManyTagsIsLookedAtOnce() {
        int tags = 5_000;
        List<User> members = IntStream.range(0, 20_000)
                .mapToObj(i -> User.builder(new UserId("m" + i), "m" + i).build())
                .toList();
        User stranger = User.builder(new UserId("s"), "s").build();
        Users users =
                Users.of(Stream.concat(members.stream(), Stream.of(stranger)).toList());
        RoutingPolicyBuilder policy = RoutingPolicy.builder()
                .group(
                        "group:large",
                        members.stream().map(user -> user.name() + "@").toArray(String[]::new))
                .tagOwners("tag:t" + tags);
        IntStream.range(0, tags).forEach(i -> policy.tagOwners("tag:t" + i, "tag:t" + (i + 1), "group:large"));
        RoutingPolicy chain = policy.build();
        assertThat(chain.mayTag(stranger, new Tag("tag:t0"), users).isAllowed()).isFalse();
        assertThat(chain.mayTag(members.get(19_999), new Tag("tag:t0"), users))
                .isEqualTo(new TagVerdict.Owned(new Tag("tag:t0"), List.of(), Selector.parse("group:large")));
    }

    @Test
    void aSelectorNamesAUserAsAnOwnerWhereverItNamesTheUsersNodes() {
        for (String selector : List.of(
                "alice@",
                "carol@example.org",
                "nobody@",
                "group:team",
                "group:none",
                "user:*@example.org",
                "user:*@x.org",
                "autogroup:member",
                "autogroup:tagged",
                "autogroup:admin",
                "autogroup:network-admin",
                "autogroup:owner",
                "autogroup:self",
                "tag:own",
                "*",
                "10.0.0.1")) {
            OwnerSet owners = NamedOwners.of(Selector.parse(selector), TAGS.groups(), USERS);
            assertThat(USERS.all().stream()
                            .filter(user -> TAGS.matches(Selector.parse(selector), user.id(), USERS))
                            .map(User::id))
                    .as(selector)
                    .containsExactlyElementsOf(owners.users());
        }
        assertThat(TAGS.matches(Selector.Autogroup.MEMBER, new UserId("gone"), USERS))
                .isFalse();
    }

    @Test
    void approversOfExitRoutesReplaceEarlierOnes() {
        RoutingPolicy changed = POLICY.toBuilder().autoApproveExitNodes("bob@").build();
        assertThat(changed.autoApprovers().exitNode()).containsExactly(Selector.parse("bob@"));
    }

    @Test
    void aPolicyCanLoseItsRules() {
        RoutingPolicy without =
                POLICY.toBuilder().acls().grants().noAcls().noGrants().build();
        assertThat(without.acls()).isEmpty();
        assertThat(without.grants()).isEmpty();
    }
}
