package dev.wayleave.examples.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.RawServer;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Headscale's documents mean. */
class HeadscaleSourceTest {

    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);
    private static final Prefix LAN = Prefix.parse("10.0.0.0/24");

    private static final String NO_NODES = """
            {"nodes": []}""";

    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer().on("/api/v1/user", """
                {"users": [{"id": "1", "name": "ann", "email": ""}]}""").policy("");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Tailnet read(@Nullable SourceText policy) {
        return new HeadscaleSource(server.url(), "key", Duration.ofSeconds(20), policy).read();
    }

    private RoutingState state(String... nodes) {
        server.on("/api/v1/node", """
                {"nodes": [%s]}""".formatted(String.join(", ", nodes)));
        return read(null).state();
    }

    private static String node(int id, String more) {
        String approved = more.contains("approvedRoutes") ? "" : """
                , "approvedRoutes": []""";
        return """
                {"id": "%d", "machineKey": "mkey:%d", "name": "host-%d", "user": {"id": "1", "name": "ann"}%s%s}\
                """.formatted(id, id, id, more.isEmpty() ? "" : ", " + more, approved);
    }

    private static String router(int id, boolean online, boolean serves) {
        String lan = """
                ["%s"]""".formatted(LAN);
        return node(id, """
                "online": %s, "availableRoutes": %s, "approvedRoutes": %s, "subnetRoutes": %s\
                """.formatted(online, lan, lan, serves ? lan : "[]"));
    }

    private static NodeState only(RoutingState state) {
        return state.node(ONE).orElseThrow();
    }

    @Test
    void theMachinesKeyIsTheHostKeyAndTheGivenNameTheName() {
        NodeState node = only(state(node(1, """
                "givenName": "berlin", "createdAt": "2026-01-02T03:04:05.678901Z"\
                """)));
        assertThat(node.facts().hostKey()).isEqualTo("mkey:1");
        assertThat(node.facts().name()).isEqualTo("berlin");
        assertThat(node.facts().registeredAt()).isEqualTo(Instant.parse("2026-01-02T03:04:05.678Z"));
    }

    @Test
    void withoutAGivenNameTheHostsNameStands() {
        assertThat(only(state(node(1, "\"givenName\": \"\""))).facts().name()).isEqualTo("host-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tags", "forcedTags", "validTags"})
    void tagsWinOverTheUser(String member) {
        assertThat(only(state(node(1, """
                "%s": ["tag:router"]\
                """.formatted(member)))).facts().owner()).isEqualTo(Owner.tags("tag:router"));
    }

    @Test
    void theKeyOfTheRegistrationSaysWhetherANodeIsEphemeral() {
        String ephemeral = node(1, """
                "preAuthKey": {"ephemeral": true}""");
        String other = node(2, """
                "preAuthKey": null, "tags": []""");
        RoutingState state = state(ephemeral, other);
        assertThat(only(state).facts().isEphemeral()).isTrue();
        assertThat(state.node(TWO).orElseThrow().facts().isEphemeral()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            null
            ""
            "0001-01-01T00:00:00Z"
            """)
    void anEmptyTimeAndTheZeroTimeAreUnknown(String none) {
        Node node = only(state(node(1, """
                "expiry": %s, "createdAt": %s""".formatted(none, none)))).facts();
        assertThat(node.keyExpiry()).isEmpty();
        assertThat(node.registeredAt()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void theRoutesOfTheListAreThePrimaries() {
        RoutingState state = state(router(1, true, false), router(2, true, true));
        assertThat(state.primary(LAN)).contains(TWO);
    }

    @Test
    void aRouteThatIsNotApprovedThereIsNotApprovedHere() {
        server.policy("""
                {"autoApprovers": {"routes": {"10.0.0.0/8": ["ann@"]}}}""");
        NodeState node = only(state(node(1, """
                "online": true, "availableRoutes": ["10.0.0.0/24"]""")));
        assertThat(node.advertised()).containsExactly(LAN);
        assertThat(node.approvals().approved()).isEmpty();
    }

    @Test
    void anApprovalIsOneOfTheControlPlaneAndNoImport() {
        server.on("/api/v1/node", """
                {"nodes": [%s]}""".formatted(router(1, true, true)));
        Tailnet read = read(null);
        assertThat(Routing.review(read.state(), ONE, LAN).orElseThrow().text(read.names()))
                .isEqualTo("in `headscale`");
    }

    @Test
    void aNodeWithoutASessionIsOfflineAndCarriesNothing() {
        RoutingState state = state(router(1, false, false), node(2, """
                "online": false"""));
        assertThat(only(state).liveness()).isEqualTo(Liveness.OFFLINE);
        assertThat(state.node(TWO).orElseThrow().liveness()).isEqualTo(Liveness.OFFLINE);
        assertThat(state.primary(LAN)).isEmpty();
    }

    @Test
    void oneMachineMayBeSeveralNodes() {
        RoutingState state = state(node(1, ""), node(2, """
                "tags": []""").replace("mkey:2", "mkey:1"));
        assertThat(state.node(TWO).orElseThrow().facts().hostKey()).isEqualTo("mkey:1#2");
    }

    @Test
    void twoNodesWithOneNumberAreRefused() {
        assertThatThrownBy(() -> state(node(1, ""), node(1, """
                "tags": []""")))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("two", "number 1");
    }

    @Test
    void aUserOfANodeThatTheListLacksIsAUser() {
        String ann = """
                {"id": "1", "name": "ann"}""";
        String eve = """
                {"id": "7", "name": "eve"}""";
        RoutingState state = state(node(1, "").replace(ann, eve));
        assertThat(state.users().find(new UserId("7"))).isPresent();
    }

    @Test
    void anOlderHeadscaleIsRefusedAndTheImportNamed() {
        assertThatThrownBy(() -> state(node(1, "").replace(", \"approvedRoutes\": []", "")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("older than 0.26")
                .hasMessageContaining("import-headscale");
    }

    @Test
    void aPolicyThatTheApiDoesNotReturnComesFromAFile() {
        server.on("/api/v1/node", NO_NODES).on("/api/v1/policy", 500, """
                {"message": "reading policy from path \\"\\": open : no file"}""");
        assertThatThrownBy(() -> read(null))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("reading policy from path")
                .hasMessageContaining("--current-policy")
                .hasMessageContaining("--without-policy");
        assertThat(read(new SourceText("policy.hujson", """
                {"tagOwners": {"tag:a": []}}""")).state().policy().text())
                .contains("tag:a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    500 | {"code": 2, "message": "loading ACL from database: acl policy not found", "details": []}
                    500 | {"title": "Internal Server Error", "status": 500, "detail": "loading ACL from database", \
                    "errors": [{"message": "acl policy not found"}]}
                    200 | {"policy": "", "updatedAt": null}
                    """)
    void aHeadscaleWithoutAPolicyLetsEveryNodeReachEveryOther(int status, String answer) {
        server.on("/api/v1/node", NO_NODES).on("/api/v1/policy", status, answer);
        Tailnet tailnet = read(null);
        assertThat(tailnet.state().policy()).isEqualTo(RoutingPolicy.builder().build());
        assertThat(tailnet.unknown()).contains("without a policy");
    }

    @Test
    void aPolicyThatCannotBeReadIsRefusedWithItsPlace() {
        server.on("/api/v1/node", NO_NODES).policy("""
                {"aclz": []}""");
        assertThatThrownBy(() -> read(null)).isInstanceOf(BadInput.class).hasMessageContaining("api/v1/policy:1:2: ");
    }

    @Test
    void factsThatTheApiLacksAreListed() {
        String node = node(1, """
                "ipAddresses": ["10.9.0.1"]""");
        assertThat(tailnet(node).unknown())
                .contains("denials", "roles", "health", "10.9.0.1")
                .doesNotContain("\n");
    }

    private Tailnet tailnet(String... nodes) {
        server.on("/api/v1/node", """
                {"nodes": [%s]}""".formatted(String.join(", ", nodes)));
        return read(null);
    }

    private static String offering(String route) {
        String list = """
                ["10.0.0.0/24", "%s"]""".formatted(route);
        return node(1, """
                "online": true, "availableRoutes": %s, "approvedRoutes": %s""".formatted(list, list));
    }

    @Test
    void aRouteWithHostBitsIsReadWithoutThemAndNamed() {
        Tailnet tailnet = tailnet(offering("10.1.2.3/16"));
        assertThat(only(tailnet.state()).effective()).containsExactly(LAN, Prefix.parse("10.1.0.0/16"));
        assertThat(tailnet.unknown()).containsSubsequence("node 1: `approvedRoutes`", "`10.1.2.3/16`", "`10.1.0.0/16`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3.4/0", "x", "10.0.0.0/33", ""})
    void aRouteThatIsNoneIsLeftOutAndNamed(String route) {
        Tailnet tailnet = tailnet(offering(route));
        assertThat(only(tailnet.state()).effective()).containsExactly(LAN);
        assertThat(tailnet.unknown()).containsSubsequence("node 1: `availableRoutes`", "`" + route + "`: ");
    }

    @Test
    void aTagThatIsNoneIsLeftOutAndNamed() {
        Tailnet tailnet = tailnet(node(1, """
                "tags": ["tag:k8s_node", "tag:router"]"""));
        assertThat(only(tailnet.state()).facts().owner()).isEqualTo(Owner.tags("tag:router"));
        assertThat(tailnet.unknown()).containsSubsequence("node 1: `tags`", "`tag:k8s_node`", "left out");
    }

    @Test
    void aNodeWithoutAReadableTagBelongsToNoUser() {
        Tailnet tailnet = tailnet(node(1, """
                "tags": ["tag:k8s_node"]"""));
        assertThat(only(tailnet.state()).facts().owner()).isEqualTo(Owner.tags("tag:unreadable"));
    }

    @Test
    void aNodeWithoutAnOwnerIsLeftOutAndNamed() {
        String user = """
                "user": {"id": "1", "name": "ann"},\s""";
        Tailnet tailnet = tailnet(node(1, "\"user\": null").replace(user, ""), node(2, ""));
        assertThat(tailnet.state().nodes()).containsOnlyKeys(TWO);
        assertThat(tailnet.unknown()).containsSubsequence("node 1: ", "user", "tags");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "99999999999999999999"})
    void aNodeWithoutAUsableNumberIsLeftOutAndNamed(String number) {
        Tailnet tailnet = tailnet(node(1, "").replaceFirst("\"1\"", "\"" + number + "\""), node(2, ""));
        assertThat(tailnet.state().nodes()).containsOnlyKeys(TWO);
        assertThat(tailnet.unknown()).contains("node " + number + ": ");
    }

    @Test
    void otherValuesThatCannotBeReadAreLeftOutAndNamed() {
        Tailnet tailnet = tailnet(node(1, """
                "givenName": "a\\u0007b",
                "expiry": "soon",
                "createdAt": "?",
                "ipAddresses": ["100.64.0.1", "here"]"""));
        Node node = only(tailnet.state()).facts();
        assertThat(node.name()).isEqualTo("host-1");
        assertThat(node.keyExpiry()).isEmpty();
        assertThat(node.addresses()).containsExactly(IpAddress.parse("100.64.0.1"));
        assertThat(tailnet.unknown())
                .contains("`givenName` has ", "`expiry` has `soon`", "`createdAt` has `?`", "`ipAddresses` has `here`");
    }

    @Test
    void aUserWhoseNameIsNoneKeepsItsNodes() {
        server.on("/api/v1/user", """
                {"users": [{"id": "1", "name": "a\\u0007nn", "email": ""}]}""");
        Tailnet tailnet = tailnet(node(1, ""));
        assertThat(only(tailnet.state()).facts().owner()).isEqualTo(Owner.user(new UserId("1")));
        assertThat(tailnet.unknown()).contains("user 1: `name` has ");
    }

    @Test
    void manyValuesThatCannotBeReadAreCounted() {
        Tailnet tailnet = tailnet(node(1, """
                "ipAddresses": ["a", "b", "c", "d", "e", "f", "g"]"""));
        assertThat(tailnet.unknown()).contains("has `e`", "and 2 more values").doesNotContain("has `f`");
    }
}
