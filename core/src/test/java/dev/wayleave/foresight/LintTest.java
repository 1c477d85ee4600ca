package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.testing.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each kind of finding is found where it is, and only there. */
class LintTest {

    private static final String LAN = "10.1.0.0/16";
    private static final String HOST = "10.1.2.0/24";

    /** Two tailnets that differ in one thing: in one something is found, in the other nothing of the kind. */
    private record Example(Consumer<Scenario> found, Consumer<Scenario> clean) {}

    private static final Map<LintCode, Example> EXAMPLES = new EnumMap<>(LintCode.class);

    private static final String ROUTER = """
            ["tag:router"]""";
    private static final String ROUTER_AND_ANN = """
            ["tag:router", "ann@example.com"]""";
    private static final String OTHER = """
            ["tag:other"]""";
    private static final String OTHER_AND_ROUTER = """
            ["tag:other", "tag:router"]""";

    static {
        example(
                LintCode.UNRELATED_ROUTERS,
                s -> s.router("a", LAN)
                        .register("b", tagged("tag:other"))
                        .connect("b")
                        .advertise("b", LAN)
                        .approve("b", LAN),
                s -> s.router("a", LAN)
                        .register("b", tagged("tag:other", "tag:router"))
                        .connect("b")
                        .advertise("b", LAN)
                        .approve("b", LAN));
        example(
                LintCode.NO_FALLBACK,
                s -> s.router("a", LAN, HOST).router("b", LAN),
                s -> s.router("a", LAN, HOST).router("b", LAN, HOST));
        example(
                LintCode.SHADOWED_APPROVERS,
                s -> s.policy(approvers(ROUTER, ROUTER_AND_ANN)),
                s -> s.policy(approvers(ROUTER_AND_ANN, ROUTER)));
        example(
                LintCode.UNKNOWN_NAME,
                s -> s.user("ann").policy(grant("anne@example.com", "10.1.0.1", "")),
                s -> s.user("ann").policy(grant("ann@example.com", "10.1.0.1", "")));
        example(LintCode.POLICY_NOTICE, s -> s.policy(lan("10.1.0.5/24")), s -> s.policy(lan("10.1.0.0/24")));
        example(
                LintCode.RULE_WITHOUT_SOURCE,
                s -> s.user("ann").policy(grant("ann@example.com", "10.1.0.1", "")),
                s -> s.user("ann").register("laptop", of("ann")).policy(grant("ann@example.com", "10.1.0.1", "")));
        example(
                LintCode.RULE_WITHOUT_DESTINATION,
                s -> s.policy(grant("*", "tag:router", "")),
                s -> s.policy(grant("*", "tag:router", "")).register("a"));
        example(
                LintCode.VIA_WITHOUT_ROUTER,
                s -> s.register("a").policy(grant("*", LAN, "tag:router")),
                s -> s.router("a", LAN).policy(grant("*", LAN, "tag:router")));
        example(
                LintCode.VIA_SINGLE_ROUTER,
                s -> s.router("a", LAN).policy(grant("*", LAN, "tag:router")),
                s -> s.router("a", LAN).router("b", LAN).policy(grant("*", LAN, "tag:router")));
        example(LintCode.RESERVED_PREFIX, s -> s.router("a", "100.100.100.100/32"), s -> s.router("a", LAN));
        example(
                LintCode.UNREADABLE_VIA6,
                s -> s.router("a", "fd7a:115c:a1e0:b1a:1:0:a00:0/104"),
                s -> s.router("a", "fd7a:115c:a1e0:b1a:0:1:a00:0/104"));
        example(
                LintCode.RESERVED_ADDRESS,
                s -> s.register("a", address("127.0.0.1")),
                s -> s.register("a", address("100.64.0.1")));
        example(
                LintCode.SHARED_ADDRESS,
                s -> s.register("a", address("100.64.0.1")).register("b", address("100.64.0.1")),
                s -> s.register("a", address("100.64.0.1")).register("b", address("100.64.0.2")));
        example(
                LintCode.HALF_EXIT_NODE,
                s -> s.register("a").advertise("a", "0.0.0.0/0"),
                s -> s.register("a").advertise("a", "0.0.0.0/0", "::/0"));
        example(
                LintCode.APPROVED_NOT_ADVERTISED,
                s -> s.register("a").approve("a", LAN).sleep(Duration.ofDays(30)),
                s -> s.register("a").approve("a", LAN).sleep(Duration.ofDays(29)));
        example(
                LintCode.WAITING_FOR_APPROVAL,
                s -> s.register("a").advertise("a", LAN).sleep(Duration.ofDays(7)),
                s -> s.register("a").advertise("a", LAN).sleep(Duration.ofDays(6)));
        example(
                LintCode.EXIT_NODE_NETWORK_OPEN,
                s -> s.router("a", "0.0.0.0/0", "::/0", LAN).policy(grant("*", "*", "")),
                s -> s.router("a", "0.0.0.0/0", "::/0", LAN).policy(grant("*", "autogroup:internet", "")));
        example(
                LintCode.OPEN_TO_EVERY_NODE,
                s -> s.router("a", LAN).policy(grant("*", "*", "")),
                s -> s.router("a", LAN).policy(grant("autogroup:member", "*", "")));
        example(
                LintCode.STALE_APPROVAL,
                s -> s.policy(approvers(ROUTER, "[]")).router("a", HOST).policy(approvers(OTHER, "[]")),
                s -> s.policy(approvers(ROUTER, "[]")).router("a", HOST).policy(approvers(OTHER_AND_ROUTER, "[]")));
        example(
                LintCode.KEY_EXPIRED,
                s -> s.router("a", LAN).change("a", node -> node.keyExpiry(Scenario.START)),
                s -> s.router("a", LAN).change("a", node -> node.keyExpiry(Scenario.START.plusSeconds(1))));
        example(
                LintCode.KEY_EXPIRES_SOON,
                s -> s.router("a", LAN).change("a", node -> node.keyExpiry(Scenario.START.plus(Duration.ofDays(14)))),
                s -> s.router("a", LAN)
                        .change(
                                "a",
                                node -> node.keyExpiry(
                                        Scenario.START.plus(Duration.ofDays(14)).plusSeconds(1))));
        example(
                LintCode.LOOK_ALIKE_NAMES,
                s -> s.register("berlin").register("ber\u200dlin"),
                s -> s.register("berlin").register("bern"));
        example(LintCode.FAILING_TEST, s -> s.policy(tested("accept")), s -> s.policy(tested("deny")));
    }

