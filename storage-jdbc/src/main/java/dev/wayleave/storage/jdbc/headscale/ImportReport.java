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
 * The facts and findings of a Headscale database, row by row.
 *
 * @param layout the place of the approvals
 * @param users in the order of the rows, then the new users of nodes without one
 * @param nodes in the order of their ids
 * @param incumbents the primaries that are kept, in the order of their prefixes
 * @param policyOrNull the newest row of the table {@code policies}; null if it has none
 * @param findings all that is imported with a change or not at all, sorted by table and row
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
     * A user, and its row.
     *
     * @param table the table
     * @param row the id of the row; for a new user, of its first node
     * @param user the user; its id is the id in Headscale
     * @param identifierOrNull the identifier of the user at an identity provider; null if Headscale does not know it.
     *     No policy names the user by it here
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
     * A node, and its row.
     *
     * @param table the table
     * @param row the id of the row, which is the node's id too
     * @param facts the node
     * @param advertised the prefixes that it advertises
     * @param approved the prefixes that are approved on it, advertised or not
     */
    public record FoundNode(
            String table, String row, Node facts, SortedSet<Prefix> advertised, SortedSet<Prefix> approved) {

        /** Copies the sets. */
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
     * A primary, and its row.
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
     * The policy, and its row.
     *
     * @param table the table
     * @param row the id of the row
     * @param writtenAtOrNull when the row was written; null if the row has no time
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

        /** {@return when the row was written; empty if the row has no time} */
        public Optional<Instant> writtenAt() {
            return Optional.ofNullable(writtenAtOrNull);
        }

        /** {@return the policy; empty if the text cannot be read, which is a finding} */
        public Optional<RoutingPolicy> policy() {
            return Optional.ofNullable(policyOrNull);
        }
    }

    /** {@return the tags that own nodes, each once, in their order; immutable} */
    public SortedSet<Tag> tags() {
        TreeSet<Tag> tags = new TreeSet<>();
        for (FoundNode node : nodes) {
            if (node.facts().owner() instanceof Owner.Tagged tagged) {
                tags.addAll(tagged.tags());
            }
        }
        return Collections.unmodifiableSortedSet(tags);
    }

    /** {@return how many approvals were found: pairs of a node and a prefix} */
    public int approvals() {
        return nodes.stream().mapToInt(node -> node.approved().size()).sum();
    }

    /** {@return how many advertised routes were found: pairs of a node and a prefix} */
    public int advertised() {
        return nodes.stream().mapToInt(node -> node.advertised().size()).sum();
    }

    /** {@return whether a finding blocks the import: nothing is imported until the caller has decided something} */
    public boolean isBlocked() {
        return findings.stream().anyMatch(finding -> finding.degree() == ImportFinding.Degree.BLOCKING);
    }

    ImportReport with(List<FoundPrimary> kept, List<ImportFinding> more) {
        return new ImportReport(layout, users, nodes, kept, policyOrNull, Lists.joined(findings, more));
    }
}
