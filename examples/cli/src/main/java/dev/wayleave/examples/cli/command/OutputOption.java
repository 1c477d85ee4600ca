package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.report.Report;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.Printable;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The option that chooses between output for people and for programs, and the output. */
public final class OutputOption {

    private enum Format {
        table,
        json
    }

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            paramLabel = "FORMAT",
            description = "table or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    boolean isJson() {
        return format == Format.json;
    }

    /** Refuses a command line that asks for JSON and for another form of output. */
    void refuseBesideJson(String option, boolean given) {
        if (given && isJson()) {
            throw new ParameterException(line(), "choose one of " + option + " and -o json");
        }
    }

    /** Prints a report in the form that was asked for. */
    void print(Report report) {
        print(isJson() ? Documents.indented(report.document()) : report.text(ink()));
    }

    /** Prints one of two: a document for programs, or a text for people without control sequences of a terminal. */
    void print(Supplier<?> document, String text) {
        print(isJson() ? Documents.indented(document.get()) : text);
    }

    void print(String text) {
        PrintWriter out = line().getOut();
        out.print(text);
        out.flush();
    }

    /** Prints a report that depends on the nodes that are online, and the assumptions where the source lacks facts. */
    void print(Report report, Tailnet from) {
        print(report);
        if (!from.unknown().isEmpty()) {
            note(from.unknown());
        }
    }

    /** Prints a message to the operator that is not part of the output. */
    void note(String text) {
        PrintWriter err = line().getErr();
        err.print("wayleave: " + Printable.line(text) + "\n");
        err.flush();
    }

    Ink ink() {
        return new Ink(line().getColorScheme().ansi());
    }

    private CommandLine line() {
        return command.commandLine();
    }

    /** Whether a command line asks for JSON, from a command that has the option. */
    public static boolean isJson(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return last.matchedOptionValue("--output", Format.table) == Format.json;
    }
}
