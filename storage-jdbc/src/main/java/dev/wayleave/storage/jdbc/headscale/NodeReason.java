package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.UserId;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A finding of an import about a node: its id, owner, tags or registration. */
public sealed interface NodeReason extends ImportFinding.Reason {

    /**
     * A machine is not registered, or no longer. Its node is imported without its routes, and with an expired key, so
     * that it has to register again.
     *
     * @param node the node
     */
    record NotRegistered(NodeId node) implements NodeReason {
        @Override
        public String kind() {
            return "not-registered";
        }

        public NotRegistered {
            Objects.requireNonNull(node, "node");
        }

        @Override
        public String message() {
            return "the machine is not registered: node `" + node
                    + "` is imported with an expired key and without its routes";
        }
    }

    /**
     * The database does not have the owner of a node. The node gets a new user, which no policy names.
     *
     * @param column the column that names the user
     * @param valueOrNull its value; null if it has none
     * @param user the new user
     */
    record OwnerMissing(String column, @Nullable String valueOrNull, UserId user) implements NodeReason {
        @Override
        public String kind() {
            return "owner-missing";
        }

        public OwnerMissing {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(user, "user");
        }

        /** {@return the value of the column; empty if it has none} */
        public Optional<String> value() {
            return Optional.ofNullable(valueOrNull);
        }

        @Override
        public String message() {
            return (valueOrNull == null
                            ? "`" + column + "` names no user, and there are no tags"
                            : "`" + column + "` is `" + valueOrNull + "`, and there is no such user")
                    + ": the node belongs to the new user `" + user + "`";
        }
    }

    /**
     * A node asks for tags that only a policy can grant. They are left out, because the database does not show whether
     * the policy granted them.
     *
     * @param tags the requested tags, as the node wrote them
     */
    record TagsOnlyRequested(SortedSet<String> tags) implements NodeReason {
        @Override
        public String kind() {
            return "tags-only-requested";
        }

        /** Copies the tags. */
        public TagsOnlyRequested {
            Copies.refuseNull(tags, "tags");
            tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        }

        @Override
        public String message() {
            return "the node asks for " + ImportFinding.quoted(tags)
                    + ", which the policy may have granted: left out; register the node with the tags that it should "
                    + "have";
        }
    }

    /**
     * The tailnet has another node with this id. Ids are kept, so the node is not imported.
     *
     * @param node the id
     * @param hostKey the host key of the node that has it
     */
    record NodeIdTaken(NodeId node, String hostKey) implements NodeReason {
        @Override
        public String kind() {
            return "node-id-taken";
        }

        public NodeIdTaken {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(hostKey, "hostKey");
        }

        @Override
        public String message() {
            return "the tailnet has another node `" + node + "`, with the host key `" + hostKey + "`: not imported";
        }
    }
}
