package dev.wayleave.examples.cli.source;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wayleave.examples.cli.RawServer;
import dev.wayleave.examples.cli.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a real control plane with six clients answered; the recordings are beside the repository. */
public final class LiveDocuments {

    private static final Path FOLDER = Optional.ofNullable(System.getProperty("wayleave.conformance"))
            .or(() -> Optional.ofNullable(System.getenv("WAYLEAVE_CONFORMANCE")))
            .filter(text -> !text.isBlank())
            .map(text -> Run.MODULE.resolve("../..").resolve(text))
            .orElse(Run.MODULE.resolve("../../../shared/conformance"))
            .resolveSibling("headscale-live")
            .normalize();

    private LiveDocuments() {}

    /** One of the recordings; a test that needs one that is missing is skipped. */
    public static String text(String file) {
        assumeTrue(Files.exists(FOLDER.resolve(file)), FOLDER + " is not there");
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A server that answers as the recorded one did, by both APIs. */
    public static RawServer serve() throws IOException {
        String nodes = text("v1-node.json");
        return new RawServer()
                .on("/api/v1/node", nodes)
                .on("/api/v1/user", text("v1-user.json"))
                .on("/api/v1/policy", text("v1-policy.json"))
                .on("/api/v2/tailnet/-/devices?fields=all", text("v2-devices-fields-all.json"))
                .on("/api/v2/tailnet/-/users", text("v2-users.json"))
                .on("/api/v2/tailnet/-/acl", text("v2-acl.hujson"));
    }
}
