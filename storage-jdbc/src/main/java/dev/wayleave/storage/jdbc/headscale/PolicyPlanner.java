package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.approval.Approver;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.storage.jdbc.headscale.ImportPlan.PolicyDecision;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPolicy;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides which policy a tailnet gets, and reviews that policy once users and nodes are imported. */
final class PolicyPlanner {

    static final RoutingPolicy NO_POLICY = RoutingPolicy.builder().build();

    private final ImportReport report;
    private final RoutingState state;
    private final PolicySource source;
    private final Findings findings;

    PolicyPlanner(ImportReport report, RoutingState state, PolicySource source, Findings findings) {
        this.report = report;
        this.state = state;
        this.source = source;
        this.findings = findings;
    }

    PolicyDecision decide() {
        Optional<RoutingPolicy> wanted = wanted();
        if (!state.policy().equals(NO_POLICY)) {
            boolean wantsNone = source instanceof PolicySource.None;
            if (wantsNone
                    || wanted.filter(policy -> !policy.equals(state.policy())).isPresent()) {
                report(new PolicyReason.PolicyKept());
            }
            return PolicyDecision.KEPT;
        }
        if (source instanceof PolicySource.Database) {
            if (wanted.isEmpty()) {
                findings.add("policies", null, new PolicyReason.PolicyUndecided());
                return PolicyDecision.UNDECIDED;
            }
            return PolicyDecision.FROM_DATABASE;
        }
        report.policy()
                .filter(found -> !found.policy().equals(wanted))
                .ifPresent(found -> findings.add(found.table(), found.row(), new PolicyReason.PolicyOverridden()));
        return source instanceof PolicySource.Given ? PolicyDecision.AS_GIVEN : PolicyDecision.NONE;
    }

    private Optional<RoutingPolicy> wanted() {
        if (source instanceof PolicySource.Given given) {
            return Optional.of(given.policy());
        }
        return source instanceof PolicySource.Database
                ? report.policy().flatMap(FoundPolicy::policy)
                : Optional.empty();
    }

    Optional<RoutingPolicy> taken(PolicyDecision decision) {
        return switch (decision) {
            case FROM_DATABASE, AS_GIVEN -> wanted();
            case NONE, KEPT, UNDECIDED -> Optional.empty();
        };
    }

    /** Reports at the place of the imported policy: its row, or the policy that the caller gave. */
    private void report(ImportFinding.Reason reason) {
        Optional<FoundPolicy> row = source instanceof PolicySource.Database ? report.policy() : Optional.empty();
        findings.add(
                row.map(FoundPolicy::table).orElse(ImportFinding.GIVEN_POLICY),
                row.map(FoundPolicy::row).orElse(null),
                reason);
    }

    /** Reports what the policy means for the users and nodes that the tailnet has now. */
    void review(RoutingPolicy policy, Step step, UserPlanner imported) {
        step.next().notices(policy).stream()
                // the overlay has its own findings
                .filter(notice -> notice.code() != PolicyNotice.Code.OUTSIDE_OVERLAY)
                .forEach(notice -> report(new PolicyReason.PolicyNoticed(notice)));
        reviewIdentifiers(policy, step.next().users(), imported);
        policy.problemsWith(step.next().users()).forEach(problem -> report(new PolicyReason.PolicyAmbiguous(problem)));
        Map<NodeId, FoundNode> found = new HashMap<>();
        report.nodes().forEach(node -> found.put(node.facts().id(), node));
        for (RouteEvent event : step.events()) {
            if (event instanceof RouteEvent.RouteApproved approved
                    && approved.approval().by() instanceof Approver.AutoApprover by) {
                FoundNode node = found.get(approved.node());
                ImportFinding.Reason reason = new RouteReason.ApprovedByPolicy(approved.node(), approved.prefix(), by);
                if (node == null) {
                    report(reason);
                } else {
                    findings.add(node, reason);
                }
            }
        }
    }

    /** Headscale finds a user by the identifier of an identity provider first. */
    private void reviewIdentifiers(RoutingPolicy policy, Users users, UserPlanner imported) {
        Map<String, FoundUser> byIdentifier = new HashMap<>();
        report.users().forEach(found -> found.identifier().ifPresent(text -> byIdentifier.putIfAbsent(text, found)));
        for (String text : UserTexts.of(policy)) {
            FoundUser found = byIdentifier.get(text.endsWith("@") ? text.substring(0, text.length() - 1) : text);
            if (found != null) {
                Optional<User> user = imported.idInTailnet(found.user().id()).flatMap(users::find);
                if (user.isPresent() && !users.named(text).equals(List.of(user.get()))) {
                    String instead = user.get().email().orElse(user.get().name() + "@");
                    findings.add(found, new PolicyReason.IdentifierInPolicy(UserTable.IDENTIFIER, text, instead));
                }
            }
        }
    }
}
