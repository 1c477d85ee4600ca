package dev.wayleave.mesh;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import java.util.Collection;
import java.util.Objects;
import java.util.SortedSet;

/**
 * Whom a node belongs to: one user, or tags; never both.
 */
public sealed interface Owner extends NamedKind {

    /**
     * The node belongs to a user.
     *
     * @param id the user
     */
    @Kind("user")
    record OfUser(UserId id) implements Owner {

        public OfUser {
            Objects.requireNonNull(id, "id");
        }
    }

    /**
     * The node carries tags and counts as no user's.
     *
     * @param tags at least one, in their order
     */
    @Kind("tagged")
    record Tagged(SortedSet<Tag> tags) implements Owner {

        /**
         * Copies the tags.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Tagged {
            Objects.requireNonNull(tags, "tags");
            tags = Copies.sortedSet(tags, "tags");
            if (tags.isEmpty()) {
                throw new IllegalArgumentException("a tagged node needs at least one tag");
            }
        }
    }

    /**
     * Returns the owner that is a user.
     *
     * @param id the user
     * @return the owner
     */
    static Owner user(UserId id) {
        Objects.requireNonNull(id, "id");
        return new OfUser(id);
    }

    /**
     * Returns the owner that is a set of tags.
     *
     * @param tags at least one, in any order
     * @return the owner
     * @throws IllegalArgumentException if there is none
     */
    static Owner tags(Collection<Tag> tags) {
        return new Tagged(Copies.sortedSet(tags, "tags"));
    }

    /**
     * Returns the owner that is a set of tags, from their texts.
     *
     * @param tags at least one, such as {@code tag:router}
     * @return the owner
     * @throws IllegalArgumentException if there is none, or one is malformed
     */
    static Owner tags(String... tags) {
        Copies.refuseNull(tags, "tags");
        return tags(java.util.Arrays.stream(tags).map(Tag::new).toList());
    }
}
