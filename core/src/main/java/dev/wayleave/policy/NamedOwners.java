package dev.wayleave.policy;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;

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
        if (selector instanceof Selector.UserDomain domain) {
            String ending = "@" + domain.domain();
            return matching(
                    users,
                    user -> user.email().filter(email -> email.endsWith(ending)).isPresent());
        }
        if (selector instanceof Selector.Tagged tagged) {
            return new OwnerSet(ImmutableSortedSet.of(), ImmutableSortedSet.of(tagged.tag()), false);
        }
        return selector instanceof Selector.Autogroup autogroup ? ofAutogroup(autogroup, users) : OwnerSet.nobody();
    }

    private static OwnerSet ofAutogroup(Selector.Autogroup autogroup, Users users) {
        switch (autogroup) {
            case MEMBER:
                return matching(users, user -> true);
            case TAGGED:
                return new OwnerSet(ImmutableSortedSet.of(), ImmutableSortedSet.of(), true);
            case ADMIN:
                return matching(users, user -> user.role() == Role.ADMIN);
            case NETWORK_ADMIN:
                return matching(users, user -> user.role() == Role.NETWORK_ADMIN);
            case OWNER:
                return matching(users, user -> user.role() == Role.OWNER);
            default:
                return OwnerSet.nobody();
        }
    }

    private static OwnerSet matching(Users users, Predicate<User> condition) {
        return OwnerSet.ofUsers(
                users.all().stream().filter(condition).map(User::id).toList());
    }

    /** A text that fits more than one user names nobody: whom it was meant for is a guess. */
    private static List<UserId> only(List<User> named) {
        return named.size() == 1 ? List.of(named.get(0).id()) : List.of();
    }
}
