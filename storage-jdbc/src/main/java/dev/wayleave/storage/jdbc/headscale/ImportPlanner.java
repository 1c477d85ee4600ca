package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.TouchedKeys;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.jdbc.headscale.ImportPlan.PolicyDecision;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides which facts of an import are new to a tailnet, and makes submissions of them. */
final class ImportPlanner {

    private final ImportReport report;
    private final RoutingState state;
    private final ImportChoices choices;
    private final Actor actor;
    private final Findings findings = new Findings();
    private final UserPlanner users;
    private final List<Submission> submissions = new ArrayList<>();

    /** The node of each submission, at the same index; null for the submission of users, policy and overlay. */
    private final List<@Nullable FoundNode> sources = new ArrayList<>();

    private ImportPlanner(ImportReport report, RoutingState state, ImportChoices choices, Actor actor) {
        this.report = report;
        this.state = state;
        this.choices = choices;
        this.actor = actor;
        this.users = new UserPlanner(report, state, findings);
    }

    static ImportPlan plan(ImportReport report, RoutingState state, ImportChoices choices, Actor actor, Instant now) {
        return new ImportPlanner(report, state, choices, actor).plan(now);
    }

    private ImportPlan plan(Instant now) {
        List<Command> ofTailnet = new ArrayList<>();
        new OverlayPlanner(report, state, choices.overlay(), findings).command().ifPresent(ofTailnet::add);
        users.command().ifPresent(ofTailnet::add);
        PolicyPlanner policies = new PolicyPlanner(report, state, choices.policy(), findings);
        PolicyDecision policy = policies.decide();
        policies.taken(policy)
                .filter(taken -> !taken.equals(state.policy()))
                .ifPresent(taken -> ofTailnet.add(new Command.SetPolicy(taken)));
        if (!ofTailnet.isEmpty()) {
            submit(new Submission(actor, HeadscaleImport.SOURCE, ofTailnet), null);
        }
        report.nodes().forEach(this::mergeNode);
        Step step = Routing.step(state, submissions, now);
        for (int i = 0; i < submissions.size(); i++) {
            report(step.results().get(i), sources.get(i));
        }
        policies.taken(policy).ifPresent(taken -> policies.review(taken, step, users));
        Incumbents incumbents = new Incumbents(report, state, actor, now, findings);
        Step kept = incumbents.keep(step);
        ImportReport full = report.with(incumbents.kept(), findings.all());
        return full.isBlocked()
                ? new ImportPlan(
                        new Step(state, List.of(), List.of(), RowChanges.none(), TouchedKeys.nothing()),
                        List.of(),
                        policy,
                        full)
                : new ImportPlan(kept, submissions, policy, full);
    }

    private void mergeNode(FoundNode found) {
        NodeId id = found.facts().id();
        Optional<NodeState> known = state.node(id);
        if (known.isEmpty()) {
            submit(registration(found, withOwner(found.facts()), actor), found);
            return;
        }
        String hostKey = known.get().facts().hostKey();
        if (!hostKey.equals(found.facts().hostKey())) {
            findings.add(found, new NodeReason.NodeIdTaken(id, hostKey));
            return;
        }
        SortedSet<Prefix> missing = new TreeSet<>(found.approved());
        missing.removeAll(known.get().approvals().approved().keySet());
        if (!missing.isEmpty()) {
            Command approvals = new Command.ImportApprovals(id, missing, HeadscaleImport.SOURCE);
            submit(submission(found, actor, List.of(approvals)), found);
        }
    }

    private Node withOwner(Node facts) {
        return facts.owner() instanceof Owner.OfUser owner
                ? facts.toBuilder()
                        .owner(Owner.user(users.idInTailnet(owner.id()).orElse(owner.id())))
                        .build()
                : facts;
    }

    private static Submission registration(FoundNode found, Node facts, Actor actor) {
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.RegisterNode(facts));
        // before the routes are advertised: else the policy approves them, and Headscale is not their approver
        if (!found.approved().isEmpty()) {
            commands.add(new Command.ImportApprovals(facts.id(), found.approved(), HeadscaleImport.SOURCE));
        }
        if (!found.advertised().isEmpty()) {
            commands.add(new Command.AdvertiseRoutes(facts.id(), found.advertised()));
        }
        return submission(found, actor, commands);
    }

    private static Submission submission(FoundNode found, Actor actor, List<Command> commands) {
        return new Submission(actor, correlationId(found), commands);
    }

    /** Names the row, so that every event of the import names its row. */
    static String correlationId(FoundNode found) {
        return HeadscaleImport.SOURCE + " " + found.table() + " "
                + found.facts().id();
    }

    private void submit(Submission submission, @Nullable FoundNode source) {
        submissions.add(submission);
        sources.add(source);
    }

    private void report(SubmissionResult result, @Nullable FoundNode source) {
        if (result instanceof SubmissionResult.Refused refused) {
            if (source == null) {
                findings.addOfDatabase(new DatabaseReason.TailnetRefused(refused.problems()));
            } else {
                findings.add(source, new RowReason.Refused(causes(refused.problems())));
            }
        } else if (result instanceof SubmissionResult.Accepted accepted) {
            for (SubmissionResult.Remark remark : accepted.remarks()) {
                // half a pair of exit routes was reported by the reader
                if (remark instanceof SubmissionResult.ImportRefused refused) {
                    findings.add(
                            Objects.requireNonNull(source),
                            new RouteReason.ApprovalNotTaken(refused.node(), refused.prefix(), refused.reason()));
                }
            }
        }
    }

    /** Drops the problems of an unknown node, which follow from its refused registration. */
    private static List<Problem> causes(List<Problem> problems) {
        return problems.get(0).command() > 0
                ? problems
                : problems.stream().filter(problem -> problem.command() == 0).toList();
    }
}
