package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import java.util.List;
import java.util.Objects;

/** The decision whether a user's node may take a tag, with its reason. */
public sealed interface TagVerdict extends NamedKind {

    /** {@return the tag that was asked for} */
    Tag tag();

    /**
     * Prints the verdict.
     *
     * @param users the users of the tailnet
     * @return for example {@code `tag:web` is not among the policy's `tagOwners`}
     */
    String text(Users users);

    /** {@return whether the node may take the tag: true for {@link Owned} only} */
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
    @Kind("owned")
    record Owned(Tag tag, List<Tag> through, Selector owner) implements TagVerdict {

        public Owned {
            Objects.requireNonNull(tag, "tag");
            Objects.requireNonNull(owner, "owner");
            through = Copies.list(through, "through");
        }

        @Override
        public String text(Users users) {
            Objects.requireNonNull(users, "users");
            return "`" + tag + "` is owned by `" + owner.text() + "`"
                    + (through.isEmpty() ? "" : ", through " + Texts.first(through, each -> "`" + each + "`"));
        }
    }

    /**
     * The policy does not define the tag.
     *
     * @param tag the tag that was asked for
     */
    @Kind("unknown-tag")
    record UnknownTag(Tag tag) implements TagVerdict {

        public UnknownTag {
            Objects.requireNonNull(tag, "tag");
        }

        @Override
        public String text(Users users) {
            Objects.requireNonNull(users, "users");
            return "`" + tag + "` is not among the policy's `tagOwners`";
        }
    }

    /**
     * No owner of the tag names the user.
     *
     * @param tag the tag that was asked for
     * @param user the user
     */
    @Kind("not-an-owner")
    record NotAnOwner(Tag tag, UserId user) implements TagVerdict {

        public NotAnOwner {
            Objects.requireNonNull(tag, "tag");
            Objects.requireNonNull(user, "user");
        }

        @Override
        public String text(Users users) {
            Objects.requireNonNull(users, "users");
            return "`" + users.find(user).map(User::name).orElse(user.value()) + "` does not own `" + tag
                    + "`: see the policy's `tagOwners`";
        }
    }
}
