package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The texts by which a policy names single users: e-mail addresses, and names followed by {@code @}. */
final class UserTexts {

    private UserTexts() {}

    static SortedSet<String> of(RoutingPolicy policy) {
        TreeSet<String> texts = new TreeSet<>();
        selectors(policy).filter(Selector.UserName.class::isInstance).forEach(user -> texts.add(user.text()));
        return texts;
    }

    private static Stream<Selector> selectors(RoutingPolicy policy) {
        Stream<List<? extends Selector>> lists = Stream.of(
                        policy.groups().values().stream(),
                        policy.tagOwners().values().stream(),
                        policy.autoApprovers().routes().values().stream(),
                        Stream.of(policy.autoApprovers().exitNode()),
                        policy.acls().stream().flatMap(List::stream).map(AclRule::sources),
                        policy.acls().stream().flatMap(List::stream).map(UserTexts::destinations),
                        policy.grants().stream().flatMap(List::stream).map(Grant::sources),
                        policy.grants().stream().flatMap(List::stream).map(Grant::destinations))
                .flatMap(each -> each);
        return lists.flatMap(List::stream);
    }

    private static List<Selector> destinations(AclRule acl) {
        return acl.destinations().stream().map(AclRule.Destination::selector).toList();
    }
}
