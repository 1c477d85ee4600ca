package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.FindingsReport;
import dev.wayleave.examples.cli.source.LintFile;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.foresight.Lint;
import dev.wayleave.foresight.LintFinding;
import dev.wayleave.foresight.LintOptions;
import dev.wayleave.foresight.LintSeverity;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds what is odd about a tailnet. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Finds what is odd about a tailnet: its policy, its nodes and its routes.",
        footer = {
            "",
            "A file that --config names sets severities (`severities`: a code with error, warning, info or off), and "
                    + "accepts findings (`accepted`: each with `code`, `about` and `reason`; the output has a "
                    + "finding's code and what it is about in brackets).",
            "Exit codes: 0 no finding, or none above info; 10 warnings; 11 errors.",
        })
public final class LintCommand implements Callable<Integer> {

    private static final int WARNINGS = 10;
    private static final int ERRORS = 11;

    @Mixin
    private SourceOption asked = new SourceOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--config", paramLabel = "FILE", description = "Severities and accepted findings.")
    private @Nullable Path config;

    @Option(names = "--accepted", description = "Print accepted findings, too.")
    private boolean accepted;

    @Option(names = "--sarif", description = "Print SARIF 2.1.0, which code hosts show at the lines of the policy.")
    private boolean sarif;

    @Option(
            names = "--policy-file",
            paramLabel = "FILE",
            description = "What the policy's file is called in the output (default: the file of --case, or the "
                    + "tailnet).")
    private @Nullable String policyFile;

    @Override
    public Integer call() {
        output.refuseBesideJson("--sarif", sarif);
        Tailnet tailnet = asked.read();
        LintOptions options = config == null ? LintOptions.DEFAULT : LintFile.read(SourceText.read(config));
        String name = policyFile != null
                ? policyFile
                : asked.fileName().orElse(tailnet.state().tailnet().toString());
        List<LintFinding> findings = Lint.of(tailnet.state(), tailnet.state().now(), options);
        FindingsReport report = FindingsReport.of(name, findings, accepted);
        if (sarif) {
            output.print(FindingsReport.sarif(name, findings));
        } else {
            output.print(report, tailnet);
        }
        return code(report);
    }

    /** The exit code for the gravest finding. */
    static int code(FindingsReport report) {
        LintSeverity worst = report.worst().orElse(LintSeverity.INFO);
        return worst == LintSeverity.ERROR ? ERRORS : worst == LintSeverity.WARNING ? WARNINGS : 0;
    }
}
