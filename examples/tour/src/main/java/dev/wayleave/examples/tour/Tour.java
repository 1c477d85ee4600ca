package dev.wayleave.examples.tour;

import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.ElectionRule;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The program of the README: three nodes offer one network; who may carry it, and who does? */
public final class Tour {

    private Tour() {}

    /**
     * Prints a verdict for each node, and the outcome of the election.
     *
     * @param args not read
     */
    public static void main(String[] args) {
        // the README shows what stands between these two lines
        AutoApproval approval = AutoApproval.compile(PolicyReader.read("""
                {"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}"""), Users.none());
        Owner router = Owner.tags("tag:router");
        Node berlin = Node.builder(new NodeId(1), "berlin", router).build();
        Node backup = Node.builder(new NodeId(2), "backup", router).build();
        Node guest =
                Node.builder(new NodeId(3), "guest", Owner.tags("tag:guest")).build();
        Prefix lan = Prefix.parse("10.20.0.0/16"); // all three advertise it
        List<Candidate> routers = new ArrayList<>();
        for (Node node : List.of(berlin, backup, guest)) {
            Verdict verdict = approval.review(node, lan, Approvals.none());
            System.out.println(node + ": " + verdict.text(Names.NUMBERS));
            if (verdict.isApproved()) routers.add(Candidate.of(node));
        }
        Outcome outcome = PrimaryElection.elect(lan, routers, null, ElectionRule.DEFAULT, Instant.now());
        System.out.println(lan + ": " + outcome.text(Names.NUMBERS));
        // the README shows what stands between these two lines
    }
}
