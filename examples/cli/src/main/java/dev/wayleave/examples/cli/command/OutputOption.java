package dev.wayleave.examples.cli.command;

import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The option that chooses between output for people and for programs. */
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

    boolean isJson() {
        return format == Format.json;
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
