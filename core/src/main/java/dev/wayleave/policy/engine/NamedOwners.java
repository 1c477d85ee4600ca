package dev.wayleave.policy.engine;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.Selector;
import java.util.List;
import java.util.SortedMap;

/**
 * Finds whose nodes a selector names. A selector names no owner if its kind names none ({@link Selector#namesOwners}),
 * if it is a user's text that fits no user or more than one, or if it is a group that is not defined.
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
        if (!selector.namesOwners()) {
            return OwnerSet.none();
        }
        if (selector instanceof Selector.UserName name) {
            return OwnerSet.ofUsers(users.onlyNamed(name.text()).stream().toList());
        }
        if (selector instanceof Selector.Group group) {
            return OwnerSet.ofUsers(groups.getOrDefault(group.text(), List.of()).stream()
                    .flatMap(member -> users.onlyNamed(member.text()).stream())
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
                    .filter(user -> selector.describes(user))
                    .map(User::id)
                    .toList());
        }
        throw new IllegalStateException("owners of `" + selector.text() + "` are not known: add its kind here");
    }
}
