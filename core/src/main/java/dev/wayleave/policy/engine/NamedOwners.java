package dev.wayleave.policy.engine;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.Selector;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * Finds whose nodes a selector names: users, groups, tags and the autogroups that name owners. Selectors of other kinds
 * name no owner; neither does a user's text that fits no user, or more than one, or a group that is not defined.
 */
public final class NamedOwners {

    private NamedOwners() {}

    /**
     * {@return the users and tags that a selector names; {@code O(members)} for a group, {@code O(users)} for domains
     * and autogroups}
     *
     * @param selector any selector
     * @param groups the members of each group of the policy
     * @param users the users of the tailnet
     */
    public static OwnerSet of(Selector selector, SortedMap<String, List<Selector.UserName>> groups, Users users) {
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
     * {@return whether a selector names a user: {@link #of} without making the set; {@code O(members)} for a group,
     * else {@code O(1)}}
     *
     * @param selector any selector
     * @param groups the members of each group of the policy
     * @param user the user
     * @param users the users of the tailnet
     */
    public static boolean names(
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

    /** A text that matches several users names none of them: the library does not guess. */
    private static List<UserId> only(List<User> named) {
        return named.size() == 1 ? List.of(named.get(0).id()) : List.of();
    }
}