    private static void example(LintCode code, Consumer<Scenario> found, Consumer<Scenario> clean) {
        EXAMPLES.put(code, new Example(found, clean));
    }

    private static Consumer<Node.Builder> tagged(String... tags) {
        return node -> node.owner(Owner.tags(tags));
    }

    private static Consumer<Node.Builder> of(String user) {
        return node -> node.owner(Owner.user(new UserId(user))).address(IpAddress.parse("100.64.0.1"));
    }

    private static Consumer<Node.Builder> address(String address) {
        return node -> node.address(IpAddress.parse(address));
    }

    private static String approvers(String narrow, String wide) {
        return """
                {"tagOwners": {"tag:router": [], "tag:other": []},
                 "autoApprovers": {"routes": {"%s": %s, "%s": %s}}}""".formatted(HOST, narrow, LAN, wide);
    }

    private static String lan(String prefix) {
        return """
                {"hosts": {"lan": "%s"}}""".formatted(prefix);
    }

    private static String grant(String source, String destination, String via) {
        String policy = """
                {"tagOwners": {"tag:router": []},
                 "grants": [{"src": ["%s"], "dst": ["%s"], "ip": ["*"], "via": [%s]}]}""";
        return policy.formatted(source, destination, via.isEmpty() ? "" : "\"" + via + "\"");
    }

    private static String tested(String word) {
        return """
                {"acls": [], "tests": [{"src": "ann@example.com", "%s": ["10.1.0.1:22"]}]}""".formatted(word);
    }

    private static List<LintFinding> findings(Consumer<Scenario> tailnet, LintCode code) {
        Scenario scenario = Scenario.begin();
        tailnet.accept(scenario);
        return findings(scenario, code);
    }

