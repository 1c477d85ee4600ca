package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.ConformanceCase.RecordedNode;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.ApprovalsBuilder;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.mesh.Actor;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import java.time.Instant;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a recording calls approved is what we call effective: advertised, and approved by the policy or by hand. */
final class ApprovedRoutes implements ConformanceKind {

    private static final Approval BY_HAND =
            new Approval(new Approver.Administrator(new Actor("administrator")), Instant.EPOCH);

    @Override
    public String name() {
        return "approved";
    }

    @Override
    public boolean concerns(ConformanceCase recorded) {
        return recorded.expected().has("approved");
    }

    @Override
    public void check(ConformanceCase recorded) {
        SortedMap<String, SortedSet<Prefix>> expected = new TreeMap<>();
        recorded.expected()
                .get("approved")
                .forEachEntry((node, routes) -> expected.put(node, ConformanceCase.prefixes(routes)));
        assertThat(effective(recorded)).as("effective routes of each node").isEqualTo(expected);
    }

    /** The effective routes of each node by its name; nodes without any are absent. */
    static SortedMap<String, SortedSet<Prefix>> effective(ConformanceCase recorded) {
        AutoApproval policy = AutoApproval.compile(PolicyReader.read(recorded.policy()), recorded.users());
        SortedMap<String, SortedSet<Prefix>> effective = new TreeMap<>();
        for (RecordedNode recordedNode : recorded.nodes()) {
            ApprovalsBuilder byHand = Approvals.builder();
            recordedNode.approvedByHand().forEach(route -> byHand.approved(route, BY_HAND));
            Approvals approvals = byHand.build();
            for (Prefix route : recordedNode.advertised()) {
                if (policy.review(recordedNode.node(), route, approvals).isApproved()) {
                    effective
                            .computeIfAbsent(recordedNode.node().name(), name -> new TreeSet<>())
                            .add(route);
                }
            }
        }
        return effective;
    }
}
