package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.Diagnosis;
import dev.wayleave.examples.cli.report.FindingsReport;
import dev.wayleave.examples.cli.source.ApiSource;
import dev.wayleave.examples.cli.source.LintFile;
import dev.wayleave.examples.cli.source.ReportedTailnet;
import dev.wayleave.examples.cli.source.Source;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.foresight.LintOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares what a control plane reports with what the rules give. */
@Command(
        name = "diagnose",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Finds what is wrong with a tailnet that runs: prefixes that no node carries, approvals that are "
                + "missing, and what `lint` finds.",
        footer = {
            "",
            "For cron: prints one line for each finding and one that says what to do, then a summary.",
            "Exit codes: 0 no finding, or none above info; 10 warnings; 11 errors; 2 the tailnet cannot be read.",
        })
public final class DiagnoseCommand implements Callable<Integer> {

    @Mixin
    private SourceOption asked = new SourceOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--config", paramLabel = "FILE", description = "Severities and accepted findings of `lint`.")
    private @Nullable Path config;

    @Option(names = "--accepted", description = "Print accepted findings, too.")
    private boolean accepted;

    @Override
    public Integer call() {
        Source source = asked.need();
        ReportedTailnet reported = source instanceof ApiSource api ? api.reported() : null;
        Tailnet tailnet = reported == null ? source.read() : reported.at(Instant.now());
        LintOptions options = config == null ? LintOptions.DEFAULT : LintFile.read(SourceText.read(config));
        String name = asked.fileName().orElse(tailnet.state().tailnet().toString());
        FindingsReport report = new FindingsReport(name, Diagnosis.of(tailnet, reported, options), accepted);
        output.print(report, tailnet);
        return LintCommand.code(report);
    }
}
