package dev.wayleave;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Sets;
import dev.wayleave.approval.ApprovalChange;
import dev.wayleave.approval.ApprovalOutcome;
import dev.wayleave.approval.ApprovalRule;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import java.time.Instant;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Applies the commands that advertise, approve, revoke and import routes. */
final class RouteCommands {

    private final StateBuilder builder;
    private final Actor actor;

    RouteCommands(StateBuilder builder, Actor actor) {
        this.builder = builder;
        this.actor = actor;
    }

    @Nullable
    Problem apply(int index, Command.OfNode command, NodeState node, Consumer<SubmissionResult.Remark> remarks) {
        if (command instanceof Command.AdvertiseRoutes advertised) {
            return advertise(index, advertised.prefixes(), node);
        }
        ApprovalRule rule = builder.fields.settings.approval();
        if (command instanceof Command.SetApprovedRoutes approved) {
            remarkUnadvertised(index, node, approved.prefixes(), remarks);
            ApprovalOutcome outcome =
                    node.approvals().setApproved(approved.prefixes(), actor, builder.nowInstant, rule);
            return putApprovals(index, node, approved.prefixes(), outcome);
        }
        if (command instanceof Command.ApproveRoutes approved) {
            remarkUnadvertised(index, node, approved.prefixes(), remarks);
            ApprovalOutcome outcome = node.approvals().approve(approved.prefixes(), actor, builder.nowInstant);
            for (ApprovalChange change : outcome.changes()) {
                if (change instanceof ApprovalChange.AlreadyApproved already) {
                    remarks.accept(new SubmissionResult.AlreadyApproved(
                            index, node.id(), already.prefix(), already.approval()));
                }
            }
            return putApprovals(index, node, approved.prefixes(), outcome);
        }
        if (command instanceof Command.RevokeRoutes revoked) {
            ApprovalOutcome outcome = node.approvals().revoke(revoked.prefixes(), actor, builder.nowInstant, rule);
            return putApprovals(index, node, revoked.prefixes(), outcome);
        }
        if (command instanceof Command.ImportApprovals imported) {
            ApprovalOutcome outcome =
                    node.approvals().importApprovals(imported.prefixes(), imported.source(), builder.nowInstant);
            for (ApprovalChange change : outcome.changes()) {
                if (change instanceof ApprovalChange.HalfExitPair half) {
                    remarks.accept(new SubmissionResult.HalfExitPair(index, node.id(), half.prefix()));
                } else if (change instanceof ApprovalChange.ImportRefused refused) {
                    remarks.accept(
                            new SubmissionResult.ImportRefused(index, node.id(), refused.prefix(), refused.reason()));
                }
            }
            return putApprovals(index, node, imported.prefixes(), outcome);
        }
        throw new IllegalStateException("command `" + command.kind() + "` is not applied: add its branch here");
    }

    private static void remarkUnadvertised(
            int index, NodeState node, SortedSet<Prefix> named, Consumer<SubmissionResult.Remark> remarks) {
        SortedSet<Prefix> waiting = new TreeSet<>(Sets.difference(named, node.advertised()));
        if (!waiting.isEmpty()) {
            remarks.accept(new SubmissionResult.NotAdvertisedYet(index, node.id(), waiting));
        }
    }

    /** The times of the advertised prefixes; a prefix that was advertised before keeps its time. */
    private SortedMap<Prefix, Instant> advertisedAt(SortedSet<Prefix> prefixes, NodeState node) {
        ImmutableSortedMap.Builder<Prefix, Instant> times = ImmutableSortedMap.naturalOrder();
        for (Prefix prefix : prefixes) {
            times.put(prefix, node.advertisedAt(prefix).orElse(builder.nowInstant));
        }
        return times.buildOrThrow();
    }

    private @Nullable Problem advertise(int index, SortedSet<Prefix> prefixes, NodeState node) {
        Problem problem = tooMany(index, prefixes);
        if (problem != null || prefixes.equals(node.advertised())) {
            return problem;
        }
        SortedSet<Prefix> added = new TreeSet<>(Sets.difference(prefixes, node.advertised()));
        for (Prefix prefix : Sets.difference(node.advertised(), prefixes)) {
            builder.happened(new RouteEvent.RouteWithdrawn(builder.origin(), node.id(), prefix));
        }
        for (Prefix prefix : added) {
            builder.happened(new RouteEvent.RouteAdvertised(builder.origin(), node.id(), prefix));
        }
        ApprovalOutcome withdrawn =
                node.approvals().withdraw(node.advertised(), prefixes, builder.fields.settings.approval());
        report(node.id(), withdrawn);
        SortedSet<Prefix> reviewed = builder.fields.settings.approval().retroactive() ? prefixes : added;
        ApprovalOutcome approved = withdrawn
                .next()
                .autoApprove(node.facts().owner(), reviewed, builder.fields.autoApproval, builder.nowInstant);
        report(node.id(), approved);
        reportPending(node, added, approved.next());
        NodeState next = NodeReader.withoutStaleReports(node.withRoutes(advertisedAt(prefixes, node), approved.next()));
        builder.put(next);
        return tooManyRemembered(index, next);
    }

