package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.net.AddressSet;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section {@code ipsets}: what a set holds, where it is allowed, and what is refused. */
class IpSetTest {

    private static final AddressSet INTERNET = OverlayRanges.DEFAULT.publicInternet();

    private static List<String> held(String sections, String set) {
        return PolicyReader.read("{" + sections + "}").ipSets(INTERNET).get(set).prefixes().stream()
                .map(Prefix::toString)
                .toList();
    }

    private static List<String> made(String... operations) {
        List<String> quoted = Stream.of(operations).map("\"%s\""::formatted).toList();
        return held("""
                "ipsets": {"ipset:s": %s}""".formatted(quoted), "ipset:s");
    }

    @Test
    void anEntryWithoutAnOperationAdds() {
        assertThat(made("10.3.0.0/16", "fd00:3::/64", "10.9.0.7"))
                .containsExactly("10.3.0.0/16", "10.9.0.7/32", "fd00:3::/64");
    }

    @Test
    void operationsHappenInTheirOrder() {
        assertThat(made("add 10.3.0.0/24", "remove 10.3.0.0/25")).containsExactly("10.3.0.128/25");
        assertThat(made("remove 10.3.0.0/25", "add 10.3.0.0/24")).containsExactly("10.3.0.0/24");
        assertThat(made("10.3.0.0/24", "remove 10.3.0.0/25", "add 10.3.0.64/26", "remove 10.3.0.64"))
                .containsExactly(
                        "10.3.0.65/32",
                        "10.3.0.66/31",
                        "10.3.0.68/30",
                        "10.3.0.72/29",
                        "10.3.0.80/28",
                        "10.3.0.96/27",
                        "10.3.0.128/25");
    }

    @Test
    void aSetHasTheFewestPrefixes() {
        assertThat(made("10.3.0.0/25", "10.3.0.128/25", "10.3.1.0/24", "10.3.0.0/30"))
                .containsExactly("10.3.0.0/23");
    }

    @Test
    void aRangeOfAddressesIsAddedAndRemoved() {
        assertThat(made("10.3.0.1-10.3.0.4", "remove 10.3.0.3-10.3.0.9")).containsExactly("10.3.0.1/32", "10.3.0.2/32");
        assertThat(made("fd00::2-fd00::3")).containsExactly("fd00::2/127");
    }

    @Test
    void hostsAreWrittenWithAndWithoutTheirKind() {
        assertThat(held("""
                        "hosts": {"lan": "10.3.0.0/24", "printer": "10.3.0.9", "add": "10.4.0.0/24"},
                        "ipsets": {"ipset:s": ["lan", "remove host:printer", "add host:add"]}""", "ipset:s"))
                .contains("10.3.0.0/29", "10.3.0.8/32", "10.4.0.0/24")
                .doesNotContain("10.3.0.9/32");
    }

    @Test
    void setsAreAddedAndRemovedWhereverTheyAreDefined() {
        String sets = """
                "ipsets": {"ipset:all": ["ipset:offices", "fd00:3::/64", "remove ipset:guests"],
                           "ipset:offices": ["10.3.0.0/16", "add 10.5.0.0/16"],
                           "ipset:guests": ["10.3.128.0/17", "10.5.128.0/17"]}""";
        assertThat(held(sets, "ipset:all")).containsExactly("10.3.0.0/17", "10.5.0.0/17", "fd00:3::/64");
        assertThat(held(sets, "ipset:offices")).containsExactly("10.3.0.0/16", "10.5.0.0/16");
    }

    @Test
    void theInternetIsThatOfTheTailnet() {
        RoutingPolicy policy = RoutingPolicy.builder()
                .ipSet("ipset:s", "add autogroup:internet", "remove 8.8.8.0/24")
                .build();
        assertThat(policy.ipSets(INTERNET).get("ipset:s"))
                .isEqualTo(KnownRanges.PUBLIC_INTERNET.subtract(AddressSet.of(Prefix.parse("8.8.8.0/24"))));
        assertThat(policy.ipSets(AddressSet.of(Prefix.parse("8.8.0.0/16")))
                        .get("ipset:s")
                        .contains(Prefix.parse("8.8.9.0/24")))
                .isTrue();
    }

    @Test
    void rulesNameSetsAsSourcesAndDestinations() {
        RoutingPolicy policy = PolicyReader.read("""
                {"ipsets": {"ipset:s": ["10.3.0.0/16"]}, "tagOwners": {"tag:gw": []},
                 "acls": [{"action": "accept", "src": ["ipset:s"], "dst": ["ipset:s:22,80", "ipset:s:*"]}],
                 "grants": [{"src": ["ipset:s"], "dst": ["ipset:s"], "ip": ["*"], "via": ["tag:gw"]}]}
                """);
        Selector set = new Selector.IpSet("ipset:s");
        assertThat(Selector.parse("ipset:s")).isEqualTo(set);
        assertThat(policy.acls().orElseThrow().get(0))
                .isEqualTo(AclRule.accept(List.of("ipset:s"), List.of("ipset:s:22,80", "ipset:s:*")));
        assertThat(policy.grants().orElseThrow().get(0).destinations()).containsExactly(set);
    }

