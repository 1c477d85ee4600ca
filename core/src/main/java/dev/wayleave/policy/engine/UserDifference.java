package dev.wayleave.policy.engine;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The difference between the users of a tailnet before and after a change, by key.
 *
 * @param added the users who are new, in order
 * @param changed the users of whom something else than the key differs, in order
 * @param removed the users who are gone, in order
 */
public record UserDifference(List<User> added, List<UserChange> changed, List<User> removed) {

    private static final UserDifference NONE = new UserDifference(List.of(), List.of(), List.of());

    public UserDifference {
        added = Copies.list(added, "added");
        changed = Copies.list(changed, "changed");
        removed = Copies.list(removed, "removed");
    }

    /** A user whose key is the same, before and after. */
    public record UserChange(User before, User after) {

        public UserChange {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
        }
    }

    /**
     * Compares two collections of users.
     *
     * @param before the users before
     * @param after the users after
     * @return the difference; {@code O(1)} for the same object, else {@code O(users)}
     */
    @SuppressWarnings("ReferenceEquality") // users who are the same object need no look
    public static UserDifference between(Users before, Users after) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        if (before == after) {
            return NONE;
        }
        List<User> added = new ArrayList<>();
        List<UserChange> changed = new ArrayList<>();
        List<User> removed = new ArrayList<>();
        List<User> previous = before.all();
        List<User> now = after.all();
        int i = 0;
        int j = 0;
        while (i < previous.size() && j < now.size()) {
            User one = previous.get(i);
            User other = now.get(j);
            int order = one == other ? 0 : one.id().compareTo(other.id());
            if (order < 0) {
                removed.add(one);
            } else if (order > 0) {
                added.add(other);
            } else if (!one.equals(other)) {
                changed.add(new UserChange(one, other));
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        removed.addAll(previous.subList(i, previous.size()));
        added.addAll(now.subList(j, now.size()));
        return new UserDifference(added, changed, removed);
    }

    /** {@return whether the users are the same} */
    public boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /**
     * {@return whether a selector that names users by a fact of the user ({@link Selector#describes}) names the same
     * users before and after}
     *
     * @param selector any selector
     */
    public boolean isDescribedAlike(Selector selector) {
        return added.stream().noneMatch(selector::describes)
                && removed.stream().noneMatch(selector::describes)
                && changed.stream()
                        .allMatch(user -> selector.describes(user.before()) == selector.describes(user.after()));
    }

    /** {@return the texts by which a policy may name another user than before, or none, or one where it named none} */
    public Texts texts() {
        Texts texts = new Texts(new HashSet<>(), new HashSet<>());
        added.forEach(texts::add);
        removed.forEach(texts::add);
        for (UserChange user : changed) {
            if (!user.before().name().equals(user.after().name())
                    || !user.before().email().equals(user.after().email())) {
                texts.add(user.before());
                texts.add(user.after());
            }
        }
        return texts;
    }

    /** Texts of a policy by which it names users; e-mail addresses match in any case, names do not. */
    public record Texts(Set<String> names, Set<String> emails) {

        private void add(User user) {
            names.add(user.name() + "@");
            user.email().ifPresent(email -> emails.add(email.toLowerCase(Locale.ROOT)));
        }

        /**
         * {@return whether one of them is a text of the policy}
         *
         * @param name what the policy writes for a user
         */
        public boolean contains(Selector.UserName name) {
            return names.contains(name.text())
                    || (!emails.isEmpty() && emails.contains(name.text().toLowerCase(Locale.ROOT)));
        }

        /** {@return whether there are none} */
        public boolean isEmpty() {
            return names.isEmpty();
        }
    }
}
