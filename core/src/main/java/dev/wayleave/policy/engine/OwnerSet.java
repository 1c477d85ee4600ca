package dev.wayleave.policy.engine;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;

/**
 * The owners whose nodes a selector names: some users, some tags, or every tag.
 *
 * @param users the users, in order
 * @param tags the tags, in order; empty where {@code everyTag} makes them needless
 * @param everyTag true if every tagged node is named, regardless of its tags
 */
public record OwnerSet(SortedSet<UserId> users, SortedSet<Tag> tags, boolean everyTag) {

    public OwnerSet {
        users = Copies.sortedSet(users, "users");
        tags = everyTag ? ImmutableSortedSet.of() : Copies.sortedSet(tags, "tags");
    }

    /** {@return the empty set} */
    public static OwnerSet none() {
        return new OwnerSet(ImmutableSortedSet.of(), ImmutableSortedSet.of(), false);
    }

    /**
     * Returns the set of some users.
     *
     * @param users in any order
     * @return those users and no tag
     */
    public static OwnerSet ofUsers(Collection<UserId> users) {
        return new OwnerSet(Copies.sortedSet(users, "users"), ImmutableSortedSet.of(), false);
    }

    /**
     * Returns whether nodes of an owner are named. A tagged node is named through any of its tags and never through the
     * user who registered it.
     *
     * @param owner any owner
     * @return true if this set names it
     */
    public boolean contains(Owner owner) {
        Objects.requireNonNull(owner, "owner");
        if (owner instanceof Owner.Tagged tagged) {
            return everyTag || !Collections.disjoint(tags, tagged.tags());
        }
        return owner instanceof Owner.OfUser user && users.contains(user.id());
    }
}
