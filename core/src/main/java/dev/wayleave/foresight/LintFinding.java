package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One thing about a tailnet that its administrators may want to change.
 *
 * @param code what kind of finding it is
 * @param severity how much it matters
 * @param subject what it is about, in a text that stays the same from one run to the next: a prefix, a name, or for an
 *     entry of the policy its section with a digest of its content. Acceptances name it
 * @param nodes the nodes that it is about
 * @param prefixes the prefixes that it is about
 * @param entryOrNull the path of the entry of the policy, for example {@code grants[3]}; null if it is about none
 * @param lineOrNull the line of that entry in the text of the policy; null if it has none
 * @param message what was found, in lower case, names in backticks
 * @param acceptedOrNull why it is accepted; null if it is not
 */
public record LintFinding(
        LintCode code,
        LintSeverity severity,
        String subject,
        SortedSet<NodeId> nodes,
        SortedSet<Prefix> prefixes,
        @Nullable String entryOrNull,
        @Nullable Integer lineOrNull,
        String message,
        @Nullable String acceptedOrNull) {

    /** The gravest first, then by code, line and subject. */
    static final Comparator<LintFinding> ORDER = Comparator.comparing(LintFinding::severity)
            .reversed()
            .thenComparing(LintFinding::code)
            .thenComparing(finding -> finding.lineOrNull() == null ? 0 : finding.lineOrNull())
            .thenComparing(LintFinding::subject);

    /** Copies nodes and prefixes. */
    public LintFinding {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(subject, "subject");
        nodes = Copies.sortedSet(nodes, "nodes");
        prefixes = Copies.sortedSet(prefixes, "prefixes");
        Objects.requireNonNull(message, "message");
    }

    /** {@return the path of the entry of the policy; empty if it is about none} */
    public Optional<String> entry() {
        return Optional.ofNullable(entryOrNull);
    }

    /** {@return the line of the entry in the text of the policy; empty if it has none} */
    public OptionalInt line() {
        return lineOrNull == null ? OptionalInt.empty() : OptionalInt.of(lineOrNull);
    }

    /** {@return why it is accepted; empty if it is not} */
    public Optional<String> accepted() {
        return Optional.ofNullable(acceptedOrNull);
    }

    LintFinding acceptedFor(String reason) {
        return new LintFinding(code, severity, subject, nodes, prefixes, entryOrNull, lineOrNull, message, reason);
    }

    LintFinding withSeverity(LintSeverity other) {
        return new LintFinding(code, other, subject, nodes, prefixes, entryOrNull, lineOrNull, message, acceptedOrNull);
    }
}
