package dev.wayleave.examples.cli.command;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.LocalTailnet;
import dev.wayleave.examples.cli.source.Stored;
import dev.wayleave.examples.cli.source.TailnetFile;
import dev.wayleave.examples.cli.text.BadInput;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name what to ask: a file, a database or a server. */
final class SourceOption {

    @Option(
            names = {"-c", "--case"},
            paramLabel = "FILE",
            description = "The tailnet: a recorded case, or policy, users and nodes in one file.")
    private @Nullable Path file;

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    /** The file or the database, if one is named. */
    Optional<LocalTailnet> known() {
        if (file != null) {
            RoutingState state = TailnetFile.read(file).state();
            // a file is one moment: when it was read says nothing
            return Optional.of(new LocalTailnet(state, state.names().withoutTimes()));
        }
        return database.find().map(Stored::read).map(state -> new LocalTailnet(state, state.names()));
    }

    /** The server, if neither a file nor a database is named. */
    ControlPlane server() {
        return server.find()
                .orElseThrow(() -> new BadInput(
                        "there is nothing to ask: name a file by --case, a server by --server, or a database by --db"));
    }
}
