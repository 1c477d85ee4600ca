package dev.wayleave.access.engine;

import dev.wayleave.mesh.Users;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.policy.engine.OwnerSet;
import dev.wayleave.policy.engine.UserDifference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom the selectors of a policy name. Those of the next policy, or of other users, take over the owners that neither
 * change can have changed ({@link Change#isUnchanged}). All others are looked up again: owners that are taken over by
 * mistake would keep the access of a removed member.
 */
final class SelectorOwners {

    private static final OwnerSet NO_OWNER = OwnerSet.none();

    private final RoutingPolicy policy;
    private final Users users;
    private final Map<Selector, OwnerSet> owners = new HashMap<>();

    /** What the policy before used, and what is the same in this one. */
    private final Map<Selector, OwnerSet> unchanged;

    /**
     * Takes over what did not change.
     *
     * @param previous the same of the policy before; null for none
     */
    SelectorOwners(RoutingPolicy policy, Users users, @Nullable SelectorOwners previous) {
        this.policy = policy;
        this.users = users;
        if (previous == null) {
            this.unchanged = Map.of();
            return;
        }
        Change change = Change.between(previous.policy, previous.users, policy, users);
        this.unchanged = new HashMap<>(previous.owners);
        unchanged.keySet().removeIf(selector -> !change.isUnchanged(selector));
    }

    /** The difference of two policies, and of the users whom they name. */
    record Change(RoutingPolicy before, RoutingPolicy after, UserDifference users, UserDifference.Texts texts) {

        static Change between(RoutingPolicy before, Users usersBefore, RoutingPolicy after, Users usersAfter) {
            UserDifference users = UserDifference.between(usersBefore, usersAfter);
            return new Change(before, after, users, users.texts());
        }

        /** Whether a selector names the same owners before and after; false for kinds that name no owner. */
        boolean isUnchanged(Selector selector) {
            if (selector instanceof Selector.Group group) {
                List<Selector.UserName> members = after.groups().get(group.text());
                return Objects.equals(before.groups().get(group.text()), members)
                        && (members == null
                                || texts.isEmpty()
                                || members.stream().noneMatch(texts::contains));
            }
            if (selector instanceof Selector.UserName name) {
                return !texts.contains(name);
            }
            if (selector instanceof Selector.UserDomain || selector instanceof Selector.Autogroup) {
                return users.isDescribedAlike(selector);
            }
            return selector instanceof Selector.Tagged;
        }
    }

    /** Whom a selector names; for use while an index is made. */
    OwnerSet of(Selector selector) {
        return owners.computeIfAbsent(selector, s -> {
            OwnerSet same = unchanged.get(s);
            return same != null ? same : NamedOwners.of(s, policy.groups(), users);
        });
    }

    /** Whom a selector names that was asked about while the index was made. */
    OwnerSet known(Selector selector) {
        return owners.getOrDefault(selector, NO_OWNER);
    }
}
