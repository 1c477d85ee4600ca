package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.PolicyText;
import dev.wayleave.examples.cli.source.Stored;
import dev.wayleave.examples.cli.source.Surroundings;
import dev.wayleave.examples.cli.source.TailnetFile;
import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.examples.cli.text.Refused;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.policy.AutoApprovers;
import dev.wayleave.policy.RoutingPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Works on policy files, and on the policy of a server or a database. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Works on policy files, and on the policy of a server or a database.",
        synopsisSubcommandLabel = "COMMAND")
public final class PolicyCommand {

    private static final int PROBLEMS_FOUND = 1;
    private static final int UNPROCESSABLE = 422;
    private static final String POLICY = ControlPlane.OWN + "policy";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Prints everything that is wrong with a policy, or what is in it.",
            footer = {
                "",
                "With --case, --db or --server, users, tags and hosts that match nothing in that tailnet are named "
                        + "too. A server in",
                "WAYLEAVE_SERVER is not asked. Exits with 1 if there are problems, each printed as FILE:LINE:COLUMN: "
                        + "MESSAGE.",
                "Notices are about what holds otherwise than its author may think; they are printed so too, and with "
                        + "--strict",
                "make the exit code 1."
            })
    int check(
            @Mixin ServerOption at,
            @Mixin DatabaseOption database,
            @Mixin OutputOption output,
            @Option(
                            names = {"-c", "--case"},
                            paramLabel = "CASE",
                            description = "The tailnet in which to check it: a file with policy, users and nodes.")
                    @Nullable
                    Path tailnet,
            @Option(names = "--strict", description = "Exit with 1 if there are notices, too.") boolean strict,
            @Parameters(
                            paramLabel = "FILE",
                            description = "A policy, or a file in which `policy` is one, perhaps with `users` (JSON, "
                                    + "comments allowed).")
                    Path file) {
        SourceText source = SourceText.read(file);
        Optional<Stored> stored = database.find();
        if (stored.isEmpty() && asksServer()) {
            return checkAt(at.need(), PolicyText.in(source), output, strict);
        }
        Optional<Surroundings> named = stored.map(there -> Surroundings.of(there.read()))
                .or(() -> Optional.ofNullable(tailnet).map(TailnetFile::read).map(Surroundings::of));
        PolicyText inFile = PolicyText.in(source);
        PolicyText text = named.map(there -> inFile.with(there.users())).orElse(inFile);
        List<Refused.Problem> problems = text.problems();
        if (!problems.isEmpty()) {
            return tell(problems, source, output);
        }
        Surroundings surroundings = named.orElseGet(
                () -> TailnetFile.inside(source).map(Surroundings::of).orElseGet(() -> Surroundings.of(text.users())));
        RoutingPolicy policy = text.read();
        List<Refused.Problem> notices = text.notices(surroundings);
        if (output.isJson()) {
            print(checked(problems, notices, policy.sectionsNotRead()));
        } else {
            print(notices, source);
            print(summary(file.toString(), policy));
        }
        return strict && !notices.isEmpty() ? PROBLEMS_FOUND : 0;
    }

    private void print(List<Refused.Problem> notices, SourceText source) {
        notices.forEach(notice -> print(notice(notice).in(source) + "\n"));
    }

    private static Refused.Problem notice(Refused.Problem about) {
        return new Refused.Problem(about.code(), about.line(), about.column(), "notice: " + about.message());
    }

    private int checkAt(ControlPlane server, PolicyText policy, OutputOption output, boolean strict) {
        SourceText source = policy.source();
        Json answer = server.send("POST", POLICY + "/check", json -> json.writeStringProperty("policy", policy.text()));
        Fields document = server.fields(answer);
        List<Refused.Problem> problems = new ArrayList<>(reported(server, document, "problems", policy));
        problems.addAll(policy.damage());
        List<Refused.Problem> notices = reported(server, document, "notices", policy);
        if (!problems.isEmpty()) {
            return tell(problems, source, output);
        }
        if (output.isJson()) {
            print(checked(problems, notices, document.texts("notRead")));
        } else {
            print(notices, source);
            print(Printable.line(source.name()) + ": no problems\n");
        }
        return strict && !notices.isEmpty() ? PROBLEMS_FOUND : 0;
    }

    /** What the server found, with its place in the file. */
    private static List<Refused.Problem> reported(ControlPlane server, Fields answer, String field, PolicyText policy) {
        return answer.list(field).stream()
                .map(each -> policy.inFile(Refused.Problem.of(server.fields(each))))
                .toList();
    }

    /** A check of a file stays with the file, unless this very command names a server. */
    private boolean asksServer() {
        return spec.commandLine().getParseResult().subcommand().hasMatchedOption("--server");
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Prints the policy of a server or a database as it was written.")
    void get(@Mixin ServerOption at, @Mixin DatabaseOption database, @Mixin OutputOption output) {
        Optional<Stored> stored = database.find();
        if (stored.isPresent()) {
            RoutingPolicy policy = stored.get().read().policy();
            print(output.isJson() ? inForce(policy) : Printable.written(policy.text()));
            return;
        }
        ControlPlane server = at.need();
        Json answer = server.get(POLICY);
        print(
                output.isJson()
                        ? JsonOutput.of(answer)
                        : Printable.written(server.fields(answer).text("policy").orElse("")));
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Replaces the policy of a server or a database.",
            footer = {
                "",
                "Exits with 1 if there are problems, each printed as FILE:LINE:COLUMN: MESSAGE; nothing is changed "
                        + "then."
            })
    int set(
            @Mixin ServerOption at,
            @Mixin DatabaseOption database,
            @Mixin OutputOption output,
            @Parameters(paramLabel = "FILE", description = "The policy (JSON, comments allowed).") Path file) {
        SourceText source = SourceText.read(file);
        Optional<Stored> stored = database.find();
        String inForce;
        try {
            inForce = stored.isPresent() ? set(stored.get(), source) : set(at.need(), source);
        } catch (Refused refused) {
            if (refused.status() != UNPROCESSABLE || refused.problems().isEmpty()) {
                throw refused;
            }
            return tell(refused.problems(), source, output);
        }
        print(output.isJson() ? inForce : "Policy updated\n");
        return 0;
    }

    private static String set(ControlPlane server, SourceText source) {
        return JsonOutput.of(server.send("PUT", POLICY, json -> json.writeStringProperty("policy", source.text())));
    }

    private static String set(Stored stored, SourceText source) {
        PolicyText text = PolicyText.alone(source, stored.read().users());
        List<Refused.Problem> problems = text.problems();
        if (!problems.isEmpty()) {
            throw new Refused(UNPROCESSABLE, "the policy has problems", problems);
        }
        RoutingPolicy policy = text.read();
        stored.submit(new dev.wayleave.command.Command.SetPolicy(policy));
        return inForce(policy);
    }

    private static String inForce(RoutingPolicy policy) {
        return JsonOutput.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("policy", policy.text());
            JsonOutput.texts(json, "notRead", policy.sectionsNotRead());
            json.writeEndObject();
        });
    }

    private int tell(List<Refused.Problem> problems, SourceText source, OutputOption output) {
        print(
                output.isJson()
                        ? checked(problems, List.of(), List.of())
                        : problems.stream()
                                .map(problem -> problem.in(source) + "\n")
                                .collect(Collectors.joining()));
        return PROBLEMS_FOUND;
    }

    private static String checked(
            List<Refused.Problem> problems, List<Refused.Problem> notices, Collection<String> notRead) {
        return JsonOutput.write(json -> {
            json.writeStartObject();
            json.writeBooleanProperty("ok", problems.isEmpty());
            json.writeArrayPropertyStart("problems");
            problems.forEach(problem -> problem.write(json));
            json.writeEndArray();
            json.writeArrayPropertyStart("notices");
            notices.forEach(notice -> notice.write(json));
            json.writeEndArray();
            JsonOutput.texts(json, "notRead", notRead);
            json.writeEndObject();
        });
    }

    private void print(String text) {
        spec.commandLine().getOut().print(text);
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
            text.append("  neither `acls` nor `grants`: every node may reach every other\n");
        }
        if (!policy.sectionsNotRead().isEmpty()) {
            text.append("  accepted and not read: " + String.join(", ", policy.sectionsNotRead()) + "\n");
        }
        if (!policy.tests().isEmpty()) {
            text.append("  read and not run: " + count(policy.tests().size(), "test") + "\n");
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
