package dev.wayleave.examples.cli;

import dev.wayleave.policy.AutoApprovers;
import dev.wayleave.policy.RoutingPolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Works on policy files. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        versionProvider = Wayleave.Version.class,
        description = "Works on policy files.",
        synopsisSubcommandLabel = "COMMAND")
final class PolicyCommand {

    private static final int PROBLEMS_FOUND = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            versionProvider = Wayleave.Version.class,
            description = "Prints everything that is wrong with a policy, or what is in it.",
            footer = {"", "Exits with 1 if there are problems, each printed as FILE:LINE:COLUMN: MESSAGE."})
    int check(
            @Parameters(
                            paramLabel = "FILE",
                            description =
                                    "A policy, or a file in which `policy` is one, perhaps with `users` (JSON, comments allowed).")
                    Path file) {
        PrintWriter out = spec.commandLine().getOut();
        PolicyText text = PolicyText.in(SourceText.read(file));
        List<String> problems = text.problems();
        if (problems.isEmpty()) {
            out.print(summary(file.toString(), text.read()));
            return 0;
        }
        problems.forEach(problem -> out.print(problem + "\n"));
        return PROBLEMS_FOUND;
    }

    private static String summary(String name, RoutingPolicy policy) {
        AutoApprovers approvers = policy.autoApprovers();
        List<String> parts = new ArrayList<>();
        parts.add(count(policy.groups().size(), "group"));
        parts.add(count(policy.hosts().size(), "host"));
        parts.add(count(policy.tagOwners().size(), "tag"));
        parts.add(count(approvers.routes().size(), "auto-approved prefix", "auto-approved prefixes"));
        parts.add(count(approvers.exitNode().size(), "exit node approver"));
        policy.acls().ifPresent(acls -> parts.add(count(acls.size(), "access rule")));
        policy.grants().ifPresent(grants -> parts.add(count(grants.size(), "grant")));
        StringBuilder text =
                new StringBuilder(Printable.line(name) + ": no problems\n  " + String.join(", ", parts) + "\n");
        if (policy.acls().isEmpty() && policy.grants().isEmpty()) {
            text.append("  neither `acls` nor `grants`: everybody may reach everything\n");
        }
        if (!policy.sectionsNotRead().isEmpty()) {
            text.append("  accepted and not read: " + String.join(", ", policy.sectionsNotRead()) + "\n");
        }
        return text.toString();
    }

    private static String count(int number, String one) {
        return count(number, one, one + "s");
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
