package dev.wayleave.examples.cli;

import dev.wayleave.examples.cli.command.AgentCommand;
import dev.wayleave.examples.cli.command.CanCommand;
import dev.wayleave.examples.cli.command.DiagnoseCommand;
import dev.wayleave.examples.cli.command.DrainCommand;
import dev.wayleave.examples.cli.command.EventsCommand;
import dev.wayleave.examples.cli.command.ExplainCommand;
import dev.wayleave.examples.cli.command.FilterCommand;
import dev.wayleave.examples.cli.command.ImportHeadscaleCommand;
import dev.wayleave.examples.cli.command.LintCommand;
import dev.wayleave.examples.cli.command.NodesCommand;
import dev.wayleave.examples.cli.command.OutputOption;
import dev.wayleave.examples.cli.command.PlanCommand;
import dev.wayleave.examples.cli.command.PolicyCommand;
import dev.wayleave.examples.cli.command.ReplayCommand;
import dev.wayleave.examples.cli.command.RoutesCommand;
import dev.wayleave.examples.cli.command.TailnetsCommand;
import dev.wayleave.examples.cli.command.Version;
import dev.wayleave.examples.cli.command.Via6Command;
import dev.wayleave.examples.cli.command.ViewCommand;
import dev.wayleave.examples.cli.command.WhatIfCommand;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.NearNames;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The operator's tool: {@code java -jar wayleave.jar}.
 *
 * <p><b>A new command</b> needs changes at these places:
 *
 * <ol>
 *   <li>a class in {@code command}, with its test beside those of the other commands;
 *   <li>its output in {@code report}, which {@code command.OutputOption} prints as text or as JSON;
 *   <li>here: its class in {@code subcommands}, its name in {@code footer} if it reads every source, and its exit codes
 *       there;
 *   <li>documents: the table of commands and sources, and the exit codes, in {@code examples/cli/README.md};
 *       {@code CHANGELOG.md}.
 * </ol>
 */
@Command(
        name = "wayleave",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Shows what a tailnet routes, and why.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RoutesCommand.class,
            ExplainCommand.class,
            ViewCommand.class,
            FilterCommand.class,
            CanCommand.class,
            PolicyCommand.class,
            LintCommand.class,
            DiagnoseCommand.class,
            PlanCommand.class,
            WhatIfCommand.class,
            ReplayCommand.class,
            Via6Command.class,
            NodesCommand.class,
            DrainCommand.class,
            EventsCommand.class,
            TailnetsCommand.class,
            AgentCommand.class,
            ImportHeadscaleCommand.class
        },
        footer = {
            "",
            "The commands routes, explain, view, filter, can, policy check, policy test, policy get, lint, diagnose, "
                    + "plan, what-if and nodes list-routes read every source: a file (--case), a database (--db), a "
                    + "server (--server and --key, or WAYLEAVE_SERVER and WAYLEAVE_KEY of the environment), a "
                    + "Headscale (--headscale) or a tailnet of Tailscale (--tailscale). Commands that change a "
                    + "tailnet, and events, need a database or a server.",
            "A file is a recorded case or one of the same shape: policy, users and nodes, as JSON with comments.",
            "Exit codes: 0 done; 1 `policy check` found problems, a test of `policy test` failed, or `can` says no; "
                    + "2 the input is wrong; 10 and 11 `lint` or `diagnose` found warnings or errors, "
                    + "or a `plan` or `policy diff` changes something without or with a loss; "
                    + "12 a test fails after a `plan`; 70 the tool itself is at fault.",
        })
public final class Wayleave implements Runnable {

    private static final int BAD_INPUT = 2;
    private static final int FAULT = 70;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    Wayleave() {}

    /**
     * Runs one command and leaves with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
        System.exit(run(out, err, Ansi.AUTO, args));
    }

    /**
     * Runs one command.
     *
     * @param out takes what it prints
     * @param err takes complaints and notes
     * @param ansi whether to print colours
     * @param args the command line
     * @return the exit code
     */
    public static int run(PrintWriter out, PrintWriter err, Ansi ansi, String... args) {
        CommandLine command = new CommandLine(new Wayleave())
                .setOut(out)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
                .setParameterExceptionHandler(Wayleave::misused)
                .setExecutionExceptionHandler(Wayleave::failed);
        command.registerConverter(Path.class, Wayleave::path);
        command.registerConverter(Prefix.class, Wayleave::prefix);
        command.setUsageHelpWidth(100);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        int code = command.execute(args);
        out.flush();
        err.flush();
        return code;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int misused(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        String message = wrong instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getUnmatched().isEmpty()
                ? unmatched(command, unmatched)
                : String.valueOf(wrong.getMessage()).strip().replace('\'', '`');
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("wayleave: " + Printable.line(lowerFirst(message)) + " (see `" + name + " --help`)");
        return BAD_INPUT;
    }

    private static Path path(String typed) {
        try {
            return Path.of(typed);
        } catch (InvalidPathException malformed) {
            throw new TypeConversionException("`" + typed + "` cannot be the name of a file");
        }
    }

    private static Prefix prefix(String typed) {
        try {
            return Prefix.parse(typed);
        } catch (AddressFormatException malformed) {
            throw new TypeConversionException(malformed.getMessage());
        }
    }

    private static String unmatched(CommandLine command, UnmatchedArgumentException unmatched) {
        String typed = unmatched.getUnmatched().get(0);
        if (unmatched.isUnknownOption()) {
            List<String> options = command.getCommandSpec().options().stream()
                    .map(OptionSpec::longestName)
                    .toList();
            return "there is no option `" + typed + "`" + NearNames.hint(typed, options);
        }
        if (command.getSubcommands().isEmpty()) {
            return "`" + typed + "` is one argument too many";
        }
        return "there is no command `" + typed + "`"
                + NearNames.hint(typed, command.getSubcommands().keySet());
    }

    private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof BadInput) {
            String message = String.valueOf(failure.getMessage());
            if (OutputOption.isJson(parsed)) {
                command.getErr().print(Documents.line(Map.of("error", message)));
            } else {
                command.getErr().println("wayleave: " + message);
            }
            return BAD_INPUT;
        }
        command.getErr().println("wayleave: this is a fault of the program, not of your input; please report it:");
        failure.printStackTrace(command.getErr());
        return FAULT;
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
