package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.source.Stored;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a database to work on instead of a server. */
final class DatabaseOption {

    @Option(
            names = "--db",
            paramLabel = "URL",
            description = "Instead of a server, a database with Wayleave's tables: jdbc:postgresql:… or jdbc:sqlite:….")
    private @Nullable String database;

    @Option(
            names = "--tailnet",
            paramLabel = "ID",
            defaultValue = "default",
            description = "The tailnet in that database (default: ${DEFAULT-VALUE}).")
    private String tailnet = "";

    /** The database, if one is named. */
    Optional<Stored> find() {
        return Optional.ofNullable(database).map(url -> new Stored(url, tailnet));
    }
}
