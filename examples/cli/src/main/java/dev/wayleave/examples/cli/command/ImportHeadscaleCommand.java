package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.ImportHeadscaleReport;
import dev.wayleave.examples.cli.source.ApiImport;
import dev.wayleave.examples.cli.source.ApiKey;
import dev.wayleave.examples.cli.source.Databases;
import dev.wayleave.examples.cli.source.HeadscaleSource;
import dev.wayleave.examples.cli.source.ImportTarget;
import dev.wayleave.examples.cli.source.PolicyText;
import dev.wayleave.examples.cli.source.ReportedPolicy;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.jdbc.headscale.HeadscaleImport;
import dev.wayleave.storage.jdbc.headscale.ImportChoices;
import dev.wayleave.storage.jdbc.headscale.ImportPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a Headscale database over. */
@Command(
        name = "import-headscale",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Takes policy, users, nodes, approvals and primaries over from a Headscale: from its database (0.1 to "
                        + "0.30), or from one that runs (0.26 or newer).",
        footer = {
            "",
            "The Headscale is only read. Nothing that the tailnet has is overridden; doing it twice changes "
                    + "nothing.",
            "Without `--to`, `--dry-run` shows what would come into a new tailnet.",
            "Exits with 1 if something has to be decided first, and nothing is written then.",
        })
public final class ImportHeadscaleCommand implements Callable<Integer> {

    private static final int UNDECIDED = 1;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "URL|FILE",
            description = "The Headscale database: jdbc:postgresql:..., jdbc:sqlite:..., or the file of SQLite; or a "
                    + "Headscale that runs: https://..., with its key in HEADSCALE_CLI_API_KEY or --key-file.")
    private String from = "";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "A file that holds the key of a Headscale that runs, and nothing else.")
    private @Nullable Path keyFile;

    @Option(
            names = "--to",
            paramLabel = "URL",
            description =
                    "The database with Wayleave's tables: jdbc:postgresql:... or jdbc:sqlite:...; made if they are "
                            + "missing.")
    private @Nullable String to;

    @Option(
            names = "--tailnet",
            defaultValue = "default",
            paramLabel = "ID",
            description = "The tailnet that it goes into (default: ${DEFAULT-VALUE}).")
    private String tailnet = "default";

    @Option(names = "--dry-run", description = "Only show what would come over.")
    private boolean dryRun;

    @ArgGroup(exclusive = true)
    private PolicyChoice policyChoice = new PolicyChoice();

    /** The options for a policy that replaces the one of the database. */
    static final class PolicyChoice {

        @Option(
                names = "--policy",
                paramLabel = "FILE",
                description = "The policy of the tailnet (JSON, comments allowed), for example the file that Headscale "
                        + "reads, in place of the one in the database.")
        private @Nullable Path file;

        @Option(
                names = "--without-policy",
                description = "Import no policy, even if the database has one: every node reaches every other one.")
        private boolean none;
    }

    @Option(
            names = "--overlay",
            split = ",",
            paramLabel = "PREFIX",
            description =
                    "The ranges of the nodes' addresses (`prefixes` of Headscale's configuration), if the addresses "
                            + "alone do not make them; for example 10.9.0.0/16,fd00:9::/64.")
    private List<String> overlay = List.of();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        if (to == null && !dryRun) {
            throw new BadInput("name the database to write to with `--to`, or only look with `--dry-run`");
        }
        TailnetId target = target();
        try {
            ImportChoices choices = choices();
            ImportHeadscaleReport text = imported(read(), target, choices);
            output.print(text);
            return text.plan().isBlocked() ? UNDECIDED : 0;
        } catch (WayleaveException refused) {
            throw new BadInput(refused);
        }
    }

    private HeadscaleImport read() {
        if (!from.startsWith("http://") && !from.startsWith("https://")) {
            return HeadscaleImport.read(Databases.headscale(from));
        }
        String key = ApiKey.find(keyFile, ApiKey.OF_HEADSCALE, System.getenv());
        // a policy that is chosen here replaces the one of the API, which is then not asked for
        SourceText chosen = policyChoice.file != null
                ? SourceText.read(policyChoice.file)
                : policyChoice.none ? ReportedPolicy.NONE : null;
        return ApiImport.of(new HeadscaleSource(from, key, timeout.patience(), chosen).reported());
    }

    private TailnetId target() {
        try {
            return new TailnetId(tailnet);
        } catch (IllegalArgumentException malformed) {
            throw new BadInput(String.valueOf(malformed.getMessage()));
        }
    }

    private ImportChoices choices() {
        ImportChoices choices = policyChoice.none ? ImportChoices.withoutPolicy() : ImportChoices.policyOfDatabase();
        if (policyChoice.file != null) {
            choices = ImportChoices.policy(
                    PolicyText.alone(SourceText.read(policyChoice.file)).read(Users.none()));
        }
        return overlay.isEmpty() ? choices : choices.withOverlay(overlayRanges());
    }

    private OverlayRanges overlayRanges() {
        try {
            return OverlayRanges.of(AddressSet.ofPrefixes(
                    overlay.stream().map(String::strip).map(Prefix::parse).toList()));
        } catch (WayleaveException malformed) {
            throw new BadInput(malformed);
        }
    }

    private ImportHeadscaleReport imported(HeadscaleImport read, TailnetId target, ImportChoices choices) {
        Clock clock = Clock.systemUTC();
        Optional<String> url = Optional.ofNullable(to);
        ImportPlan plan = url.flatMap(Databases::storeToRead)
                .map(store -> new ImportTarget(store, target, choices, clock).plan(read))
                .orElseGet(() -> ImportTarget.intoNothing(read, target, choices, clock.instant()));
        if (dryRun || plan.isBlocked()) {
            return new ImportHeadscaleReport(plan, target, dryRun, null);
        }
        ImportTarget.Result result =
                new ImportTarget(Databases.storeToWrite(url.orElseThrow()), target, choices, clock).write(read);
        return new ImportHeadscaleReport(
                result.plan(), target, false, result.revision().orElse(null));
    }
}
