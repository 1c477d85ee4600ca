package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Lists;
import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.access.engine.PolicyTestEvaluator;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeFinding;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.engine.UserDifference;
import dev.wayleave.row.Absence;
import dev.wayleave.settings.RoutingSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Applies the commands of one submission to the next state, and collects every problem with them. */
final class CommandApplier {

    private final StateBuilder builder;
    private final Submission submission;
    private final RouteCommands routes;
    private final SessionCommands sessions;

    /** Lists come into being with their first element: most submissions are keep-alives, and have neither. */
    private List<Problem> problems = List.of();

    private List<SubmissionResult.Remark> remarks = List.of();
    private int index;
    private int usersSetBy = -1;

    /** The users whom a command of this submission removed, also those that a later command added again. */
    private Set<UserId> removedUsers = Set.of();

    private CommandApplier(StateBuilder builder, Submission submission, long laterClockShift) {
        this.builder = builder;
        this.submission = submission;
        this.routes = new RouteCommands(builder, submission.actor());
        this.sessions = new SessionCommands(builder, laterClockShift);
    }

    /**
     * Applies a submission all or not at all: a refused one leaves the next state as it was.
     *
     * @param laterClockShift by how many milliseconds later submissions of the step move the clock
     */
    static SubmissionResult apply(StateBuilder builder, Submission submission, long laterClockShift) {
        builder.begin(submission);
        CommandApplier applier = new CommandApplier(builder, submission, laterClockShift);
        applier.run();
        if (applier.problems.isEmpty()) {
            builder.accept();
            return applier.remarks.isEmpty() ? SubmissionResult.accepted() : applier.accepted();
        }
        builder.undo();
        return new SubmissionResult.Refused(applier.problems);
    }

    private SubmissionResult accepted() {
        return new SubmissionResult.Accepted(remarks);
    }

    private void run() {
        int most = builder.fields.settings.limits().commandsPerSubmission();
        if (submission.commands().size() > most) {
            add(new Problem.TooMany(
                    most, Problem.Limit.COMMANDS, submission.commands().size(), most));
            return;
        }
        for (Command command : submission.commands()) {
            apply(command);
            index++;
        }
        if (usersSetBy >= 0) {
            checkOwners();
        }
    }

    /** {@link Command.PassTime} does nothing here: each step runs the timers after its submissions. */
    private void apply(Command command) {
        if (builder.fields.sessions.withoutSessions()
                && command instanceof Command.OfNode aboutNode
                && needsSessions(command)) {
            add(new Problem.SessionsElsewhere(index, aboutNode.node()));
        } else if (command instanceof Command.OfSession ofSession) {
            if (!sessions.apply(ofSession)) {
                remark(new SubmissionResult.SessionIgnored(index, ofSession.node(), ofSession.session()));
            }
        } else if (command instanceof Command.RegisterNode register) {
            register(register);
        } else if (command instanceof Command.OfNode ofNode) {
            NodeState node = builder.fields.nodes.get(ofNode.node());
            if (node == null) {
                add(new Problem.UnknownNode(index, ofNode.node()));
            } else if (ofNode instanceof Command.ReportSession report) {
                reportSession(report, node);
            } else {
                apply(ofNode, node);
            }
        } else if (command instanceof Command.SetUsers set) {
            setUsers(set.users());
        } else if (command instanceof Command.SetPolicy set) {
            setPolicy(set.policy());
        } else if (command instanceof Command.SetSettings set) {
            SettingsCommands.apply(builder, routes, set.settings());
        } else if (command instanceof Command.EndSessions end) {
            endSessions(end);
        } else if (command instanceof Command.StepClock step) {
            add(ClockStepCommand.apply(
                    builder, index, step, submission.commands().size() == 1));
        } else if (!(command instanceof Command.PassTime)) {
            throw new IllegalStateException("command `" + command.kind() + "` is not applied: add its branch here");
        }
    }

    private void endSessions(Command.EndSessions command) {
        if (builder.fields.sessions.self() == null) {
            add(new Problem.SessionsNotShared(index));
        } else {
            SessionCommands.endAll(builder, command.holder());
        }
    }

