package dev.wayleave.examples.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wayleave.examples.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Documents have every field that a real control plane's have; the recordings are beside the repository. */
class RecordedFieldsTest {

    private static final Path FOLDER = Optional.ofNullable(System.getProperty("wayleave.conformance"))
            .or(() -> Optional.ofNullable(System.getenv("WAYLEAVE_CONFORMANCE")))
            .filter(text -> !text.isBlank())
            .map(text -> Path.of("../..").resolve(text))
            .orElse(Path.of("../../../shared/conformance"))
            .resolveSibling("headscale-live")
            .toAbsolutePath()
            .normalize();

    private static @Nullable TestServer server;

    @BeforeAll
    static void start() {
        assumeTrue(Files.exists(FOLDER), FOLDER + " is not there");
        server = TestServer.withSample();
        server.demo.startSample();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "v1-node.json, /api/v1/node",
        "v1-node-1.json, /api/v1/node/1",
        "v1-node-99.json, /api/v1/node/99",
        "v1-user.json, /api/v1/user",
        "v1-policy.json, /api/v1/policy",
        "v1-apikey.json, /api/v1/apikey",
        "version.json, /version",
        "health.json, /health",
        "v2-devices.json, /api/v2/tailnet/-/devices",
        "v2-devices-fields-all.json, /api/v2/tailnet/-/devices?fields=all",
        "v2-device-1.json, /api/v2/device/1",
        "v2-device-1-routes.json, /api/v2/device/1/routes",
        "v2-users.json, /api/v2/tailnet/-/users"
    })
    void aDocumentHasTheRecordedFieldsOfTheirKinds(String file, String path) throws IOException {
        Set<String> recorded = fields(TestServer.JSON.readTree(Files.readString(FOLDER.resolve(file))));

        Set<String> own =
                fields(Objects.requireNonNull(server).get(path, server.reader).json());

        // what is null in all documents has no kind; a node here has no key that it was registered with
        recorded.removeIf(field -> field.contains("/preAuthKey/") || field.endsWith("/preAuthKey object"));
        recorded.removeIf(field -> field.endsWith(" null") && own.stream().anyMatch(sameName(field)));
        assertThat(own).containsAll(recorded);
    }

    private static Predicate<String> sameName(String field) {
        String name = field.substring(0, field.lastIndexOf(' ') + 1);
        return other -> other.startsWith(name);
    }

    /** The paths of all fields, with the kind of their values; the elements of a list are taken together. */
    private static Set<String> fields(JsonNode document) {
        Set<String> fields = new TreeSet<>();
        collect("", document, fields);
        return fields;
    }

    private static void collect(String path, JsonNode value, Set<String> fields) {
        fields.add(path + " " + value.getNodeType().name().toLowerCase(Locale.ROOT));
        value.propertyNames().forEach(name -> collect(path + "/" + name, value.get(name), fields));
        if (value.isArray()) {
            value.forEach(item -> collect(path + "/", item, fields));
        }
    }
}
