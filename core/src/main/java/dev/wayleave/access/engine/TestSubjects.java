package dev.wayleave.access.engine;

import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.PolicyTestCase;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The users, tags and addresses that the tests of a policy name. A user that the tailnet does not have is taken as a
 * member with that e-mail address or name, so that a policy can be tested before its users come. Rules for members
 * apply to such a user; a test of an autogroup or a domain is about the users that the tailnet has.
 */
final class TestSubjects {

    private final RoutingPolicy policy;
    private final Map<String, AddressSet> ipSets;
    private final AddressSet internet;
    private final Users known;

    /** Those of the tailnet, and those that only the tests name. */
    final Users users;

    TestSubjects(RoutingPolicy policy, Users known, AddressSet internet) {
        this.policy = policy;
        this.ipSets = policy.ipSets(internet);
        this.internet = internet;
        this.known = known;
        Map<String, User> all = new TreeMap<>();
        known.all().forEach(user -> all.put("known " + user.id(), user));
        policy.tests().stream().flatMap(TestSubjects::selectors).forEach(selector -> assume(selector, known, all));
        this.users = Users.of(List.copyOf(all.values()));
    }

    private static Stream<Selector> selectors(PolicyTestCase test) {
        return Stream.concat(
                Stream.of(test.source()),
                Stream.concat(test.accept().stream(), test.deny().stream()).map(AclRule.Destination::selector));
    }

    private void assume(Selector selector, Users known, Map<String, User> all) {
        if (selector instanceof Selector.UserName name
                && known.named(name.text()).isEmpty()) {
            String text = name.text();
            boolean email = !text.endsWith("@");
            User.Builder user =
                    User.builder(new UserId("assumed " + text), email ? text : text.substring(0, text.length() - 1));
            all.put("assumed " + text, email ? user.email(text).build() : user.build());
        } else if (selector instanceof Selector.Group group) {
            policy.groups().getOrDefault(group.text(), List.of()).forEach(member -> assume(member, known, all));
        } else {
            role(selector)
                    .filter(role -> owners(selector, known).users().isEmpty())
                    .ifPresent(role -> all.put(
                            "assumed " + selector.text(),
                            User.builder(assumed(selector), "any of " + selector.text())
                                    .role(role)
                                    .build()));
        }
    }

    /** The role of the users that an autogroup names. */
    private static Optional<Role> role(Selector selector) {
        if (selector == Autogroup.MEMBER) {
            return Optional.of(Role.MEMBER);
        }
        return selector instanceof Autogroup autogroup ? autogroup.role() : Optional.empty();
    }

    private static UserId assumed(Selector selector) {
        return new UserId("assumed " + selector.text());
    }

    private OwnerSet owners(Selector selector, Users of) {
        return NamedOwners.of(selector, policy.groups(), of);
    }

    /** Whose devices a test of this selector is about. */
    private OwnerSet owners(Selector selector) {
        if (selector instanceof Selector.UserName || selector instanceof Selector.Group) {
            return owners(selector, users);
        }
        OwnerSet found = owners(selector, known);
        boolean isAssumed = found.users().isEmpty() && role(selector).isPresent();
        return isAssumed ? OwnerSet.ofUsers(List.of(assumed(selector))) : found;
    }

    /** Whether a selector names devices by their owners. */
    boolean isOfDevices(Selector selector) {
        OwnerSet owners = owners(selector, users);
        return selector == Autogroup.SELF
                || owners.everyTag()
                || !owners.users().isEmpty()
                || !owners.tags().isEmpty();
    }

    /** None if the selector names no user, no tag and no address. */
    List<TestSubject> of(Selector selector) {
        if (selector instanceof Selector.Everything || selector == Autogroup.DANGER_ALL) {
            return List.of(new TestSubject.Anything());
        }
        if (selector == Autogroup.SELF) {
            return List.of(new TestSubject.Self());
        }
        if (selector == Autogroup.TAGGED) {
            return policy.tagOwners().keySet().stream()
                    .<TestSubject>map(TestSubject.OfTag::new)
                    .toList();
        }
        AddressSet addresses = addresses(selector);
        if (!addresses.isEmpty()) {
            return List.of(new TestSubject.Addresses(addresses));
        }
        OwnerSet owners = owners(selector);
        List<TestSubject> subjects = new ArrayList<>();
        for (UserId user : owners.users()) {
            users.find(user).ifPresent(found -> subjects.add(new TestSubject.OfUser(found)));
        }
        for (Tag tag : owners.tags()) {
            subjects.add(new TestSubject.OfTag(tag));
        }
        return subjects;
    }

    /** The addresses that a selector spells out; none for one that names users, tags or everything. */
    AddressSet addresses(Selector selector) {
        if (selector instanceof Selector.Address address) {
            return AddressSet.of(address.address().toPrefix());
        }
        if (selector instanceof Selector.Network network) {
            return AddressSet.of(network.prefix());
        }
        if (selector instanceof Selector.IpSet ipSet) {
            return ipSets.getOrDefault(ipSet.text(), AddressSet.empty());
        }
        if (selector == Autogroup.INTERNET) {
            return internet;
        }
        Prefix host = selector instanceof Selector.Host named ? policy.hosts().get(named.text()) : null;
        return host == null ? AddressSet.empty() : AddressSet.of(host);
    }
}
