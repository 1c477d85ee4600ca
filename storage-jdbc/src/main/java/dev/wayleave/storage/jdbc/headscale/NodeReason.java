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

/** What an import found about a node: its id, owner, tags or registration. */
public sealed interface NodeReason extends ImportFinding.Reason {

    /**
     * A machine is not registered, or no longer. Its node came over with an expired key, so that it has to register
     * again, and without its routes.
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
                    + "` comes over with an expired key and without its routes";
        }
    }

    /**
     * A node belongs to nobody who is here. A user was made for it, whom no policy names.
     *
     * @param column the column that names the user
     * @param valueOrNull its value; null if it has none
     * @param user the user who was made
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
                            : "`" + column + "` is `" + valueOrNull + "`, and no such user is here")
                    + ": the node belongs to user `" + user + "`, made for it";
        }
    }

    /**
     * A node asks for tags that only a policy could grant it. They are left out: the database does not say whether it
     * did.
     *
     * @param tags what it asks for, as it wrote it
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
                    + ", which the policy may have granted: left out, register it with the tags it shall have";
        }
    }

    /**
     * The tailnet has another node with this number; a number is kept or not given at all.
     *
     * @param node the number
     * @param hostKey what the host calls the node that has it
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
            return "node `" + node + "` is another one here, with the host key `" + hostKey + "`: not imported";
        }
    }
}
