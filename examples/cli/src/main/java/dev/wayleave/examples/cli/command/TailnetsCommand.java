package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.report.TextTable;
import dev.wayleave.examples.cli.source.Stored;
import dev.wayleave.examples.cli.text.JsonOutput;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints which tailnets a database holds. */
@Command(
        name = "tailnets",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lists the tailnets of a database, each with its revision.")
public final class TailnetsCommand implements Runnable {

    @Option(
            names = "--db",
            required = true,
            paramLabel = "URL",
            description = "A database with Wayleave's tables: jdbc:postgresql:… or jdbc:sqlite:….")
    private @Nullable String database;

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        List<Stored.Named> tailnets = Stored.tailnets(String.valueOf(database));
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.isJson() ? json(tailnets) : table(tailnets));
    }

    private String table(List<Stored.Named> tailnets) {
        TextTable table =
                new TextTable(new Ink(spec.commandLine().getColorScheme().ansi()), List.of("Tailnet", "Revision"));
        for (Stored.Named each : tailnets) {
            table.add(List.of(
                    List.of(each.tailnet().value()), List.of(each.revision().toString())));
        }
        return table.text();
    }

    private static String json(List<Stored.Named> tailnets) {
        return JsonOutput.write(json -> {
            json.writeStartArray();
            for (Stored.Named each : tailnets) {
                json.writeStartObject();
                json.writeStringProperty("tailnet", each.tailnet().value());
                json.writeNumberProperty("revision", each.revision().value());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
