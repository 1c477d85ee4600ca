package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.source.ReportedTailnet.ReportedNode;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.jdbc.headscale.HeadscaleImport;
import dev.wayleave.storage.jdbc.headscale.HeadscaleLayout;
import dev.wayleave.storage.jdbc.headscale.ImportFinding;
import dev.wayleave.storage.jdbc.headscale.ImportReport;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPolicy;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPrimary;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import dev.wayleave.storage.jdbc.headscale.RouteReason;
import dev.wayleave.storage.jdbc.headscale.RowReason;
import java.util.ArrayList;
import java.util.List;

/** An import of a Headscale that runs, from its API; findings have the paths and numbers of its documents. */
public final class ApiImport {

    /** The lists of the API have the names of the tables. */
    private static final String NODES = "nodes";

    private ApiImport() {}

    /** The tailnet of a Headscale, to be imported; without a policy where the API returns none. */
    public static HeadscaleImport of(ReportedTailnet reported) {
        List<FoundNode> nodes = new ArrayList<>();
        List<ImportFinding> findings = new ArrayList<>();
        reported.corrections()
                .forEach(correction -> findings.add(
                        new ImportFinding(correction.kind() + "s", correction.id(), reason(correction.change()))));
        for (ReportedNode node : reported.nodes()) {
            String number = node.facts().id().toString();
            nodes.add(new FoundNode(NODES, number, node.facts(), node.advertised(), node.approved()));
            List<Prefix> exits =
                    node.approved().stream().filter(Prefix::isExitRoute).toList();
            if (exits.size() == 1) {
                findings.add(new ImportFinding(
                        NODES, number, new RouteReason.HalfExitPair(node.facts().id(), exits.get(0))));
            }
        }
        List<FoundPrimary> primaries = new ArrayList<>();
        reported.carriers().forEach((prefix, carriers) -> {
            NodeId first = carriers.get(0);
            primaries.add(new FoundPrimary(NODES, first.toString(), prefix, first));
        });
        return HeadscaleImport.of(new ImportReport(
                HeadscaleLayout.API,
                reported.users().all().stream()
                        .map(user -> new FoundUser("users", user.id().toString(), user, null))
                        .toList(),
                nodes,
                primaries,
                reported.policy().isNone()
                        ? null
                        : new FoundPolicy(
                                "policies",
                                "api",
                                null,
                                reported.policy().written(),
                                reported.policy().rules()),
                findings));
    }

    private static RowReason reason(Correction.Change change) {
        if (change instanceof Correction.HostBits bits) {
            return new RowReason.HostBits(bits.member(), bits.text(), bits.prefix());
        }
        if (change instanceof Correction.Replaced replaced) {
            return new RowReason.Replaced(replaced.member(), replaced.cause(), replaced.by());
        }
        Correction.LeftOut left = (Correction.LeftOut) change;
        return new RowReason.Unreadable(left.member(), left.text(), left.cause());
    }
}
