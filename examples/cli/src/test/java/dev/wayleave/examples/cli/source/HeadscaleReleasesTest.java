package dev.wayleave.examples.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.RawServer;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents of each release of Headscale, with every member that its gateway writes. */
class HeadscaleReleasesTest {

    private static final Prefix OFFICE = Prefix.parse("10.20.0.0/16");

    private static final String ANN = """
            {"id": "1", "name": "ann", "createdAt": "2025-03-01T08:00:00.123456789Z", "displayName": "Ann",
             "email": "ann@example.com", "providerId": "", "provider": "", "profilePicUrl": ""}""";

    private static final String TAGGED_DEVICES = """
            {"id": "2147455555", "name": "tagged-devices", "createdAt": "0001-01-01T00:00:00Z",
             "displayName": "Tagged Devices", "email": "", "providerId": "", "provider": "", "profilePicUrl": ""}""";

    /** Up to 0.25 the user of a key is a name, and its number is a text; as JSON the second is the same. */
    private static final String KEY = """
            {"user": USER, "id": "3", "key": "0f1e", "reusable": true, "ephemeral": EPHEMERAL, "used": true,
             "expiration": "2025-03-01T09:00:00Z", "createdAt": "2025-03-01T08:00:00Z", "aclTags": []}""";

    private static final String BEGINNING = """
            {"id": "ID", "machineKey": "mkey:0ID", "nodeKey": "nodekey:0ID", "discoKey": "discokey:0ID",
             "ipAddresses": ["100.64.0.ID", "fd7a:115c:a1e0::ID"], "name": "host-ID", "user": OWNER,
             "lastSeen": "2025-06-01T08:00:00Z", "expiry": EXPIRY, "preAuthKey": KEYED,
             "createdAt": "2025-03-01T08:30:00.5Z", "registerMethod": "REGISTER_METHOD_AUTH_KEY",""";

    private static final String ROUTES = """
            , "approvedRoutes": ["10.20.0.0/16"], "availableRoutes": ["10.20.0.0/16", "10.30.0.0/16"],
             "subnetRoutes": SERVED}""";

    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer().on("/api/v1/user", """
                {"users": [%s]}""".formatted(ANN)).on("/api/v1/policy", """
                {"policy": "{}", "updatedAt": null}""");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RoutingState state(String nodes) {
        server.on("/api/v1/node", """
                {"nodes": [%s]}""".formatted(nodes));
        return new HeadscaleSource(server.url(), "key", Duration.ofSeconds(20), null)
                .read()
                .state();
    }

    private static String beginning(int id, String owner, String expiry, String key) {
        return BEGINNING
                .replace("ID", String.valueOf(id))
                .replace("OWNER", owner)
                .replace("EXPIRY", expiry)
                .replace("KEYED", key);
    }

    private static String key(String user, boolean ephemeral) {
        return KEY.replace("USER", user).replace("EPHEMERAL", String.valueOf(ephemeral));
    }

    private static String routes(String served) {
        return ROUTES.replace("SERVED", served);
    }

    /** Releases 0.26 and 0.27: the user of a tagged node is the one who registered it. */
    private static String upTo027() {
        String berlin = """
                "forcedTags": ["tag:router"], "invalidTags": ["tag:refused"], "validTags": ["tag:asked", "tag:router"],
                "givenName": "berlin", "online": true""";
        String lab = """
                "forcedTags": [], "invalidTags": ["tag:refused"], "validTags": [],
                "givenName": "lab", "online": false""";
        return beginning(1, ANN, "null", key(ANN, false)) + berlin + routes("""
                ["10.20.0.0/16"]""") + ", "
                + beginning(2, ANN, "\"2026-01-01T00:00:00Z\"", key(ANN, true)) + lab + routes("[]");
    }

    /** Releases 0.28 and 0.29: one list of tags, and a user for all tagged nodes. */
    private static String from028() {
        String berlin = """
                "givenName": "berlin", "online": true, "tags": ["tag:asked", "tag:router"]""";
        String lab = """
                "givenName": "lab", "online": false, "tags": []""";
        return beginning(1, TAGGED_DEVICES, "null", key("null", false)) + berlin + routes("""
                ["10.20.0.0/16"]""") + ", "
                + beginning(2, ANN, "\"2026-01-01T00:00:00Z\"", key(ANN, true)) + lab + routes("[]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReleaseFrom026OnIsRead(boolean older) {
        RoutingState state = state(older ? upTo027() : from028());

        NodeState berlin = state.node(new NodeId(1)).orElseThrow();
        assertThat(berlin.facts().name()).isEqualTo("berlin");
        assertThat(berlin.facts().hostKey()).isEqualTo("mkey:01");
        assertThat(berlin.facts().owner()).isEqualTo(Owner.tags("tag:asked", "tag:router"));
        assertThat(berlin.facts().registeredAt()).isEqualTo(Instant.parse("2025-03-01T08:30:00.500Z"));
        assertThat(berlin.facts().keyExpiry()).isEmpty();
        assertThat(berlin.facts().isEphemeral()).isFalse();
        assertThat(berlin.advertised()).containsExactly(OFFICE, Prefix.parse("10.30.0.0/16"));
        assertThat(berlin.effective()).containsExactly(OFFICE);
        assertThat(state.primary(OFFICE)).contains(berlin.id());

        Node lab = state.node(new NodeId(2)).orElseThrow().facts();
        assertThat(lab.owner()).isEqualTo(Owner.user(new UserId("1")));
        assertThat(lab.keyExpiry()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(lab.isEphemeral()).isTrue();
        assertThat(lab.addresses()).hasSize(2);
        assertThat(state.users().all()).hasSize(1);
    }

    @Test
    void release025DoesNotSayWhatIsApproved() {
        String node = beginning(1, ANN, "null", key("\"ann\"", false)) + """
                "forcedTags": [], "invalidTags": [], "validTags": [], "givenName": "berlin", "online": true}""";
        assertThatThrownBy(() -> state(node))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("older than 0.26")
                .hasMessageContaining("`wayleave import-headscale --from`");
    }

    @Test
    void release022HasMachinesInPlaceOfNodes() {
        server.on("/api/v1/machine", """
                {"machines": []}""").on("/api/v1/node", 404, """
                {"code": 5, "message": "Not Found", "details": []}""");
        assertThatThrownBy(() -> new HeadscaleSource(server.url(), "key", Duration.ofSeconds(20), null).read())
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("404")
                .hasMessageContaining("older than 0.26")
                .hasMessageContaining("`wayleave import-headscale --from`");
    }
}