    private static List<LintFinding> findings(Scenario scenario, LintCode code) {
        return Lint.of(scenario.state(), scenario.now()).stream()
                .filter(finding -> finding.code() == code)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> everyKindOfFindingIsFoundWhereItIsAndOnlyThere() {
        return Arrays.stream(LintCode.values())
                .filter(code -> code != LintCode.UNUSED_ACCEPTANCE)
                .map(code -> DynamicTest.dynamicTest(code.code(), () -> {
                    Example example = EXAMPLES.get(code);
                    assertThat(findings(example.found(), code)).as("found").hasSize(1);
                    assertThat(findings(example.clean(), code)).as("clean").isEmpty();
                }));
    }

    @Test
    void codesAreStableTexts() {
        assertThat(LintCode.of("unrelated-routers")).isEqualTo(LintCode.UNRELATED_ROUTERS);
        assertThat(Arrays.stream(LintCode.values()).map(LintCode::code))
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("[a-z]+(-[a-z0-9]+)*"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LintCode.of("unrelated"))
                .withMessageStartingWith("`unrelated` is not a code of a finding: the codes are `unrelated-routers`, ");
    }

    @Test
    void theDocumentationListsEveryCode() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/policies.md"));

        assertThat(Arrays.stream(LintCode.values()).map(code -> "`" + code.code() + "`"))
                .allMatch(page::contains);
    }

    @Test
    void aFindingOfThePolicyHasItsEntryAndItsLine() {
        Scenario scenario = Scenario.begin().register("a").policy(grant("*", LAN, "tag:router"));

        LintFinding finding = Lint.of(scenario.state(), scenario.now()).get(0);

        assertThat(finding.code()).isEqualTo(LintCode.VIA_WITHOUT_ROUTER);
        assertThat(finding.entry()).contains("grants[0]");
        assertThat(finding.line()).hasValue(2);
        assertThat(finding.message()).contains("`grants[0]`", "`tag:router`");
    }

    @Test
    void aFindingHasItsFactsAndItsCodeHasTheAdvice() {
        LintFinding finding = findings(s -> s.router("a", "127.0.0.0/8"), LintCode.RESERVED_PREFIX)
                .get(0);

        assertThat(finding.message())
                .endsWith("packets to these addresses do not reach the network behind the router")
                .doesNotContain(finding.code().advice());
    }

    @Test
    void anEntryKeepsItsSubjectWhenAnotherComesBeforeIt() {
        String rule = """
                {"src": ["ann@example.com"], "dst": ["10.1.0.1"], "ip": ["*"]}""";
        String other = """
                {"src": ["tag:router"], "dst": ["10.1.0.1"], "ip": ["*"]}""";
        String policy = """
                {"tagOwners": {"tag:router": []}, "grants": [%s], "tests": [%s]}""";
        String test = """
                {"src": "ann@example.com", "accept": ["10.1.0.2:22"]}""";
        String holding = """
                {"src": "ann@example.com", "deny": ["10.1.0.2:22"]}""";

        List<LintFinding> before = all(s -> s.user("ann").register("a").policy(policy.formatted(rule, test)));
        List<LintFinding> after = all(s ->
                s.user("ann").register("a").policy(policy.formatted(other + ",\n" + rule, holding + ",\n" + test)));

        assertThat(before)
                .extracting(LintFinding::code)
                .containsExactly(LintCode.FAILING_TEST, LintCode.RULE_WITHOUT_SOURCE);
        assertThat(after)
                .extracting(LintFinding::subject)
                .isEqualTo(before.stream().map(LintFinding::subject).toList());
        assertThat(after).extracting(LintFinding::entryOrNull).containsExactly("tests[1]", "grants[1]");
    }

    @Test
    void aNoticeIsAboutTheWordOfThePolicy() {
        assertThat(findings(
                        s -> s.user("ann").policy(grant("anne@example.com", "10.1.0.1", "")), LintCode.UNKNOWN_NAME))
                .extracting(LintFinding::subject)
                .containsExactly("unmatched-name anne@example.com");
    }

    private static List<LintFinding> all(Consumer<Scenario> tailnet) {
        Scenario scenario = Scenario.begin();
        tailnet.accept(scenario);
        return Lint.of(scenario.state(), scenario.now());
    }

    private final Scenario waiting =
            Scenario.begin().register("a").advertise("a", LAN, HOST).sleep(Duration.ofDays(7));

