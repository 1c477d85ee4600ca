package dev.wayleave.examples.cli;

import picocli.CommandLine.Option;

/** The option that chooses between output for people and for programs. */
final class OutputOption {

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
}
