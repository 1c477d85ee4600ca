package dev.wayleave.examples.cli.command;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.report.PolicyDiffReport;
import dev.wayleave.examples.cli.report.PolicyReport;
import dev.wayleave.examples.cli.report.PolicyTestReport;
import dev.wayleave.examples.cli.report.RouteTestsRun;
import dev.wayleave.examples.cli.source.CaseFile;
import dev.wayleave.examples.cli.source.OperatedSource;
import dev.wayleave.examples.cli.source.PolicyText;
import dev.wayleave.examples.cli.source.Source;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.foresight.PolicyDifference;
import dev.wayleave.foresight.RouteTests;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Works on policy files, and on the policy of a tailnet. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Works on policy files, and on the policy of a tailnet.",
        synopsisSubcommandLabel = "COMMAND")
public final class PolicyCommand {

    private static final int PROBLEMS_FOUND = 1;
    private static final int GAINS_ONLY = 10;
    private static final int SOMETHING_LOST = 11;

    /** So many differences are read one after the other. */
    private static final int SHOWN = 20;

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Prints everything that is wrong with a policy, or what is in it.",
            footer = {
                "",
                "With --case, --db or --server, users, tags and hosts that match nothing in that tailnet are named "
                        + "too. A server in WAYLEAVE_SERVER is not asked. Exits with 1 if there are problems, each "
                        + "printed as FILE:LINE:COLUMN: MESSAGE. Notices are about what holds otherwise than its "
                        + "author may think; they are printed so too, and with --strict make the exit code 1."
            })
    int check(
            @Mixin SourceOption asked,
            @Mixin OutputOption output,
            @Option(names = "--strict", description = "Exit with 1 if there are notices, too.") boolean strict,
            @Parameters(
                            paramLabel = "FILE",
                            description = "A policy, or a file in which `policy` is one, perhaps with `users` and "
                                    + "`nodes` (JSON, comments allowed).")
                    Path path) {
        SourceText source = SourceText.read(path);
        CaseFile file = CaseFile.of(source);
        boolean alone = file.policy().isEmpty();
        RoutingState tailnet =
                asked.named().map(Source::read).map(Tailnet::state).orElseGet(file::surroundings);
        PolicyReport report = new PolicyReport(
                file.policy().orElseGet(() -> PolicyText.alone(source)),
                tailnet,
                alone ? List.of() : file.problemsAroundPolicy());
        output.print(report);
        return report.hasProblems() || (strict && report.hasNotices()) ? PROBLEMS_FOUND : 0;
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Evaluates the section `tests` of a policy.",
            footer = {
                "",
                "FILE is tested with the users of the tailnet that --case, --db or --server names, else with its own; "
                        + "without FILE the policy of that tailnet is tested. Tests are about rules and users "
                        + "only, and read no nodes; route tests are about the tailnet as it is. Exits "
                        + "with 1 if a test fails."
            })
    int test(
            @Mixin SourceOption asked,
            @Mixin OutputOption output,
            @Option(
                            names = "--routes",
                            paramLabel = "TESTS",
                            description = "A file of route tests: {\"routeTests\": [{\"viewer\": …, \"reaches\": …}]}.")
                    @Nullable
                    Path routes,
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..1",
                            description = "A policy, or a file in which `policy` is one (JSON, comments allowed).")
                    @Nullable
                    Path path) {
        RoutingState tailnet;
        RoutingPolicy policy;
        String name;
        String unknown = "";
        if (path == null) {
            Tailnet inForce = asked.read();
            unknown = inForce.unknown();
            tailnet = inForce.state();
            policy = tailnet.policy();
            name = asked.fileName().orElse(tailnet.tailnet().toString());
        } else {
            SourceText source = SourceText.read(path);
            CaseFile file = CaseFile.of(source);
            tailnet = asked.named().map(Source::read).map(Tailnet::state).orElseGet(file::surroundings);
            policy = file.policy().orElseGet(() -> PolicyText.alone(source)).read(tailnet.users());
            name = source.name();
        }
        PolicyTestReport report = new PolicyTestReport(
                name,
                policy.tests().size(),
                RouteTests.ofPolicy(policy, tailnet.users(), tailnet.settings().overlay()),
                routes == null ? RouteTestsRun.NONE : RouteTestsRun.of(SourceText.read(routes), tailnet, policy));
        output.print(report);
        if (!unknown.isEmpty()) {
            output.note(unknown);
        }
        return report.hasFailures() ? PROBLEMS_FOUND : 0;
    }

    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Compares what two policies allow, in any tailnet.",
            footer = {
                "",
                "Lists who reaches what, and whose routes are approved, under one of the policies only, each with an "
                        + "example and the entries that say so. The order of rules, names of groups and hosts, how "
                        + "rules are split, and comments make no difference. With --case, --db or --server the "
                        + "settings of that tailnet hold: its own ranges, and what shows an exit node.",
                "Exit codes: 0 no difference; 10 gains only; 11 something is lost."
            })
    int diff(
            @Mixin SourceOption asked,
            @Mixin OutputOption output,
            @Option(names = "--all", description = "Print all differences, and not only the first 20 of each kind.")
                    boolean all,
            @Parameters(index = "0", paramLabel = "OLD", description = "A policy, or a file in which `policy` is one.")
                    Path before,
            @Parameters(index = "1", paramLabel = "NEW", description = "The other one.") Path after) {
        RoutingSettings settings = asked.named()
                .map(Source::read)
                .map(tailnet -> tailnet.state().settings())
                .orElse(RoutingSettings.DEFAULT);
        SourceText first = SourceText.read(before);
        SourceText second = SourceText.read(after);
        PolicyDifference difference = PolicyDifference.of(policy(first), policy(second), settings);
        output.print(new PolicyDiffReport(first.name(), second.name(), difference, all ? Integer.MAX_VALUE : SHOWN));
        return difference.isEmpty() ? 0 : difference.losesAnything() ? SOMETHING_LOST : GAINS_ONLY;
    }

    private static RoutingPolicy policy(SourceText source) {
        return CaseFile.of(source)
                .policy()
                .orElseGet(() -> PolicyText.alone(source))
                .read(Users.none());
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Prints the policy of a tailnet as it was written.")
    void get(@Mixin SourceOption asked, @Mixin OutputOption output) {
        Tailnet tailnet = asked.read();
        output.print(() -> inForce(tailnet), Printable.written(tailnet.policy()));
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Replaces the policy of a server or a database.",
            footer = {
                "",
                "Exits with 1 if there are problems, each printed as FILE:LINE:COLUMN: MESSAGE; nothing is changed "
                        + "then. Notices are printed in the same way."
            })
    int set(
            @Mixin SourceOption asked,
            @Mixin OutputOption output,
            @Parameters(paramLabel = "FILE", description = "The policy (JSON, comments allowed).") Path path) {
        SourceText file = SourceText.read(path);
        OperatedSource source = asked.operated();
        RoutingState before = source.read().state();
        PolicyText policy = PolicyText.alone(file);
        PolicyReport report = new PolicyReport(policy, before, List.of());
        if (report.hasProblems()) {
            output.print(report);
            return PROBLEMS_FOUND;
        }
        source.setPolicy(policy.read(before.users()));
        output.print(() -> inForce(source.read()), report.lines(output.ink()) + "Policy updated\n");
        return 0;
    }

    private record PolicyInForce(String policy, List<Notice> notices, Collection<String> notRead) {}

    private record Notice(String code, String message, int line, int column) {}

    private static PolicyInForce inForce(Tailnet tailnet) {
        RoutingState state = tailnet.state();
        List<PolicyNotice> notices = state.notices(state.policy());
        return new PolicyInForce(
                tailnet.policy(),
                notices.stream()
                        .map(notice ->
                                new Notice(notice.code().name(), notice.message(), notice.line(), notice.column()))
                        .toList(),
                state.policy().sectionsNotRead());
    }
}
