package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import java.util.Optional;

/** Decides the overlay of a tailnet: the ranges that hold the imported addresses, or the overlay that it has. */
final class OverlayPlanner {

    private final ImportReport report;
    private final RoutingState state;
    private final OverlaySource source;
    private final Findings findings;

    OverlayPlanner(ImportReport report, RoutingState state, OverlaySource source, Findings findings) {
        this.report = report;
        this.state = state;
        this.source = source;
        this.findings = findings;
    }

    /** Returns the command that changes the overlay; empty if it stays, or if the caller has to decide it. */
    Optional<Command> command() {
        OverlayRanges present = state.settings().overlay();
        boolean isNew = state.nodes().isEmpty()
                && state.users().all().isEmpty()
                && state.policy().equals(PolicyPlanner.NO_POLICY)
                && present.equals(OverlayRanges.DEFAULT);
        Optional<OverlayRanges> decided = isNew ? newOverlay() : Optional.of(keptOverlay(present));
        if (decided.isEmpty()) {
            return Optional.empty();
        }
        OverlayRanges overlay = decided.get();
        for (FoundNode node : report.nodes()) {
            for (IpAddress address : node.facts().addresses()) {
                if (!overlay.contains(address)) {
                    findings.add(node, new OverlayReason.OutsideOverlay(address));
                }
            }
        }
        return overlay.equals(present)
                ? Optional.empty()
                : Optional.of(new Command.SetSettings(
                        state.settings().toBuilder().overlay(overlay).build()));
    }

    /** {@return the overlay of a new tailnet; empty if the caller has to decide it} */
    private Optional<OverlayRanges> newOverlay() {
        if (source instanceof OverlaySource.Given given) {
            return Optional.of(given.ranges());
        }
        Overlay overlay = Overlay.of(report.nodes().stream()
                .flatMap(node -> node.facts().addresses().stream())
                .toList());
        if (!overlay.tooWide().isEmpty()) {
            overlay.tooWide().forEach(prefix -> findings.addOfDatabase(new OverlayReason.OverlayTooWide(prefix)));
            return Optional.empty();
        }
        OverlayRanges ranges = OverlayRanges.of(overlay.ranges());
        if (!ranges.equals(OverlayRanges.DEFAULT)) {
            findings.addOfDatabase(new OverlayReason.OverlaySet(overlay.ranges().prefixes()));
        }
        return Optional.of(ranges);
    }

    private OverlayRanges keptOverlay(OverlayRanges present) {
        if (source instanceof OverlaySource.Given given && !given.ranges().equals(present)) {
            findings.addOfDatabase(
                    new OverlayReason.OverlayKept(given.ranges().addresses().prefixes()));
        }
        return present;
    }
}
