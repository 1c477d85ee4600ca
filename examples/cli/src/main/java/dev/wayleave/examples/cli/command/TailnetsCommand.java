package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.TextTable;
import dev.wayleave.examples.cli.source.DatabaseSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    private record TailnetDocument(String tailnet, long revision) {}

    @Override
    public void run() {
        List<DatabaseSource.TailnetRevision> tailnets = DatabaseSource.tailnets(String.valueOf(database));
        TextTable table = new TextTable(output.ink(), List.of("Tailnet", "Revision"));
        for (DatabaseSource.TailnetRevision each : tailnets) {
            table.add(List.of(
                    List.of(each.tailnet().value()), List.of(each.revision().toString())));
        }
        List<TailnetDocument> documents = tailnets.stream()
                .map(each -> new TailnetDocument(
                        each.tailnet().value(), each.revision().value()))
                .toList();
        output.print(() -> documents, table.text());
    }
}
