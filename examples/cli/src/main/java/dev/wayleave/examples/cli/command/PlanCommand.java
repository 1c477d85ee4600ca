package dev.wayleave.examples.cli.command;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command.ApproveRoutes;
import dev.wayleave.command.Command.DrainNode;
import dev.wayleave.command.Command.RemoveNode;
import dev.wayleave.command.Command.RevokeRoutes;
import dev.wayleave.command.Command.SetPolicy;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Problem.DrainLeavesPrefixes;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.cli.report.PlanReport;
import dev.wayleave.examples.cli.report.RouteTestsRun;
import dev.wayleave.examples.cli.source.CaseFile;
import dev.wayleave.examples.cli.source.PolicyText;
import dev.wayleave.examples.cli.source.Source;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.foresight.RoutePlan;
import dev.wayleave.foresight.RouteTests;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a change would do, and changes nothing. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Shows what a change would do before it is made: approvals, primaries, and what each viewer gains "
                        + "or loses, with the reason.",
        footer = {
            "",
            "Nothing is changed. Several options make one plan: the policy comes first, then approvals, revocations, "
                    + "drains and removals. The tests of the policy, and with --routes the route tests, are "
                    + "evaluated as it would be.",
            "A drain that would leave a prefix on its node is refused unless --force is given; the plan shows it in "
                    + "both cases.",
            "Exit codes: 0 nothing changes that a viewer or an administrator notices; 10 something changes, and no "
                    + "viewer loses anything; 11 a viewer loses a peer, a route or traffic; 12 a test fails; 2 the "
                    + "change would be refused.",
        })
public final class PlanCommand implements Callable<Integer> {

    private static final int REFUSED = 2;
    private static final int NO_LOSS = 10;
    private static final int LOSS = 11;
    private static final int TEST_FAILS = 12;
    private static final Actor ACTOR = new Actor("plan");

