package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.text.BadInput;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the server to speak to. */
final class ServerOption {

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:WAYLEAVE_SERVER}",
            description = "The server, for example http://127.0.0.1:8080 (or in WAYLEAVE_SERVER).")
    private @Nullable String server;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:WAYLEAVE_KEY}",
            description = "The key that the server gave out; better in WAYLEAVE_KEY, where others do not see it.")
    private @Nullable String key;

    /** The server, if one is named. */
    Optional<ControlPlane> find() {
        if (server == null || server.isEmpty()) {
            return Optional.empty();
        }
        if (key == null || key.isBlank()) {
            throw new BadInput("the server wants a key: give it by --key, or in WAYLEAVE_KEY");
        }
        return Optional.of(ControlPlane.at(server, key.strip()));
    }

    ControlPlane need() {
        return find().orElseThrow(
                        () -> new BadInput("there is no server to ask: name it by --server, or in WAYLEAVE_SERVER"));
    }
}
