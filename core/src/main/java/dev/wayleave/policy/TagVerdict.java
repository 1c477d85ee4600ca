package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import java.util.List;
import java.util.Objects;

/**
 * Whether a user's node may take a tag, and why.
 */
public sealed interface TagVerdict {

    /**
     * Returns the tag that was asked for.
     *
     * @return the tag
     */
    Tag tag();

    /**
     * Tells whether the node may take the tag.
     *
     * @return true for {@link Owned} only
     */
    default boolean isAllowed() {
        return this instanceof Owned;
    }

    /**
     * The user owns the tag.
     *
     * @param tag the tag that was asked for
     * @param through the tags that own it on the way to the user, from the nearest on; empty if the tag itself names
     *     the user
     * @param owner the entry that names the user
     */
    record Owned(Tag tag, List<Tag> through, Selector owner) implements TagVerdict {

        public Owned {
            Objects.requireNonNull(tag, "tag");
            Objects.requireNonNull(owner, "owner");
            through = Copies.list(through, "through");
        }
    }

    /**
     * The policy does not define the tag.
     *
     * @param tag the tag that was asked for
     */
    record UnknownTag(Tag tag) implements TagVerdict {

        public UnknownTag {
            Objects.requireNonNull(tag, "tag");
        }
    }

    /**
     * No owner of the tag names the user.
     *
     * @param tag the tag that was asked for
     * @param user the user
     */
    record NotAnOwner(Tag tag, UserId user) implements TagVerdict {

        public NotAnOwner {
            Objects.requireNonNull(tag, "tag");
            Objects.requireNonNull(user, "user");
        }
    }
}
