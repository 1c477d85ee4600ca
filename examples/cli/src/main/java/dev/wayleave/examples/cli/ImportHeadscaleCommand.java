package dev.wayleave.examples.cli;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.jdbc.headscale.HeadscaleImport;
import dev.wayleave.storage.jdbc.headscale.ImportPlan;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a Headscale database over. */
@Command(
        name = "import-headscale",
        mixinStandardHelpOptions = true,
        versionProvider = Wayleave.Version.class,
        description = "Takes users, nodes, approvals and primaries over from a Headscale database (0.1 to 0.29).",
        footer = {
            "",
            "The Headscale database is only read. Nothing that the tailnet has is overridden; doing it twice changes nothing.",
            "Without `--to`, `--dry-run` shows what would come into a new tailnet.",
        })
final class ImportHeadscaleCommand implements Runnable {

    @Option(
            names = "--from",
            required = true,
            paramLabel = "URL|FILE",
            description = "The Headscale database: jdbc:postgresql:..., jdbc:sqlite:..., or the file of SQLite.")
    private String from = "";

    @Option(
            names = "--to",
            paramLabel = "URL",
            description =
                    "The database with Wayleave's tables: jdbc:postgresql:... or jdbc:sqlite:...; made if they are missing.")
    private @Nullable String to;

    @Option(
            names = "--tailnet",
            defaultValue = "default",
            paramLabel = "ID",
            description = "The tailnet that it goes into (default: ${DEFAULT-VALUE}).")
    private String tailnet = "default";

    @Option(names = "--dry-run", description = "Only show what would come over.")
    private boolean dryRun;

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        if (to == null && !dryRun) {
            throw new BadInput("name the database to write to with `--to`, or only look with `--dry-run`");
        }
        TailnetId target = target();
        try {
            print(imported(HeadscaleImport.read(Databases.toRead(from)), target));
        } catch (StorageException refused) {
            throw new BadInput(refused);
        }
    }

    private TailnetId target() {
        try {
            return new TailnetId(tailnet);
        } catch (IllegalArgumentException malformed) {
            throw new BadInput(String.valueOf(malformed.getMessage()));
        }
    }

    private ImportOutput imported(HeadscaleImport read, TailnetId target) {
        Clock clock = Clock.systemUTC();
        Optional<String> url = Optional.ofNullable(to);
        if (dryRun) {
            ImportPlan plan = url.flatMap(Databases::storeToRead)
                    .map(store -> new ImportTarget(store, target, clock).plan(read))
                    .orElseGet(() -> ImportTarget.intoNothing(read, target, clock.instant()));
            return new ImportOutput(plan.report(), target, true, Optional.empty());
        }
        ImportTarget.Result result =
                new ImportTarget(Databases.storeToWrite(url.orElseThrow()), target, clock).write(read);
        return new ImportOutput(result.plan().report(), target, false, result.revision());
    }

    private void print(ImportOutput text) {
        spec.commandLine()
                .getOut()
                .print(
                        output.isJson()
                                ? text.json()
                                : text.table(new Ink(
                                        spec.commandLine().getColorScheme().ansi())));
    }
}