    @Mixin
    private SourceOption asked = new SourceOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "The new policy, or a file in which `policy` is one (JSON, comments allowed).")
    private @Nullable Path policy;

    @Option(names = "--approve", paramLabel = "NODE=P,…", description = "Approve these routes of a node, too.")
    private List<String> approved = new ArrayList<>();

    @Option(names = "--revoke", paramLabel = "NODE=P,…", description = "Take the approval of these routes away.")
    private List<String> revoked = new ArrayList<>();

    @Option(names = "--drain", paramLabel = "NODE", description = "Drain a router.")
    private List<String> drained = new ArrayList<>();

    @Option(names = "--force", description = "Drain it even if no other node can carry what it has.")
    private boolean force;

    @Option(names = "--remove", paramLabel = "NODE", description = "Remove a node.")
    private List<String> removed = new ArrayList<>();

    @Option(names = "--routes", paramLabel = "TESTS", description = "A file of route tests that must hold afterwards.")
    private @Nullable Path routes;

    @Option(names = "--markdown", description = "Print Markdown, for the comment of a pull request.")
    private boolean markdown;

    @Override
    public Integer call() {
        output.refuseBesideJson("--markdown", markdown);
        Source source = asked.need();
        Tailnet tailnet = source.read();
        RoutingState before = Tailnet.withoutPolicyTests(tailnet.state());
        RoutingPolicy next = policy == null ? null : read(policy, source, before);
        RoutingViews views = RoutingViews.of(before);
        RoutePlan plan = RoutePlan.of(views, submissions(tailnet, next, force), before.now());
        List<DrainLeavesPrefixes> refused = refusedDrains(plan, tailnet.names());
        if (!refused.isEmpty()) {
            plan = RoutePlan.of(views, submissions(tailnet, next, true), before.now());
        }
        PlanReport report = report(tailnet, plan, refused);
        if (markdown) {
            output.print(report.markdown());
        } else {
            output.print(report, tailnet);
        }
        if (!refused.isEmpty()) {
            return REFUSED;
        }
        if (report.hasFailures()) {
            return TEST_FAILS;
        }
        return switch (plan.verdict()) {
            case NOTHING_CHANGES -> 0;
            case NO_LOSS -> NO_LOSS;
            case LOSS -> LOSS;
        };
    }

    /** The drains that would be refused because a prefix would stay; anything else that is refused ends the command. */
    private static List<DrainLeavesPrefixes> refusedDrains(RoutePlan plan, Names names) {
        List<DrainLeavesPrefixes> drains = new ArrayList<>();
        for (SubmissionResult.Refused refused : plan.refusals().values()) {
            for (Problem problem : refused.problems()) {
                if (!(problem instanceof DrainLeavesPrefixes drain)) {
                    throw BadInput.refused(
                            "this would be refused: ", names, plan.refusals().values());
                }
                drains.add(drain);
            }
        }
        return drains;
    }

    private PlanReport report(Tailnet tailnet, RoutePlan plan, List<DrainLeavesPrefixes> refused) {
        RoutingState after = plan.after().state();
        Names names = after.names(plan.before().state());
        return new PlanReport(
                plan,
                tailnet.names(),
                tailnet.names().showsTimes() ? names : names.withoutTimes(),
                refused,
                RouteTests.ofPolicy(
                        after.policy(), after.users(), after.settings().overlay()),
                routes == null ? RouteTestsRun.NONE : RouteTestsRun.of(SourceText.read(routes), plan.after()));
    }

    private RoutingPolicy read(Path path, Source source, RoutingState before) {
        SourceText file = SourceText.read(path);
        PolicyText written = CaseFile.of(file).policy().orElseGet(() -> PolicyText.alone(file));
        PolicyText read = source.planned(written);
        if (!read.equals(written)) {
            output.note("of `" + file.name() + "` the plan leaves out what it leaves out of the policy in force: rules"
                    + " that ask for a device posture, services as destinations, and tests");
        }
        return read.read(before.users());
    }

    private List<Submission> submissions(Tailnet tailnet, @Nullable RoutingPolicy next, boolean forced) {
        List<Submission> submissions = new ArrayList<>();
        if (next != null) {
            submissions.add(Submission.of(ACTOR, new SetPolicy(next)));
        }
        for (String typed : approved) {
            NodeRoutes routesOf = NodeRoutes.read(typed, tailnet);
            submissions.add(
                    Submission.of(ACTOR, new ApproveRoutes(routesOf.node().id(), routesOf.prefixes())));
        }
        for (String typed : revoked) {
            NodeRoutes routesOf = NodeRoutes.read(typed, tailnet);
            submissions.add(
                    Submission.of(ACTOR, new RevokeRoutes(routesOf.node().id(), routesOf.prefixes())));
        }
        for (String typed : drained) {
            submissions.add(
                    Submission.of(ACTOR, new DrainNode(tailnet.node(typed).id(), null, forced)));
        }
        for (String typed : removed) {
            submissions.add(
                    Submission.of(ACTOR, new RemoveNode(tailnet.node(typed).id())));
        }
        if (submissions.isEmpty()) {
            throw new BadInput("there is nothing to plan: name a change by --policy, --approve, --revoke, --drain or "
                    + "--remove");
        }
        return submissions;
    }

    /** A node and some prefixes, as in {@code berlin-b=10.28.0.0/16}. */
    private record NodeRoutes(NodeState node, List<Prefix> prefixes) {

        static NodeRoutes read(String typed, Tailnet tailnet) {
            int equals = typed.lastIndexOf('=');
            if (equals < 1) {
                throw new BadInput("`" + typed + "` names no routes: write NODE=PREFIX,PREFIX");
            }
            NodeState node = tailnet.node(typed.substring(0, equals));
            List<Prefix> prefixes = new ArrayList<>();
            for (String part : typed.substring(equals + 1).split(",", -1)) {
                try {
                    prefixes.add(Prefix.parse(part.strip()));
                } catch (AddressFormatException malformed) {
                    throw new BadInput(String.valueOf(malformed.getMessage()));
                }
            }
            return new NodeRoutes(node, prefixes);
        }
    }
}
