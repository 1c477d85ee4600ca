package dev.wayleave.policy;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** Whose nodes selectors name. */
final class NamedOwners {

    private NamedOwners() {}

    static OwnerSet of(Selector selector, SortedMap<String, List<Selector.UserName>> groups, Users users) {
        if (selector instanceof Selector.UserName name) {
            return OwnerSet.ofUsers(only(users.named(name.text())));
        }
        if (selector instanceof Selector.Group group) {
            return OwnerSet.ofUsers(groups.getOrDefault(group.text(), List.of()).stream()
                    .flatMap(member -> only(users.named(member.text())).stream())
                    .toList());
        }
        if (selector instanceof Selector.Tagged tagged) {
            return new OwnerSet(ImmutableSortedSet.of(), ImmutableSortedSet.of(tagged.tag()), false);
        }
        if (selector == Selector.Autogroup.TAGGED) {
            return new OwnerSet(ImmutableSortedSet.of(), ImmutableSortedSet.of(), true);
        }
        if (selector instanceof Selector.UserDomain || selector instanceof Selector.Autogroup) {
            return OwnerSet.ofUsers(users.all().stream()
                    .filter(user -> describes(selector, user))
                    .map(User::id)
                    .toList());
        }
        return OwnerSet.nobody();
    }

    /**
     * Whether {@link #of} would hold a user, without making the set: {@code O(members)} for a group, else {@code O(1)}.
     */
    static boolean names(
            Selector selector, SortedMap<String, List<Selector.UserName>> groups, UserId user, Users users) {
        if (selector instanceof Selector.UserName name) {
            return only(users.named(name.text())).contains(user);
        }
        if (selector instanceof Selector.Group group) {
            return groups.getOrDefault(group.text(), List.of()).stream()
                    .anyMatch(member -> only(users.named(member.text())).contains(user));
        }
        return users.find(user).filter(known -> describes(selector, known)).isPresent();
    }

    /** Whether a domain or an autogroup, which name users by what they are, fits one. */
    private static boolean describes(Selector selector, User user) {
        if (selector == Selector.Autogroup.SHARED || user.isSharedIn()) {
            return selector == Selector.Autogroup.SHARED && user.isSharedIn();
        }
        if (selector instanceof Selector.UserDomain domain) {
            String suffix = "@" + domain.domain().toLowerCase(Locale.ROOT);
            return user.email()
                    .filter(email -> email.toLowerCase(Locale.ROOT).endsWith(suffix))
                    .isPresent();
        }
        if (!(selector instanceof Selector.Autogroup autogroup)) {
            return false;
        }
        return switch (autogroup) {
            case MEMBER -> true;
            case ADMIN -> user.role() == Role.ADMIN;
            case NETWORK_ADMIN -> user.role() == Role.NETWORK_ADMIN;
            case IT_ADMIN -> user.role() == Role.IT_ADMIN;
            case BILLING_ADMIN -> user.role() == Role.BILLING_ADMIN;
            case AUDITOR -> user.role() == Role.AUDITOR;
            case OWNER -> user.role() == Role.OWNER;
            case TAGGED, SELF, INTERNET, DANGER_ALL, SHARED -> false;
        };
    }

    /** A text that fits more than one user names nobody: whom it was meant for is a guess. */
    private static List<UserId> only(List<User> named) {
        return named.size() == 1 ? List.of(named.get(0).id()) : List.of();
    }
}
