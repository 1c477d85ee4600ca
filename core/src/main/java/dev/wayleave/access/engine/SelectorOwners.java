package dev.wayleave.access.engine;

import dev.wayleave.mesh.Users;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom the selectors of a policy name. Those of the next policy with the same users take over the owners that the
 * policy cannot change ({@link #isUnchanged}). All others are looked up again: owners that are taken over by mistake
 * would keep the access of a removed member.
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
    @SuppressWarnings("ReferenceEquality") // equal users that are another object are looked up again
    SelectorOwners(RoutingPolicy policy, Users users, @Nullable SelectorOwners previous) {
        this.policy = policy;
        this.users = users;
        if (previous == null || previous.users != users) {
            this.unchanged = Map.of();
            return;
        }
        this.unchanged = new HashMap<>(previous.owners);
        unchanged.keySet().removeIf(selector -> !isUnchanged(selector, previous.policy, policy));
    }

    /** Whether a selector names the same owners in both policies, for the same users; false for other kinds. */
    static boolean isUnchanged(Selector selector, RoutingPolicy previous, RoutingPolicy next) {
        if (selector instanceof Selector.Group group) {
            return Objects.equals(
                    previous.groups().get(group.text()), next.groups().get(group.text()));
        }
        return selector instanceof Selector.UserName
                || selector instanceof Selector.UserDomain
                || selector instanceof Selector.Tagged
                || selector instanceof Selector.Autogroup;
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
