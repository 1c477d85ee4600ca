package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.text.BadInput;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The option for how long a control plane of another maker may take to answer. */
final class TimeoutOption {

    private static final int LONGEST = 3_600;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "How long one answer of a control plane may take (default: ${DEFAULT-VALUE}); all pages of a list "
                            + "may take ten times as long.")
    private int seconds = 30;

    Duration patience() {
        if (seconds < 1 || seconds > LONGEST) {
            throw new BadInput("--timeout is a number of seconds from 1 to " + LONGEST);
        }
        return Duration.ofSeconds(seconds);
    }
}