    private void reportPending(NodeState node, SortedSet<Prefix> added, Approvals approvals) {
        for (Prefix prefix : added) {
            Verdict verdict = builder.fields.autoApproval.review(node.facts().owner(), prefix, approvals);
            if (!verdict.isApproved()) {
                builder.happened(new RouteEvent.ApprovalPending(builder.origin(), node.id(), prefix, verdict));
            }
        }
    }

    private @Nullable Problem putApprovals(
            int index, NodeState node, SortedSet<Prefix> named, ApprovalOutcome outcome) {
        Problem problem = tooMany(index, named);
        if (problem != null || outcome.next().equals(node.approvals())) {
            return problem;
        }
        report(node.id(), outcome);
        NodeState next = node.withApprovals(outcome.next());
        builder.put(next);
        return tooManyRemembered(index, next);
    }

    private @Nullable Problem tooMany(int index, SortedSet<Prefix> prefixes) {
        int most = builder.fields.settings.limits().routesPerNode();
        return prefixes.size() > most
                ? new Problem.TooMany(index, Problem.Limit.ROUTES_PER_NODE, prefixes.size(), most)
                : null;
    }

    private @Nullable Problem tooManyRemembered(int index, NodeState node) {
        int most = builder.fields.settings.limits().routesRememberedPerNode();
        Approvals approvals = node.approvals();
        int unapproved = Sets.difference(
                        node.advertised(),
                        Sets.union(
                                approvals.approved().keySet(),
                                Sets.union(
                                        approvals.denied().keySet(),
                                        approvals.withdrawn().keySet())))
                .size();
        int count = unapproved
                + approvals.approved().size()
                + approvals.denied().size()
                + approvals.withdrawn().size();
        return count > most ? new Problem.TooMany(index, Problem.Limit.ROUTES_REMEMBERED_PER_NODE, count, most) : null;
    }

    /** The node with what the policy approves of what it advertises. */
    NodeState reviewed(NodeState node, boolean review) {
        if (!review || node.advertised().isEmpty()) {
            return node;
        }
        ApprovalOutcome outcome = node.approvals()
                .autoApprove(node.facts().owner(), node.advertised(), builder.fields.autoApproval, builder.nowInstant);
        if (outcome.next().equals(node.approvals())) {
            return node;
        }
        report(node.id(), outcome);
        return node.withApprovals(outcome.next());
    }

    /** Reviews what waits for a decision, after the policy or the users changed. */
    void reviewAll() {
        builder.putUndecided(node -> reviewed(node, true));
    }

    void setPolicy(RoutingPolicy policy) {
        if (!policy.equals(builder.fields.policy)) {
            builder.fields.policy = policy;
            builder.fields.autoApproval = AutoApproval.compile(policy, builder.fields.users);
            builder.happened(new RouteEvent.PolicyReplaced(builder.origin()));
        } else if (!policy.hasTextOf(builder.fields.policy)) {
            builder.fields.policy = policy;
            builder.happened(new RouteEvent.PolicyTextChanged(builder.origin()));
            return;
        }
        // the same policy again still brings back what is not remembered as denied, as a reload does in Headscale
        if (builder.fields.settings.approval().retroactive()) {
            reviewAll();
        }
    }

    private void report(NodeId node, ApprovalOutcome outcome) {
        for (ApprovalChange change : outcome.changes()) {
            RouteEvent event = event(node, change);
            if (event != null) {
                builder.happened(event);
            }
        }
    }

    private @Nullable RouteEvent event(NodeId node, ApprovalChange change) {
        Origin origin = builder.origin();
        if (change instanceof ApprovalChange.Approved approved) {
            return new RouteEvent.RouteApproved(origin, node, approved.prefix(), approved.approval());
        }
        if (change instanceof ApprovalChange.Revoked revoked) {
            return new RouteEvent.RouteRevoked(
                    origin, node, revoked.prefix(), revoked.approval(), new Reason.Revoked(revoked.by()));
        }
        if (change instanceof ApprovalChange.Withdrawn lost) {
            return new RouteEvent.RouteRevoked(
                    origin, node, lost.prefix(), lost.approval(), new Reason.NoLongerAdvertised());
        }
        if (change instanceof ApprovalChange.Denied denied) {
            return new RouteEvent.RouteDenied(origin, node, denied.prefix(), denied.denial());
        }
        return null;
    }
}
