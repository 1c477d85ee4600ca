package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.foresight.PolicyDifference;
import dev.wayleave.foresight.PolicyDifference.Access;
import dev.wayleave.foresight.PolicyDifference.Approval;
import dev.wayleave.foresight.PolicyDifference.Cause;
import dev.wayleave.foresight.PolicyDifference.Example;
import dev.wayleave.foresight.PolicyDifference.Party;
import dev.wayleave.foresight.PolicyDifference.Place;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The report of the difference between what two policies allow.
 *
 * @param before what the first policy is called
 * @param after what the second policy is called
 * @param difference what differs
 * @param limit how many differences the text shows of each kind
 */
public record PolicyDiffReport(String before, String after, PolicyDifference difference, int limit) implements Report {

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder();
        text.append(Printable.line(before + " → " + after))
                .append(": ")
                .append(summary(ink))
                .append('\n');
        difference.access().stream().limit(limit).forEach(each -> append(text, each, ink));
        more(text, difference.access().size(), ink);
        difference.approvals().stream().limit(limit).forEach(each -> append(text, each, ink));
        more(text, difference.approvals().size(), ink);
        if (!difference.notCompared().isEmpty()) {
            text.append('\n')
                    .append(ink.faint("sections that differ and are not compared: "
                            + String.join(", ", difference.notCompared())))
                    .append('\n');
        }
        return text.toString();
    }

    private String summary(Ink ink) {
        if (difference.isEmpty()) {
            return ink.good("no difference in any tailnet");
        }
        long accessGained = difference.access().stream().filter(Access::isGain).count();
        long approvalsGained =
                difference.approvals().stream().filter(Approval::isGain).count();
        return Stream.of(
                        counted("access", difference.access().size() - accessGained, accessGained, ink),
                        counted("auto-approval", difference.approvals().size() - approvalsGained, approvalsGained, ink))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String counted(String what, long lost, long gained, Ink ink) {
        List<String> parts = new ArrayList<>();
        if (lost > 0) {
            parts.add(ink.bad(lost + " lost"));
        }
        if (gained > 0) {
            parts.add(ink.good(gained + " gained"));
        }
        return parts.isEmpty() ? "" : what + ": " + String.join(", ", parts);
    }

    private void more(StringBuilder text, int all, Ink ink) {
        if (all > limit) {
            text.append(ink.faint("… and " + (all - limit) + " more: --all prints them"))
                    .append('\n');
        }
    }

    private static void append(StringBuilder text, Access access, Ink ink) {
        append(text, access.isGain(), access.text(), access.reasons(), ink);
        text.append(ink.faint(
                        "    for example " + Printable.line(access.example().text())))
                .append('\n');
    }

    private static void append(StringBuilder text, Approval approval, Ink ink) {
        append(text, approval.isGain(), approval.text(), approval.reasons(), ink);
    }

    private static void append(StringBuilder text, boolean gain, String what, List<String> reasons, Ink ink) {
        String line = (gain ? "+ " : "- ") + Printable.line(what);
        text.append('\n').append(gain ? ink.good(line) : ink.bad(line)).append('\n');
        reasons.forEach(
                reason -> text.append("    ").append(Printable.line(reason)).append('\n'));
    }

    private record Document(
            boolean equal,
            boolean losesAnything,
            List<AccessEntry> access,
            List<ApprovalEntry> approvals,
            Collection<String> notCompared) {}

    private record AccessEntry(
            String change,
            List<String> sources,
            List<String> destinations,
            List<String> traffic,
            List<String> capabilities,
            List<String> effects,
            List<RuleEntry> causes,
            List<RuleEntry> others,
            ExampleEntry example) {}

    private record ExampleEntry(
            PartyEntry source,
            PartyEntry destination,
            @Nullable String protocol,
            @Nullable Integer port) {}

    private record PartyEntry(
            String place, String address, @Nullable String user, List<String> tags) {}

    private record ApprovalEntry(
            String change,
            List<Prefix> prefixes,
            List<Prefix> except,
            boolean exitRoutes,
            List<String> owners,
            List<RuleEntry> causes) {}

    @Override
    public Object document() {
        return new Document(
                difference.isEmpty(),
                difference.losesAnything(),
                difference.access().stream().map(PolicyDiffReport::entry).toList(),
                difference.approvals().stream().map(PolicyDiffReport::entry).toList(),
                difference.notCompared());
    }

    private static AccessEntry entry(Access access) {
        Example example = access.example();
        return new AccessEntry(
                change(access.isGain()),
                access.sources(),
                access.destinations(),
                access.traffic().stream().map(Traffic::toString).toList(),
                access.capabilities(),
                access.effects().stream().map(RoutingJson::word).toList(),
                entries(access.causes()),
                entries(access.others()),
                new ExampleEntry(
                        entry(example.source()),
                        entry(example.destination()),
                        example.protocol().map(Object::toString).orElse(null),
                        example.port() == 0 ? null : example.port()));
    }

    private static String change(boolean gain) {
        return gain ? "gained" : "lost";
    }

    private static List<RuleEntry> entries(List<Cause> causes) {
        return causes.stream()
                .map(cause -> new RuleEntry(cause.entry(), cause.lineOrNull()))
                .toList();
    }

    private static PartyEntry entry(Party party) {
        return new PartyEntry(
                RoutingJson.word(party.place()),
                party.address().toString(),
                party.place() == Place.NODE
                        ? party.user().flatMap(user -> party.ownerText()).orElse(null)
                        : null,
                party.tags().stream().map(Tag::value).toList());
    }

    private static ApprovalEntry entry(Approval approval) {
        return new ApprovalEntry(
                change(approval.isGain()),
                approval.prefixes(),
                approval.except(),
                approval.prefixes().isEmpty(),
                approval.owners(),
                entries(approval.causes()));
    }
}
