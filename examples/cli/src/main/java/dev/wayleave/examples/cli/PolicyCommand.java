package dev.wayleave.examples.cli;

import dev.wayleave.policy.AutoApprovers;
import dev.wayleave.policy.RoutingPolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Works on policy files, and on the policy of a server. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        versionProvider = Wayleave.Version.class,
        description = "Works on policy files, and on the policy of a server.",
        synopsisSubcommandLabel = "COMMAND")
final class PolicyCommand {

    private static final int PROBLEMS_FOUND = 1;
    private static final int UNPROCESSABLE = 422;
    private static final String POLICY = ControlPlane.OWN + "policy";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            versionProvider = Wayleave.Version.class,
            description = "Prints everything that is wrong with a policy, or what is in it.",
            footer = {
                "",
                "With --server, the server judges it, and knows its users. A server in WAYLEAVE_SERVER is not asked.",
                "Exits with 1 if there are problems, each printed as FILE:LINE:COLUMN: MESSAGE."
            })
    int check(
            @Mixin ServerOption at,
            @Parameters(
                            paramLabel = "FILE",
                            description =
                                    "A policy, or a file in which `policy` is one, perhaps with `users` (JSON, comments allowed).")
                    Path file) {
        PrintWriter out = spec.commandLine().getOut();
        SourceText source = SourceText.read(file);
        if (asksServer()) {
            ControlPlane server = at.need();
            Json answer =
                    server.send("POST", POLICY + "/check", json -> json.writeStringProperty("policy", source.text()));
            List<Refused.Problem> problems = server.fields(answer).list("problems").stream()
                    .map(problem -> Refused.Problem.of(server.fields(problem)))
                    .toList();
            if (problems.isEmpty()) {
                out.print(Printable.line(source.name()) + ": no problems\n");
                return 0;
            }
            return tell(problems, source);
        }
        PolicyText text = PolicyText.in(source);
        List<String> problems = text.problems();
        if (problems.isEmpty()) {
            out.print(summary(file.toString(), text.read()));
            return 0;
        }
        problems.forEach(problem -> out.print(problem + "\n"));
        return PROBLEMS_FOUND;
    }

    /** A check of a file stays with the file, unless this very command names a server. */
    private boolean asksServer() {
        return spec.commandLine().getParseResult().subcommand().hasMatchedOption("--server");
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            versionProvider = Wayleave.Version.class,
            description = "Prints the policy of a server, as it was written.")
    void get(@Mixin ServerOption at) {
        ControlPlane server = at.need();
        String policy = server.fields(server.get(POLICY)).text("policy").orElse("");
        spec.commandLine().getOut().print(Printable.written(policy));
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            versionProvider = Wayleave.Version.class,
            description = "Replaces the policy of a server.",
            footer = {
                "",
                "Exits with 1 if there are problems, each printed as FILE:LINE:COLUMN: MESSAGE; nothing is changed then."
            })
    int set(
            @Mixin ServerOption at,
            @Parameters(paramLabel = "FILE", description = "The policy (JSON, comments allowed).") Path file) {
        SourceText source = SourceText.read(file);
        ControlPlane server = at.need();
        try {
            var ignored = server.send("PUT", POLICY, json -> json.writeStringProperty("policy", source.text()));
        } catch (Refused refused) {
            if (refused.status() != UNPROCESSABLE || refused.problems().isEmpty()) {
                throw refused;
            }
            return tell(refused.problems(), source);
        }
        spec.commandLine().getOut().print("Policy updated\n");
        return 0;
    }

    private int tell(List<Refused.Problem> problems, SourceText source) {
        problems.forEach(problem -> spec.commandLine().getOut().print(problem.in(source) + "\n"));
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
