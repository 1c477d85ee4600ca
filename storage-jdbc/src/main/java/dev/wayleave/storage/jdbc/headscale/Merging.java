package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.Command;
import dev.wayleave.NodeState;
import dev.wayleave.Problem;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.Submission;
import dev.wayleave.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Decides what of an import is new to a tailnet, and words it as submissions. */
final class Merging {

    private final ImportReport report;
    private final RoutingState state;
    private final Actor actor;
    private final List<ImportFinding> findings = new ArrayList<>();
    private final List<Submission> submissions = new ArrayList<>();

    /** Where each submission came from, beside it; empty for the users. */
    private final List<Optional<FoundNode>> sources = new ArrayList<>();

    /** By the key in Headscale, the user in the tailnet. */
    private final Map<UserId, UserId> owners = new HashMap<>();

    private Merging(ImportReport report, RoutingState state, Actor actor) {
        this.report = report;
        this.state = state;
        this.actor = actor;
    }

    static List<Submission> submissions(ImportReport report, Actor actor) {
        List<Submission> submissions = new ArrayList<>();
        List<User> users = report.users().stream().map(FoundUser::user).toList();
        submissions.add(Submission.of(actor, new Command.UsersReplaced(Users.of(users))));
        for (FoundNode node : report.nodes()) {
            submissions.add(registration(node, node.facts(), actor));
        }
        return List.copyOf(submissions);
    }

    static ImportPlan plan(ImportReport report, RoutingState state, Actor actor, Instant now) {
        return new Merging(report, state, actor).plan(now);
    }

    private ImportPlan plan(Instant now) {
        mergeUsers();
        report.nodes().forEach(this::mergeNode);
        Step step = Routing.step(state, submissions, now);
        for (int i = 0; i < submissions.size(); i++) {
            report(step.results().get(i), sources.get(i));
        }
        Incumbents incumbents = new Incumbents(report, state, actor, now);
        Step kept = incumbents.keep(step);
        findings.addAll(incumbents.findings());
        return new ImportPlan(kept, submissions, report.with(incumbents.kept(), findings));
    }

    private void mergeUsers() {
        List<User> added = new ArrayList<>();
        for (FoundUser found : report.users()) {
            User user = found.user();
            Optional<UserId> known = known(found);
            UserId id = known.orElseGet(() -> freeId(found));
            owners.put(user.id(), id);
            if (known.isEmpty()) {
                added.add(withId(id, user));
            }
        }
        if (!added.isEmpty()) {
            Users all = Users.of(Lists.joined(state.users().all(), added));
            submit(Submission.of(actor, new Command.UsersReplaced(all)), Optional.empty());
        }
    }

    /** By the key and a text, else by a text alone: two users with one text would be a problem to every policy. */
    private Optional<UserId> known(FoundUser found) {
        User user = found.user();
        Optional<User> sameId = state.users().find(user.id());
        if (sameId.filter(other -> isSame(user, other)).isPresent()) {
            return Optional.of(user.id());
        }
        Optional<UserId> named = user.email()
                .flatMap(this::only)
                .or(() -> only(user.name() + "@"))
                .map(User::id);
        named.ifPresent(id -> report(found, new ImportFinding.UserMatched(user.name(), id)));
        return named;
    }

    private Optional<User> only(String text) {
        List<User> named = state.users().named(text);
        return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
    }

    private static boolean isSame(User one, User other) {
        return one.name().equals(other.name())
                || (one.email().isPresent() && one.email().equals(other.email()));
    }

    private UserId freeId(FoundUser found) {
        UserId id = found.user().id();
        if (state.users().find(id).isEmpty()) {
            return id;
        }
        UserId free = new UserId(HeadscaleImport.SOURCE + ":" + id);
        for (int i = 2; state.users().find(free).isPresent(); i++) {
            free = new UserId(HeadscaleImport.SOURCE + ":" + id + ":" + i);
        }
        report(found, new ImportFinding.UserRenumbered(found.user().name(), free));
        return free;
    }

    private static User withId(UserId id, User user) {
        User.Builder renumbered =
                User.builder(id, user.name()).role(user.role()).sharedIn(user.isSharedIn());
        user.email().ifPresent(renumbered::email);
        return renumbered.build();
    }

    private void mergeNode(FoundNode found) {
        NodeId id = found.facts().id();
        Optional<NodeState> known = state.node(id);
        if (known.isEmpty()) {
            submit(registration(found, withOwner(found.facts()), actor), Optional.of(found));
            return;
        }
        String hostKey = known.get().facts().hostKey();
        if (!hostKey.equals(found.facts().hostKey())) {
            report(found, new ImportFinding.NodeIdTaken(id, hostKey));
            return;
        }
        SortedSet<Prefix> missing = new TreeSet<>(found.approved());
        missing.removeAll(known.get().approvals().approved().keySet());
        if (!missing.isEmpty()) {
            Command approvals = new Command.ApprovalsImported(id, missing, HeadscaleImport.SOURCE);
            submit(submission(found, actor, List.of(approvals)), Optional.of(found));
        }
    }

    private Node withOwner(Node facts) {
        return facts.owner() instanceof Owner.OfUser owner
                ? facts.toBuilder()
                        .owner(Owner.user(owners.getOrDefault(owner.id(), owner.id())))
                        .build()
                : facts;
    }

    private static Submission registration(FoundNode found, Node facts, Actor actor) {
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.NodeRegistered(facts));
        if (!found.advertised().isEmpty()) {
            commands.add(new Command.RoutesAdvertised(facts.id(), found.advertised()));
        }
        if (!found.approved().isEmpty()) {
            commands.add(new Command.ApprovalsImported(facts.id(), found.approved(), HeadscaleImport.SOURCE));
        }
        return submission(found, actor, commands);
    }

    private static Submission submission(FoundNode found, Actor actor, List<Command> commands) {
        return new Submission(actor, Optional.of(correlationId(found)), commands);
    }

    /** Names the row, so that every event of the import leads back to it. */
    static String correlationId(FoundNode found) {
        return HeadscaleImport.SOURCE + " " + found.table() + " "
                + found.facts().id();
    }

    private void submit(Submission submission, Optional<FoundNode> source) {
        submissions.add(submission);
        sources.add(source);
    }

    private void report(SubmissionResult result, Optional<FoundNode> source) {
        if (result instanceof SubmissionResult.Refused refused) {
            String table = source.map(FoundNode::table)
                    .orElseGet(() -> report.users().get(0).table());
            findings.add(new ImportFinding(
                    table, source.map(FoundNode::row), new ImportFinding.Refused(causes(refused.problems()))));
        } else if (result instanceof SubmissionResult.Accepted accepted) {
            for (SubmissionResult.Notice notice : accepted.notices()) {
                // half a pair of exit routes was reported when it was read
                if (notice instanceof SubmissionResult.ImportNotTaken refused) {
                    report(
                            source.orElseThrow(),
                            new ImportFinding.ApprovalNotTaken(refused.node(), refused.prefix(), refused.because()));
                }
            }
        }
    }

    /** That a node which could not be registered is unknown to what comes after is no news. */
    private static List<Problem> causes(List<Problem> problems) {
        return problems.get(0).command() > 0
                ? problems
                : problems.stream().filter(problem -> problem.command() == 0).toList();
    }

    private void report(FoundNode found, ImportFinding.Reason reason) {
        findings.add(new ImportFinding(found.table(), Optional.of(found.row()), reason));
    }

    private void report(FoundUser found, ImportFinding.Reason reason) {
        findings.add(new ImportFinding(found.table(), Optional.of(found.row()), reason));
    }
}