    @Test
    void canonicalJsonKeepsNamesAndDefinitions() {
        RoutingPolicy policy = PolicyReader.read("""
                {"hosts": {"lan": "10.3.0.0/24"},
                 "ipsets": {"ipset:b": ["lan", "remove 10.3.0.9", "10.3.0.1-10.3.0.3"], "ipset:a": ["add  ipset:b"]}}
                """);
        assertThat(policy.toJson()).isEqualTo("""
                {"hosts":{"lan":"10.3.0.0/24"},"ipsets":{"ipset:a":["add ipset:b"],\
                "ipset:b":["add host:lan","remove 10.3.0.9/32","add 10.3.0.1-10.3.0.3"]}}""");
        assertThat(PolicyReader.read(policy.toJson())).isEqualTo(policy).hasSameHashCodeAs(policy);
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
        assertThat(policy)
                .isNotEqualTo(policy.toBuilder().ipSet("ipset:a", "10.3.0.0/24").build());
    }

    @Test
    void hostBitsAreLeftOutWithANotice() {
        RoutingPolicy policy = PolicyReader.read("""
                {"ipsets": {"ipset:s": ["add 10.3.0.9/24"]}}""");
        assertThat(policy.notices())
                .extracting(PolicyNotice::code, PolicyNotice::element)
                .containsExactly(tuple(PolicyNotice.Code.HOST_BITS, """
                        ipsets["ipset:s"][0]"""));
        assertThat(policy.ipSets(INTERNET).get("ipset:s").prefixes()).containsExactly(Prefix.parse("10.3.0.0/24"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            MALFORMED_NAME     | {§"office": ["10.0.0.1"]}
            MALFORMED_NAME     | {§"ipset:a b": ["10.0.0.1"]}
            WRONG_TYPE         | {"ipset:a": §"10.0.0.1"}
            WRONG_TYPE         | {"ipset:a": [§1]}
            DUPLICATE_NAME     | {"ipset:a": ["10.0.0.1"], §"ipset:a": ["10.0.0.1"]}
            EMPTY_IP_SET       | {§"ipset:a": []}
            EMPTY_IP_SET       | {§"ipset:a": ["10.0.0.0/24", "remove 10.0.0.0/23"]}
            UNKNOWN_IP_SET     | {"ipset:a": [§"ipset:b"]}
            UNKNOWN_IP_SET     | {"ipset:a": ["10.0.0.1", §"remove ipset:b"]}
            UNKNOWN_HOST       | {"ipset:a": [§"lan"]}
            UNKNOWN_HOST       | {"ipset:a": [§"remove host:lan"]}
            IP_SET_CYCLE       | {"ipset:a": ["10.0.0.1", §"ipset:a"]}
            IP_SET_CYCLE       | {"ipset:a": ["10.0.0.1", §"remove ipset:a"]}
            IP_SET_CYCLE \
                | {"ipset:a": ["ipset:b"], "ipset:b": ["10.0.0.1", "ipset:c"], "ipset:c": [§"ipset:a", "10.0.0.2"]}
            MALFORMED_SELECTOR | {"ipset:a": [§"tag:a"]}
            MALFORMED_SELECTOR | {"ipset:a": [§"ann@"]}
            MALFORMED_SELECTOR | {"ipset:a": [§"*"]}
            MALFORMED_SELECTOR | {"ipset:a": [§"autogroup:member"]}
            MALFORMED_SELECTOR | {"ipset:a": [§"delete lan"]}
            MALFORMED_SELECTOR | {"ipset:a": [§""]}
            MALFORMED_SELECTOR | {"ipset:a": [§"remove "]}
            MALFORMED_PREFIX   | {"ipset:a": [§"REMOVE 10.0.0.0/24"]}
            MALFORMED_PREFIX   | {"ipset:a": [§"10.0.0.0/33"]}
            MALFORMED_PREFIX   | {"ipset:a": [§"10.0.0.9-10.0.0.1"]}
            """)
    void anIpSetIsRefusedAtTheMistake(Code code, String marked) {
        String start = "{\"ipsets\": ";
        PolicyProblem problem = Refusals.theOnly(start + marked.replace("§", "") + "}");
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.column()).isEqualTo(1 + start.length() + marked.indexOf('§'));
        Refusals.areWellFormed(List.of(problem));
    }

    @Test
    void aSetThatIsNotDefinedIsRefusedWhereARuleNamesIt() {
        assertThat(Refusals.theOnly("""
                {"grants": [{"src": ["*"], "dst": ["ipset:s"], "ip": ["*"]}]}"""))
                .extracting(PolicyProblem::code, PolicyProblem::path)
                .containsExactly(Code.UNKNOWN_IP_SET, "grants[0].dst[0]");
    }

    @Test
    void aGrantToASetOfAllAddressesIsRefused() {
        assertThat(Refusals.theOnly("""
                {
                  "ipsets": {"ipset:s": ["0.0.0.0/1", "128.0.0.0/1"]},
                  "grants": [{"src": ["*"], "dst": ["ipset:s"], "ip": ["*"]}]
                }
                """))
                .extracting(PolicyProblem::code, PolicyProblem::path)
                .containsExactly(Code.ALL_ADDRESSES, "grants[0].dst[0]");
    }

    @Test
    void setsMayStandInNoOtherPlace() {
        assertThat(Refusals.of("""
                        {"ipsets": {"ipset:s": ["10.0.0.1"]}, "groups": {"group:a": ["ipset:s"]},
                         "tagOwners": {"tag:a": ["ipset:s"]},
                         "autoApprovers": {"routes": {"10.0.0.0/8": ["ipset:s"]}, "exitNode": ["ipset:s"]},
                         "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"], "via": ["ipset:s"]}]}
                        """))
                .extracting(PolicyProblem::code)
                .containsExactly(
                        Code.MISPLACED_SELECTOR,
                        Code.MISPLACED_SELECTOR,
                        Code.MISPLACED_SELECTOR,
                        Code.MISPLACED_SELECTOR,
                        Code.VIA_NOT_A_TAG);
    }

    private static String chain(int sets) {
        return IntStream.range(1, sets)
                .mapToObj(i -> """
                        "ipset:s%s": ["ipset:s%s"]""".formatted(i, i - 1))
                .collect(Collectors.joining(", ", """
                        {"ipsets": {"ipset:s0": ["10.0.0.1"],\s""", "}}"));
    }

    private static String backwards(int sets) {
        return IntStream.range(1, sets)
                .mapToObj(i -> """
                        "ipset:s%s": ["ipset:s%s"]""".formatted(sets - i, sets - i - 1))
                .collect(Collectors.joining(", ", "{\"ipsets\": {", """
                        , "ipset:s0": ["10.0.0.1"]}}"""));
    }

    @Test
    void moreLevelsThanTheLimitAreRefused() {
        assertThat(PolicyLimits.DEFAULT.ipSetLevels()).isEqualTo(16);
        for (String text : List.of(chain(16), backwards(16))) {
            assertThat(PolicyReader.read(text).ipSets()).hasSize(16);
        }
        for (String text : List.of(chain(17), backwards(17))) {
            assertThat(Refusals.of(text)).extracting(PolicyProblem::code).containsOnly(Code.IP_SETS_TOO_DEEP);
        }
        PolicyLimits three = PolicyLimits.builder().ipSetLevels(3).build();
        assertThat(PolicyReader.read(chain(3), three).ipSets()).hasSize(3);
        assertThat(Refusals.by(() -> PolicyReader.read(chain(4), three)))
                .extracting(PolicyProblem::path)
                .containsExactly("""
                        ipsets["ipset:s3"][0]""");
    }

    @Test
    void theRefusalNamesTheSetThatIsTooDeepAndNotOneInIt() {
        PolicyLimits three = PolicyLimits.builder().ipSetLevels(3).build();
        for (String text : List.of(chain(4), backwards(4))) {
            assertThat(Refusals.by(() -> PolicyReader.read(text, three)))
                    .extracting(PolicyProblem::path, PolicyProblem::message)
                    .containsExactly(tuple(
                            """
                                    ipsets["ipset:s3"][0]""",
                            "the IP set `ipset:s3`, with the sets in it, is more than 3 levels deep: name addresses in"
                                    + " place of a set"));
        }
    }

    @Test
    void aLongChainNeedsNoDeepStack() {
        for (String text : List.of(chain(100_000), backwards(100_000))) {
            assertThat(Refusals.of(text)).extracting(PolicyProblem::code).contains(Code.IP_SETS_TOO_DEEP);
        }
    }

    @Test
    void theLimitOfEntriesCountsThePrefixesOfSetsAndOfTheirUses() {
        String sets = """
                {
                  "ipsets": {"ipset:s": ["10.0.0.0/24", "remove 10.0.0.0"]},
                  "acls": [{"action": "accept", "src": ["ipset:s"], "dst": ["ipset:s:*"]}]
                }
                """;
        // eight prefixes in the set, and twice eight where it is named
        assertThat(PolicyReader.read(sets, PolicyLimits.builder().entries(24).build())
                        .acls())
                .isPresent();
        assertThat(Refusals.by(() -> PolicyReader.read(
                        sets, PolicyLimits.builder().entries(23).build())))
                .extracting(PolicyProblem::code, PolicyProblem::path)
                .containsExactly(tuple(Code.TOO_MANY_ENTRIES, "acls[0].dst[0]"));
    }

    /** Ten thousand operations that undo each other take no time that grows with their square. */
    @Test
    void manyOperationsAreWorkedOut() {
        String operations = IntStream.range(0, 50_000)
                .mapToObj(i ->
                        "\"" + (i % 3 == 2 ? "remove " : "add ") + "10." + i / 256 % 256 + "." + i % 256 + ".0/25\"")
                .collect(Collectors.joining(","));
        assertThat(held("""
                "ipsets": {"ipset:s": [%s]}""".formatted(operations), "ipset:s")).hasSizeGreaterThan(30_000);
    }
}