    @Test
    void aRouteThatIsDeniedDoesNotWait() {
        assertThat(findings(
                        s -> s.register("a")
                                .advertise("a", LAN)
                                .revoke("a", LAN)
                                .sleep(Duration.ofDays(8)),
                        LintCode.WAITING_FOR_APPROVAL))
                .isEmpty();
    }

    @Test
    void aRouteWaitsSinceItIsAdvertisedWithoutABreak() {
        waiting.advertise("a", LAN);
        assertThat(lint(LintOptions.builder()))
                .extracting(LintFinding::message)
                .singleElement()
                .asString()
                .contains("`10.1.0.0/16`", "`a`", "2026-01-01T00:00:00Z", "7 days", "`autoApprovers.routes`");
        waiting.advertise("a").advertise("a", LAN);
        assertThat(lint(LintOptions.builder())).isEmpty();
        assertThat(lint(LintOptions.builder().waitingFor(Duration.ZERO))).hasSize(1);
    }

    private List<LintFinding> lint(LintOptions.Builder options) {
        return Lint.of(waiting.state(), waiting.now(), options.build());
    }

    @Test
    void anAcceptedFindingStaysWithItsReasonAndDoesNotCount() {
        List<LintFinding> findings = lint(LintOptions.builder()
                .accept(new LintOptions.Acceptance(LintCode.WAITING_FOR_APPROVAL, LAN + " a", "a test")));

        assertThat(findings).extracting(LintFinding::acceptedOrNull).containsExactly("a test", null);
        assertThat(Lint.worst(findings)).contains(LintSeverity.INFO);
        assertThat(Lint.worst(findings.subList(0, 1))).isEmpty();
    }

    @Test
    void anAcceptanceThatNothingMatchesIsAFinding() {
        List<LintFinding> findings = lint(LintOptions.builder()
                .accept(new LintOptions.Acceptance(LintCode.WAITING_FOR_APPROVAL, "", "all of them"))
                .accept(new LintOptions.Acceptance(LintCode.SHARED_ADDRESS, "100.64.0.1", "long ago")));

        assertThat(findings)
                .filteredOn(finding -> finding.accepted().isEmpty())
                .extracting(LintFinding::message)
                .singleElement()
                .asString()
                .contains("`shared-address`", "`100.64.0.1`");
    }

    @Test
    void anAcceptanceOfAKindThatIsOffIsNoFinding() {
        assertThat(lint(LintOptions.builder()
                        .off(LintCode.WAITING_FOR_APPROVAL)
                        .off(LintCode.SHARED_ADDRESS)
                        .accept(new LintOptions.Acceptance(LintCode.SHARED_ADDRESS, "100.64.0.1", "long ago"))))
                .isEmpty();
    }

    @Test
    void severitiesCanBeSetAndKindsSwitchedOff() {
        assertThat(lint(LintOptions.builder().severity(LintCode.WAITING_FOR_APPROVAL, LintSeverity.ERROR)))
                .extracting(LintFinding::severity)
                .containsExactly(LintSeverity.ERROR, LintSeverity.ERROR);
        assertThat(lint(LintOptions.builder().off(LintCode.WAITING_FOR_APPROVAL)))
                .isEmpty();
    }

    @Test
    void aFindingIsNotAcceptedWithoutAReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LintOptions.Acceptance(LintCode.SHARED_ADDRESS, "", " "))
                .withMessageContaining("`shared-address`");
    }

    @Test
    void namesThatDifferInWhatIsSeenDoNotLookAlike() {
        assertThat(VisibleText.of("ber\u200blin")).isEqualTo("berlin");
        assertThat(VisibleText.of(" b\u00a0 c ")).isEqualTo("b c");
        assertThat(VisibleText.of("b\u00e9")).isEqualTo(VisibleText.of("be\u0301"));
        assertThat(VisibleText.of("site\u00b2")).isNotEqualTo("site2");
        assertThat(VisibleText.of("of\ufb01ce")).isNotEqualTo("office");
        assertThat(VisibleText.of("ber\u034flin\uffa0")).isEqualTo("berlin");
        assertThat(VisibleText.of("berlin-a")).isNotEqualTo(VisibleText.of("berlin-b"));
    }
}
