package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.source.ApiSource;
import dev.wayleave.examples.cli.source.CaseFile;
import dev.wayleave.examples.cli.source.DatabaseSource;
import dev.wayleave.examples.cli.source.OperatedSource;
import dev.wayleave.examples.cli.source.ServerSource;
import dev.wayleave.examples.cli.source.Source;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that name a tailnet: in a file, in a database, at a server, or at another control plane. */
final class SourceOption {

    @Option(
            names = {"-c", "--case"},
            paramLabel = "FILE",
            description =
                    "A file: a recorded case, or policy, users, nodes and perhaps `overlay` (a list of prefixes).")
    private @Nullable Path file;

    @Option(
            names = "--db",
            paramLabel = "URL",
            description = "A database with Wayleave's tables: jdbc:postgresql:… or jdbc:sqlite:….")
    private @Nullable String database;

    @Option(
            names = "--tailnet",
            paramLabel = "ID",
            defaultValue = "default",
            description = "The tailnet in that database (default: ${DEFAULT-VALUE}).")
    private String tailnet = "";

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private ApiOption api = new ApiOption();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** The tailnet of the source that is named, as it is now. */
    Tailnet read() {
        return need().read();
    }

    /** The source that is named: on the command line, or else the server of the environment. */
    Source need() {
        return find().orElseThrow(() -> new BadInput(
                "there is nothing to ask: name a file by --case, a server by --server, a database by --db, or another"
                        + " control plane by --headscale or --tailscale"));
    }

    /** A source that can be changed. */
    OperatedSource operated() {
        return OperatedSource.of(need());
    }

    /** The source that this very command line names: not a server that the environment names. */
    Optional<Source> named() {
        return namesServer() || isHere() ? find() : Optional.empty();
    }

    /** The file that is named, as it was typed. */
    Optional<String> fileName() {
        return Optional.ofNullable(file).map(Path::toString);
    }

    private boolean namesServer() {
        return command.commandLine().getParseResult().hasMatchedOption("--server");
    }

    /** Whether anything but a server is named. */
    private boolean isHere() {
        return file != null || database != null || api.isNamed();
    }

    private Optional<Source> find() {
        long named = Stream.of(file != null, database != null, namesServer(), api.isNamed())
                .filter(is -> is)
                .count();
        if (named > 1) {
            throw new BadInput("name one source: a file by --case, a server by --server, a database by --db, or another"
                    + " control plane by --headscale or --tailscale");
        }
        if (file != null) {
            return Optional.of(CaseFile.of(SourceText.read(file)));
        }
        if (database != null) {
            return Optional.of(new DatabaseSource(database, tailnet));
        }
        Optional<ApiSource> other = api.find();
        return other.isPresent() ? Optional.of(other.get()) : server.find().map(ServerSource::new);
    }
}
