package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.text.BadInput;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the server to speak to. */
final class ServerOption {

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:WAYLEAVE_SERVER}",
            split = ",",
            description = "The server, for example http://127.0.0.1:8080 (or in WAYLEAVE_SERVER). An agent may have"
                    + " several, the replicas of one tailnet: it tries the next when its connection breaks.")
    private @Nullable List<String> servers;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:WAYLEAVE_KEY}",
            description = "The key that the server gave out; better in WAYLEAVE_KEY, where others do not see it.")
    private @Nullable String key;

    /** The server, if one is named. */
    Optional<ControlPlane> find() {
        List<ControlPlane> named = all();
        if (named.size() > 1) {
            throw new BadInput("name one server: only an agent may have several");
        }
        return named.stream().findFirst();
    }

    private List<ControlPlane> all() {
        List<String> urls = servers == null
                ? List.of()
                : servers.stream().filter(url -> !url.isEmpty()).toList();
        if (urls.isEmpty()) {
            return List.of();
        }
        if (key == null || key.isBlank()) {
            throw new BadInput("the server wants a key: give it by --key, or in WAYLEAVE_KEY");
        }
        return urls.stream().map(url -> ControlPlane.at(url, key.strip())).toList();
    }

    /** The servers, of which there must be one. */
    List<ControlPlane> needAll() {
        List<ControlPlane> named = all();
        if (named.isEmpty()) {
            throw new BadInput("there is no server to ask: name it by --server, or in WAYLEAVE_SERVER");
        }
        return named;
    }
}
