package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.source.ApiKey;
import dev.wayleave.examples.cli.source.ApiSource;
import dev.wayleave.examples.cli.source.HeadscaleSource;
import dev.wayleave.examples.cli.source.ReportedPolicy;
import dev.wayleave.examples.cli.source.TailscaleSource;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a control plane of another maker, which is only read. */
final class ApiOption {

    @Option(
            names = "--headscale",
            paramLabel = "URL",
            description = "A Headscale (0.26 or newer), only read; its key in HEADSCALE_CLI_API_KEY or --key-file.")
    private @Nullable String headscale;

    @Option(
            names = "--tailscale",
            paramLabel = "TAILNET",
            description =
                    "A tailnet of Tailscale (- for the one of the key), only read; an API key, or the secret of an "
                            + "OAuth client, in TAILSCALE_API_KEY or --key-file.")
    private @Nullable String tailscale;

    @Option(
            names = "--tailscale-url",
            paramLabel = "URL",
            defaultValue = "${env:TAILSCALE_BASE_URL:-" + TailscaleSource.ADDRESS + "}",
            description = "Where Tailscale's API is (default: ${DEFAULT-VALUE}, or TAILSCALE_BASE_URL).")
    private String tailscaleUrl = TailscaleSource.ADDRESS;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "A file that holds the key of --headscale or --tailscale, and nothing else.")
    private @Nullable Path keyFile;

    @Option(
            names = "--current-policy",
            paramLabel = "FILE",
            description = "The policy in force, where the API does not return it: Headscale may read it from a file.")
    private @Nullable Path policy;

    @Option(
            names = "--without-policy",
            description = "Ask for no policy: every node reaches every other one, as in a Headscale that has none.")
    private boolean withoutPolicy;

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    boolean isNamed() {
        return headscale != null || tailscale != null;
    }

    Optional<ApiSource> find() {
        if (headscale != null && tailscale != null) {
            throw new BadInput("name one source: --headscale or --tailscale");
        }
        if (!isNamed()) {
            if (policy != null || keyFile != null || withoutPolicy) {
                throw new BadInput("--key-file, --current-policy and --without-policy need a source: --headscale or"
                        + " --tailscale");
            }
            return Optional.empty();
        }
        if (policy != null && withoutPolicy) {
            throw new BadInput("choose one of --current-policy and --without-policy");
        }
        Duration patience = timeout.patience();
        SourceText inForce = policy != null ? SourceText.read(policy) : withoutPolicy ? ReportedPolicy.NONE : null;
        return Optional.of(
                headscale != null
                        ? new HeadscaleSource(headscale, key(ApiKey.OF_HEADSCALE), patience, inForce)
                        : TailscaleSource.of(
                                tailscaleUrl, String.valueOf(tailscale), key(ApiKey.OF_TAILSCALE), patience, inForce));
    }

    private String key(String variable) {
        return ApiKey.find(keyFile, variable, System.getenv());
    }
}
