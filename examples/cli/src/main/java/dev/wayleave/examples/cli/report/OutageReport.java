package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.foresight.Outage;
import dev.wayleave.foresight.PlanText;
import dev.wayleave.foresight.RouteRisk;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What would follow if nodes went down.
 *
 * @param tailnet where
 * @param outages one, or one for each router or pair, the greatest damage first
 * @param risks what hangs on one router, or on one owner
 * @param each whether it is a table of many outages
 * @param failoverAfter how long a failover takes after a session has ended
 * @param failoverAfterSilence how long it takes after a router fell silent; null if silence ends no session
 */
public record OutageReport(
        Tailnet tailnet,
        List<Outage> outages,
        List<RouteRisk> risks,
        boolean each,
        Duration failoverAfter,
        @Nullable Duration failoverAfterSilence)
        implements Report {

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder(each ? table(ink) : one(outages.get(0), ink));
        text.append(times());
        if (each && !risks.isEmpty()) {
            text.append('\n').append(ink.strong("What hangs together")).append('\n');
            for (RouteRisk risk : risks) {
                text.append("  ").append(Printable.line(text(risk))).append('\n');
            }
        }
        return text.toString();
    }

    private String table(Ink ink) {
        if (outages.isEmpty()) {
            return "no node carries a route that another could carry\n";
        }
        TextTable table = new TextTable(ink, List.of("Down", "Damage", "Lost (viewers)", "Fails over"));
        for (Outage outage : outages) {
            table.add(List.of(
                    List.of(names(outage.nodes())),
                    List.of(String.valueOf(outage.damage())),
                    outage.losses().stream()
                            .map(loss -> loss.prefix() + " (" + loss.viewers().count() + ")")
                            .toList(),
                    outage.failovers().stream()
                            .map(failover -> failover.prefix() + " to " + name(failover.to()))
                            .toList()));
        }
        return table.text();
    }

    private String one(Outage outage, Ink ink) {
        StringBuilder text = new StringBuilder("If ")
                .append(Printable.line(names(outage.nodes())))
                .append(outage.nodes().size() == 1 ? " goes down:\n" : " go down together:\n");
        for (Outage.Loss loss : outage.losses()) {
            int count = loss.viewers().count();
            String viewers = count == 1 ? "1 viewer loses " : count + " viewers lose ";
            String line = "- " + viewers + loss.prefix() + " through " + name(loss.from());
            text.append("  ").append(ink.bad(Printable.line(line))).append('\n');
        }
        for (Outage.Failover failover : outage.failovers()) {
            String line = "~ " + failover.prefix() + " fails over from " + name(failover.from()) + " to "
                    + name(failover.to());
            text.append("  ").append(ink.waiting(Printable.line(line))).append('\n');
        }
        if (outage.losses().isEmpty() && outage.failovers().isEmpty()) {
            text.append("  ").append(ink.good("no route changes")).append('\n');
        }
        return text.toString();
    }

    private String times() {
        String silence = failoverAfterSilence == null
                ? "; a router that falls silent keeps its prefixes"
                : ", and " + seconds(failoverAfterSilence) + " after its router fell silent";
        return "A prefix fails over " + seconds(failoverAfter) + " after the session of its router ended" + silence
                + ".\n";
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + " s";
    }

    private String text(RouteRisk risk) {
        if (risk instanceof RouteRisk.SingleRouter single) {
            return single.prefix() + " hangs on " + name(single.router()) + " alone";
        }
        RouteRisk.SharedFate shared = (RouteRisk.SharedFate) risk;
        return shared.prefix() + ": " + names(shared.routers()) + owner(shared.owner());
    }

    private String owner(Owner owner) {
        if (owner instanceof Owner.Tagged tagged) {
            return " all have the same tags, "
                    + tagged.tags().stream().map(Tag::toString).collect(Collectors.joining(", "));
        }
        UserId user = ((Owner.OfUser) owner).id();
        return " all belong to "
                + tailnet.state().users().find(user).map(User::name).orElse("user " + user);
    }

    private String name(NodeId node) {
        return tailnet.names().node(node);
    }

    private String names(Collection<NodeId> nodes) {
        return PlanText.names(nodes, tailnet.names());
    }

    private record Document(
            long failoverAfterSeconds,
            @Nullable Long failoverAfterSilenceSeconds,
            List<Entry> outages,
            List<RouteRiskEntry> risks) {}

    private record Entry(List<String> down, long damage, List<Outage.Loss> losses, List<Outage.Failover> failovers) {}

    private record RouteRiskEntry(String kind, String prefix, List<String> routers) {}

    @Override
    public Object document() {
        List<RouteRiskEntry> entries = new ArrayList<>();
        for (RouteRisk risk : risks) {
            Collection<NodeId> routers = risk instanceof RouteRisk.SharedFate shared
                    ? shared.routers()
                    : List.of(((RouteRisk.SingleRouter) risk).router());
            entries.add(new RouteRiskEntry(
                    risk.kind(),
                    risk.prefix().toString(),
                    routers.stream().map(this::name).toList()));
        }
        return new Document(
                failoverAfter.toSeconds(),
                failoverAfterSilence == null ? null : failoverAfterSilence.toSeconds(),
                outages.stream()
                        .map(outage -> new Entry(
                                outage.nodes().stream().map(this::name).toList(),
                                outage.damage(),
                                outage.losses(),
                                outage.failovers()))
                        .toList(),
                entries);
    }
}