    private void reportSession(Command.ReportSession command, NodeState node) {
        if (builder.fields.sessions.self() == null) {
            add(new Problem.SessionsNotShared(index));
        } else {
            sessions.report(command, node);
        }
    }

    private static boolean needsSessions(Command command) {
        return command instanceof Command.OfSession || command instanceof Command.ReportHealth;
    }

    private void apply(Command.OfNode command, NodeState node) {
        if (command instanceof Command.UpdateNode update) {
            update(update, node);
        } else if (command instanceof Command.RemoveNode) {
            remove(node);
        } else if (command instanceof Command.ReportHealth report) {
            reportHealth(report, node);
        } else if (command instanceof Command.DrainNode drain) {
            add(DrainCommands.begin(builder, submission.actor(), index, drain, node));
        } else if (command instanceof Command.UndrainNode) {
            DrainCommands.end(builder, node, new Reason.Reported(), builder.nowInstant);
        } else {
            if (command instanceof Command.AdvertiseRoutes advertised) {
                remark(NodeFinding.ofPrefixes(node.id(), advertised.prefixes(), builder.fields.settings.overlay()));
            }
            add(routes.apply(index, command, node, this::remark));
        }
    }

    private void add(@Nullable Problem problem) {
        if (problem != null) {
            problems = problems.isEmpty() ? new ArrayList<>() : problems;
            problems.add(problem);
        }
    }

    private void remark(SubmissionResult.Remark remark) {
        remarks = remarks.isEmpty() ? new ArrayList<>() : remarks;
        remarks.add(remark);
    }

    private void remark(List<NodeFinding> findings) {
        findings.forEach(finding -> remark(new SubmissionResult.NodeRemark(index, finding)));
    }

    private void register(Command.RegisterNode command) {
        if (!isAccepted(command.facts())) {
            return;
        }
        remark(NodeFinding.ofAddresses(command.facts(), builder.fields.keys::withAddress));
        NodeState known = builder.fields.nodes.get(command.node());
        if (known != null) {
            reportChanges(known.facts(), command.facts());
            NodeState again = known.with(known.durable().withNode(command.facts()));
            builder.put(
                    routes.reviewed(again, builder.fields.settings.approval().retroactive()));
            return;
        }
        int most = builder.fields.settings.limits().nodes();
        if (builder.fields.nodes.size() >= most) {
            add(new Problem.TooMany(index, Problem.Limit.NODES, builder.fields.nodes.size() + 1, most));
            return;
        }
        builder.put(NodeState.of(NodeFacts.of(command.facts()), registered(command.facts())));
    }

    private Presence registered(Node facts) {
        if (builder.fields.sessions.self() != null) {
            Absence begun = facts.isEphemeral() ? new Absence(builder.nowInstant, null) : null;
            return Presence.shared(null, begun, ImmutableSortedSet.of(), builder.fields.sessions.self());
        }
        return builder.fields.sessions.withoutSessions()
                ? Presence.absent(Deadline.NEVER).unknown(Deadline.NEVER)
                : Presence.absent(builder.now);
    }

    private void update(Command.UpdateNode command, NodeState known) {
        if (!isAccepted(command.facts()) || command.facts().equals(known.facts())) {
            return;
        }
        remark(NodeFinding.ofAddresses(command.facts(), builder.fields.keys::withAddress));
        reportChanges(known.facts(), command.facts());
        boolean review = builder.fields.settings.approval().retroactive()
                && !command.facts().owner().equals(known.facts().owner());
        builder.put(routes.reviewed(known.with(known.durable().withNode(command.facts())), review));
    }

    /** Reports what rules and approvers read of a node, ahead of the approvals that follow. */
    private void reportChanges(Node last, Node next) {
        Origin origin = builder.origin();
        if (!last.name().equals(next.name())) {
            builder.happened(new RouteEvent.NodeRenamed(origin, next.id(), last.name(), next.name()));
        }
        if (!last.owner().equals(next.owner())) {
            builder.happened(new RouteEvent.NodeOwnerChanged(origin, next.id(), last.owner(), next.owner()));
        }
        if (!last.hostKey().equals(next.hostKey())) {
            builder.happened(new RouteEvent.NodeKeyChanged(origin, next.id()));
        }
    }

