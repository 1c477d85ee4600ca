package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an import found in a Headscale database, row by row.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param layout where the approvals were
 * @param users in the order of the rows, then those who were made for nodes without one
 * @param nodes in the order of their numbers
 * @param incumbents who was primary and is kept so, in the order of the prefixes
 * @param policyOrNull the newest row of the table {@code policies}; null if it has none
 * @param findings everything that did not come over as it stands, sorted by table and number
 */
public record ImportReport(
        HeadscaleLayout layout,
        List<FoundUser> users,
        List<FoundNode> nodes,
        List<FoundPrimary> incumbents,
        @Nullable FoundPolicy policyOrNull,
        List<ImportFinding> findings) {

    /** Copies the lists, and sorts the findings. */
    public ImportReport {
        Objects.requireNonNull(layout, "layout");
        Copies.refuseNull(findings, "findings");
        users = Copies.list(users, "users");
        nodes = Copies.list(nodes, "nodes");
        incumbents = Copies.list(incumbents, "incumbents");
        findings = findings.stream().sorted(ImportFinding.ORDER).toList();
    }

    /** {@return the newest row of the table {@code policies}; empty if it has none} */
    public Optional<FoundPolicy> policy() {
        return Optional.ofNullable(policyOrNull);
    }

    /**
     * A user, and the row that says so.
     *
     * @param table the table
     * @param row the id of the row; for a user who was made, of the first node
     * @param user the user; the key is the id in Headscale
     * @param identifierOrNull the identifier of the user at an identity provider; null if Headscale does not know it. No
     *     policy names the user by it here
     */
    public record FoundUser(
            String table, String row, User user, @Nullable String identifierOrNull) {

        public FoundUser {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(row, "row");
            Objects.requireNonNull(user, "user");
        }

        /** {@return the identifier of the user at an identity provider; empty if Headscale does not know it} */
        public Optional<String> identifier() {
            return Optional.ofNullable(identifierOrNull);
        }
    }

    /**
     * A node, and the row that says so.
     *
     * @param table the table
     * @param row the id of the row, which is the node's number too
     * @param facts what the node is
     * @param advertised what it advertises
     * @param approved what is approved on it, advertised or not
     */
    public record FoundNode(
            String table, String row, Node facts, SortedSet<Prefix> advertised, SortedSet<Prefix> approved) {

        public FoundNode {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(row, "row");
            Objects.requireNonNull(facts, "facts");
            Copies.refuseNull(advertised, "advertised");
            Copies.refuseNull(approved, "approved");
            advertised = Collections.unmodifiableSortedSet(new TreeSet<>(advertised));
            approved = Collections.unmodifiableSortedSet(new TreeSet<>(approved));
        }
    }

    /**
     * A primary, and the row that says so.
     *
     * @param table the table
     * @param row the id of the row
     * @param prefix the prefix
     * @param node the node that carried it
     */
    public record FoundPrimary(String table, String row, Prefix prefix, NodeId node) {

        public FoundPrimary {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(row, "row");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(node, "node");
        }
    }

    /**
     * The policy, and the row that holds it.
     *
     * @param table the table
     * @param row the id of the row
     * @param writtenAtOrNull when the row was written; null if it does not say so
     * @param text the text of the policy
     * @param policyOrNull the policy; null if the text cannot be read, which is a finding
     */
    public record FoundPolicy(
            String table,
            String row,
            @Nullable Instant writtenAtOrNull,
            String text,
            @Nullable RoutingPolicy policyOrNull) {

        public FoundPolicy {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(row, "row");
            Objects.requireNonNull(text, "text");
        }

        /** {@return when the row was written; empty if it does not say so} */
        public Optional<Instant> writtenAt() {
            return Optional.ofNullable(writtenAtOrNull);
        }

        /** {@return the policy; empty if the text cannot be read, which is a finding} */
        public Optional<RoutingPolicy> policy() {
            return Optional.ofNullable(policyOrNull);
        }
    }

    /**
     * Returns the tags that own nodes.
     *
     * @return each once, in their order; immutable
     */
    public SortedSet<Tag> tags() {
        TreeSet<Tag> tags = new TreeSet<>();
        for (FoundNode node : nodes) {
            if (node.facts().owner() instanceof Owner.Tagged tagged) {
                tags.addAll(tagged.tags());
            }
        }
        return Collections.unmodifiableSortedSet(tags);
    }

    /**
     * Returns how many approvals came over.
     *
     * @return pairs of a node and a prefix
     */
    public int approvals() {
        return nodes.stream().mapToInt(node -> node.approved().size()).sum();
    }

    /**
     * Returns how many advertised routes came over.
     *
     * @return pairs of a node and a prefix
     */
    public int advertised() {
        return nodes.stream().mapToInt(node -> node.advertised().size()).sum();
    }

    /**
     * Tells whether a finding keeps everything from being imported.
     *
     * @return true if nothing is imported until the caller has decided something
     */
    public boolean isBlocked() {
        return findings.stream().anyMatch(finding -> finding.degree() == ImportFinding.Degree.BLOCKING);
    }

    ImportReport with(List<FoundPrimary> kept, List<ImportFinding> more) {
        return new ImportReport(layout, users, nodes, kept, policyOrNull, Lists.joined(findings, more));
    }
}
