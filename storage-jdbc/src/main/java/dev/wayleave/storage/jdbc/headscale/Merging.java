package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.TouchedKeys;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.jdbc.headscale.ImportPlan.PolicyDecision;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPolicy;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides what of an import is new to a tailnet, and words it as submissions. */
final class Merging {

    private static final RoutingPolicy NO_POLICY = RoutingPolicy.builder().build();

    private final ImportReport report;
    private final RoutingState state;
    private final ImportChoices choices;
    private final Actor actor;
    private final List<ImportFinding> findings = new ArrayList<>();
    private final List<Submission> submissions = new ArrayList<>();

    /** Where each submission came from, beside it; null for that of users, policy and overlay. */
    private final List<@Nullable FoundNode> sources = new ArrayList<>();

    /** By the key in Headscale, the user in the tailnet. */
    private final Map<UserId, UserId> owners = new HashMap<>();

    private Merging(ImportReport report, RoutingState state, ImportChoices choices, Actor actor) {
        this.report = report;
        this.state = state;
        this.choices = choices;
        this.actor = actor;
    }

    static ImportPlan plan(ImportReport report, RoutingState state, ImportChoices choices, Actor actor, Instant now) {
        return new Merging(report, state, choices, actor).plan(now);
    }

    private ImportPlan plan(Instant now) {
        List<Command> ofTailnet = new ArrayList<>();
        decideOverlay().ifPresent(ofTailnet::add);
        mergeUsers().ifPresent(ofTailnet::add);
        PolicyDecision policy = decidePolicy();
        taken(policy)
                .filter(taken -> !taken.equals(state.policy()))
                .ifPresent(taken -> ofTailnet.add(new Command.SetPolicy(taken)));
        if (!ofTailnet.isEmpty()) {
            submit(new Submission(actor, Optional.of(HeadscaleImport.SOURCE), ofTailnet), null);
        }
        report.nodes().forEach(this::mergeNode);
        Step step = Routing.step(state, submissions, now);
        for (int i = 0; i < submissions.size(); i++) {
            report(step.results().get(i), sources.get(i));
        }
        taken(policy).ifPresent(taken -> reviewPolicy(taken, step));
        Incumbents incumbents = new Incumbents(report, state, actor, now);
        Step kept = incumbents.keep(step);
        findings.addAll(incumbents.findings());
        ImportReport full = report.with(incumbents.kept(), findings);
        return full.isBlocked()
                ? new ImportPlan(
                        new Step(state, List.of(), List.of(), RowChanges.none(), TouchedKeys.nothing()),
                        List.of(),
                        policy,
                        full)
                : new ImportPlan(kept, submissions, policy, full);
    }

    // ---- overlay

    private Optional<Command> decideOverlay() {
        OverlayRanges present = state.settings().overlay();
        boolean isNew = state.nodes().isEmpty()
                && state.users().all().isEmpty()
                && state.policy().equals(NO_POLICY)
                && present.equals(OverlayRanges.DEFAULT);
        Optional<OverlayRanges> decided = isNew ? newOverlay() : Optional.of(keptOverlay(present));
        if (decided.isEmpty()) {
            return Optional.empty();
        }
        OverlayRanges overlay = decided.get();
        for (FoundNode node : report.nodes()) {
            for (IpAddress address : node.facts().addresses()) {
                if (!overlay.contains(address)) {
                    report(node, new ImportFinding.OutsideOverlay(address));
                }
            }
        }
        return overlay.equals(present)
                ? Optional.empty()
                : Optional.of(new Command.SetSettings(
                        state.settings().toBuilder().overlay(overlay).build()));
    }

    /** Empty if the caller has to decide it. */
    private Optional<OverlayRanges> newOverlay() {
        if (choices.overlay() instanceof OverlaySource.Given given) {
            return Optional.of(given.ranges());
        }
        Overlay overlay = Overlay.of(report.nodes().stream()
                .flatMap(node -> node.facts().addresses().stream())
                .toList());
        if (!overlay.tooWide().isEmpty()) {
            overlay.tooWide().forEach(prefix -> reportDatabase(new ImportFinding.OverlayTooWide(prefix)));
            return Optional.empty();
        }
        OverlayRanges ranges = OverlayRanges.of(overlay.ranges());
        if (!ranges.equals(OverlayRanges.DEFAULT)) {
            reportDatabase(new ImportFinding.OverlaySet(overlay.ranges().prefixes()));
        }
        return Optional.of(ranges);
    }

    private OverlayRanges keptOverlay(OverlayRanges present) {
        if (choices.overlay() instanceof OverlaySource.Given given
                && !given.ranges().equals(present)) {
            reportDatabase(
                    new ImportFinding.OverlayKept(given.ranges().addresses().prefixes()));
        }
        return present;
    }

    private void reportDatabase(ImportFinding.Reason reason) {
        findings.add(new ImportFinding(ImportFinding.DATABASE, null, reason));
    }

    // ---- policy

    private PolicyDecision decidePolicy() {
        Optional<RoutingPolicy> wanted = wanted();
        if (!state.policy().equals(NO_POLICY)) {
            boolean wantsNone = choices.policy() instanceof PolicySource.None;
            if (wantsNone
                    || wanted.filter(policy -> !policy.equals(state.policy())).isPresent()) {
                reportPolicy(new ImportFinding.PolicyKept());
            }
            return PolicyDecision.KEPT;
        }
        if (choices.policy() instanceof PolicySource.Database) {
            if (wanted.isEmpty()) {
                findings.add(new ImportFinding("policies", null, new ImportFinding.PolicyUndecided()));
                return PolicyDecision.UNDECIDED;
            }
            return PolicyDecision.FROM_DATABASE;
        }
        report.policy()
                .filter(found -> !found.policy().equals(wanted))
                .ifPresent(found -> report(found.table(), found.row(), new ImportFinding.PolicyOverridden()));
        return choices.policy() instanceof PolicySource.Given ? PolicyDecision.AS_GIVEN : PolicyDecision.NONE;
    }