    private boolean isAccepted(Node facts) {
        boolean accepted = true;
        if (facts.owner() instanceof Owner.OfUser owner
                && builder.fields.users.find(owner.id()).isEmpty()) {
            add(new Problem.UnknownUser(index, facts.id(), owner.id()));
            accepted = false;
        }
        NodeId holder = builder.fields.keys.withHostKey(facts.hostKey());
        if (holder != null && !holder.equals(facts.id())) {
            add(new Problem.HostKeyTaken(index, facts.id(), facts.hostKey(), holder));
            accepted = false;
        }
        return accepted;
    }

    private void remove(NodeState node) {
        builder.remove(node, new Reason.Reported());
        SettingsCommands.forgetPriorities(builder, node.id());
    }

    private void reportHealth(Command.ReportHealth report, NodeState node) {
        if (report.session().isPresent() && !node.hasSession(report.session().get())) {
            remark(new SubmissionResult.SessionIgnored(
                    index, node.id(), report.session().get()));
            return;
        }
        Presence next;
        if (report.prefix().isEmpty()) {
            next = node.presence().withHealth(report.health());
        } else if (!node.advertised().contains(report.prefix().get())) {
            return;
        } else {
            TreeSet<Prefix> unhealthy = new TreeSet<>(node.unhealthyPrefixes());
            if (report.health() == Health.UNHEALTHY) {
                unhealthy.add(report.prefix().get());
            } else {
                unhealthy.remove(report.prefix().get());
            }
            next = node.presence().withUnhealthy(unhealthy);
        }
        NodeState changed = node.with(next);
        if (!changed.hasSameElectionFacts(node)) {
            builder.put(changed);
        }
    }

    private void setPolicy(RoutingPolicy policy) {
        RoutingSettings settings = builder.fields.settings;
        List<PolicyTestFailure> failures = builder.evaluatesPolicyTests && settings.policyTests()
                ? PolicyTestEvaluator.failures(policy, builder.fields.users, settings.overlay())
                : List.of();
        failures.forEach(failure -> add(new Problem.PolicyTestFailed(index, failure)));
        if (failures.isEmpty()) {
            routes.setPolicy(policy);
        }
    }

    private void setUsers(Users users) {
        int most = builder.fields.settings.limits().users();
        if (users.all().size() > most) {
            add(new Problem.TooMany(index, Problem.Limit.USERS, users.all().size(), most));
            return;
        }
        usersSetBy = index;
        UserDifference difference = UserDifference.between(builder.fields.users, users);
        if (difference.isEmpty()) {
            return;
        }
        ImmutableSortedSet<UserId> removed = ids(difference.removed());
        removedUsers = new HashSet<>(removedUsers);
        removedUsers.addAll(removed);
        ImmutableSortedSet<UserId> changed =
                ids(Lists.transform(difference.changed(), UserDifference.UserChange::after));
        builder.happened(new RouteEvent.UsersChanged(builder.origin(), ids(difference.added()), changed, removed));
        builder.fields.users = users;
        builder.fields.autoApproval = AutoApproval.compile(builder.fields.policy, users);
        if (builder.fields.settings.approval().retroactive()) {
            routes.reviewAll();
        }
    }

    private static ImmutableSortedSet<UserId> ids(List<User> users) {
        return ImmutableSortedSet.copyOf(Lists.transform(users, User::id));
    }

    /** Runs last: the same submission may give the nodes of a removed user to another user. */
    private void checkOwners() {
        TreeMap<UserId, NodeId> orphans = new TreeMap<>();
        Set<UserId> gone = new HashSet<>(removedUsers);
        gone.removeIf(user -> builder.fields.users.find(user).isPresent());
        if (gone.isEmpty()) {
            return;
        }
        for (NodeState node : builder.fields.nodes.values()) {
            if (node.facts().owner() instanceof Owner.OfUser owner && gone.contains(owner.id())) {
                orphans.putIfAbsent(owner.id(), node.id());
            }
        }
        orphans.forEach((user, node) -> add(new Problem.UserOwnsNode(usersSetBy, user, node)));
    }
}