    private Optional<RoutingPolicy> wanted() {
        if (choices.policy() instanceof PolicySource.Given given) {
            return Optional.of(given.policy());
        }
        return choices.policy() instanceof PolicySource.Database
                ? report.policy().flatMap(FoundPolicy::policy)
                : Optional.empty();
    }

    private Optional<RoutingPolicy> taken(PolicyDecision decision) {
        return switch (decision) {
            case FROM_DATABASE, AS_GIVEN -> wanted();
            case NONE, KEPT, UNDECIDED -> Optional.empty();
        };
    }

    /** Where the policy stands that the import brings: a row, or what the caller gave. */
    private void reportPolicy(ImportFinding.Reason reason) {
        Optional<FoundPolicy> row =
                choices.policy() instanceof PolicySource.Database ? report.policy() : Optional.empty();
        findings.add(new ImportFinding(
                row.map(FoundPolicy::table).orElse(ImportFinding.GIVEN_POLICY),
                row.map(FoundPolicy::row).orElse(null),
                reason));
    }

    /** What the policy says of the users and nodes that the tailnet has now. */
    private void reviewPolicy(RoutingPolicy policy, Step step) {
        step.next().notices(policy).stream()
                // the overlay has findings of its own
                .filter(notice -> notice.code() != PolicyNotice.Code.OUTSIDE_OVERLAY)
                .forEach(notice -> reportPolicy(new ImportFinding.PolicyNoticed(notice)));
        reviewIdentifiers(policy, step.next().users());
        policy.problemsWith(step.next().users())
                .forEach(problem -> reportPolicy(new ImportFinding.PolicyAmbiguous(problem)));
        Map<NodeId, FoundNode> found = new HashMap<>();
        report.nodes().forEach(node -> found.put(node.facts().id(), node));
        for (RouteEvent event : step.events()) {
            if (event instanceof RouteEvent.RouteApproved approved
                    && approved.approval().by() instanceof Approver.AutoApprover by) {
                FoundNode node = found.get(approved.nodeId());
                ImportFinding.Reason reason =
                        new ImportFinding.ApprovedByPolicy(approved.nodeId(), approved.route(), by);
                if (node == null) {
                    reportPolicy(reason);
                } else {
                    report(node, reason);
                }
            }
        }
    }

    /** Headscale finds a user by the identifier of an identity provider first ({@code headscale-routes.md} §3.3). */
    private void reviewIdentifiers(RoutingPolicy policy, Users users) {
        Map<String, FoundUser> byIdentifier = new HashMap<>();
        report.users().forEach(found -> found.identifier().ifPresent(text -> byIdentifier.putIfAbsent(text, found)));
        for (String text : UserTexts.of(policy)) {
            FoundUser found = byIdentifier.get(text.endsWith("@") ? text.substring(0, text.length() - 1) : text);
            if (found != null) {
                Optional<User> user =
                        Optional.ofNullable(owners.get(found.user().id())).flatMap(users::find);
                if (user.isPresent() && !users.named(text).equals(List.of(user.get()))) {
                    String instead = user.get().email().orElse(user.get().name() + "@");
                    report(found, new ImportFinding.IdentifierInPolicy(UserTable.IDENTIFIER, text, instead));
                }
            }
        }
    }

    // ---- users

    private Optional<Command> mergeUsers() {
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
        return added.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Command.SetUsers(Users.of(Lists.joined(state.users().all(), added))));
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
                || one.email()
                        .filter(email ->
                                other.email().filter(email::equalsIgnoreCase).isPresent())
                        .isPresent();
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

    // ---- nodes

    private void mergeNode(FoundNode found) {
        NodeId id = found.facts().id();
        Optional<NodeState> known = state.node(id);
        if (known.isEmpty()) {
            submit(registration(found, withOwner(found.facts()), actor), found);
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
            Command approvals = new Command.ImportApprovals(id, missing, HeadscaleImport.SOURCE);
            submit(submission(found, actor, List.of(approvals)), found);
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
        commands.add(new Command.RegisterNode(facts));
        // before the routes are advertised, so that it stays the word of Headscale and not of the policy
        if (!found.approved().isEmpty()) {
            commands.add(new Command.ImportApprovals(facts.id(), found.approved(), HeadscaleImport.SOURCE));
        }
        if (!found.advertised().isEmpty()) {
            commands.add(new Command.AdvertiseRoutes(facts.id(), found.advertised()));
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

    private void submit(Submission submission, @Nullable FoundNode source) {
        submissions.add(submission);
        sources.add(source);
    }

    private void report(SubmissionResult result, @Nullable FoundNode source) {
        if (result instanceof SubmissionResult.Refused refused) {
            if (source == null) {
                reportDatabase(new ImportFinding.TailnetRefused(refused.problems()));
            } else {
                report(source, new ImportFinding.Refused(causes(refused.problems())));
            }
        } else if (result instanceof SubmissionResult.Accepted accepted) {
            for (SubmissionResult.Remark notice : accepted.remarks()) {
                // half a pair of exit routes was reported when it was read
                if (notice instanceof SubmissionResult.ImportNotTaken refused) {
                    report(
                            Objects.requireNonNull(source),
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
        report(found.table(), found.row(), reason);
    }

    private void report(FoundUser found, ImportFinding.Reason reason) {
        report(found.table(), found.row(), reason);
    }

    private void report(String table, String row, ImportFinding.Reason reason) {
        findings.add(new ImportFinding(table, row, reason));
    }
}
