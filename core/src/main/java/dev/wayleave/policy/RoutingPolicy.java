package dev.wayleave.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the administrators of a tailnet wrote about routing.
 *
 * <p>Immutable and safe for use by several threads. It comes from text by {@link PolicyReader} or from code by
 * {@link #builder()}; both check the same rules.
 */
public final class RoutingPolicy {

    private final ImmutableSortedMap<String, List<Selector.UserName>> groups;
    private final ImmutableSortedMap<String, Prefix> hosts;
    private final ImmutableSortedMap<Tag, List<Selector>> tagOwners;
    private final AutoApprovers autoApprovers;
    private final Optional<List<AclRule>> acls;
    private final Optional<List<Grant>> grants;
    private final ImmutableSortedSet<String> sectionsNotRead;

    private RoutingPolicy(Builder builder) {
        this.groups = ImmutableSortedMap.copyOf(builder.groups);
        this.hosts = ImmutableSortedMap.copyOf(builder.hosts);
        this.tagOwners = ImmutableSortedMap.copyOf(builder.tagOwners);
        this.autoApprovers = new AutoApprovers(builder.routeApprovers, builder.exitNodeApprovers);
        this.acls = Optional.ofNullable(builder.acls).map(ImmutableList::copyOf);
        this.grants = Optional.ofNullable(builder.grants).map(ImmutableList::copyOf);
        this.sectionsNotRead = ImmutableSortedSet.copyOf(builder.sectionsNotRead);
    }

    /** Starts a policy without any section. */
    public static Builder builder() {
        return new Builder();
    }

    /** The section {@code groups}: the users of each group, by the whole text such as {@code group:admins}. */
    public SortedMap<String, List<Selector.UserName>> groups() {
        return groups;
    }

    /** The section {@code hosts}: names for addresses ({@code /32}, {@code /128}) and prefixes. */
    public SortedMap<String, Prefix> hosts() {
        return hosts;
    }

    /** The section {@code tagOwners}. */
    public SortedMap<Tag, List<Selector>> tagOwners() {
        return tagOwners;
    }

    /** The section {@code autoApprovers}. */
    public AutoApprovers autoApprovers() {
        return autoApprovers;
    }

    /** The section {@code acls}; absent is not the same as empty. */
    public Optional<List<AclRule>> acls() {
        return acls;
    }

    /** The section {@code grants}; absent is not the same as empty. */
    public Optional<List<Grant>> grants() {
        return grants;
    }

    /** The sections that were accepted and not read. */
    public SortedSet<String> sectionsNotRead() {
        return sectionsNotRead;
    }

    /**
     * Whose nodes a selector names: users, groups, tags and the autogroups that name owners. Selectors of other kinds
     * name nobody; so does a user's text that fits no user, or more than one.
     */
    public OwnerSet owners(Selector selector, Users users) {
        if (selector instanceof Selector.UserName name) {
            return OwnerSet.ofUsers(only(users.named(name.text())));
        }
        if (selector instanceof Selector.Group group) {
            return OwnerSet.ofUsers(groups.getOrDefault(group.text(), List.of()).stream()
                    .flatMap(member -> only(users.named(member.text())).stream())
                    .toList());
        }
        if (selector instanceof Selector.UserDomain domain) {
            return matching(
                    users,
                    user -> user.email()
                            .filter(email -> email.endsWith("@" + domain.domain()))
                            .isPresent());
        }
        if (selector instanceof Selector.Tagged tagged) {
            return new OwnerSet(ImmutableSortedSet.of(), ImmutableSortedSet.of(tagged.tag()), false);
        }
        if (selector instanceof Selector.Autogroup autogroup) {
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
        return OwnerSet.nobody();
    }

    private static OwnerSet matching(Users users, Predicate<User> condition) {
        return OwnerSet.ofUsers(
                users.all().stream().filter(condition).map(User::id).toList());
    }

    private static List<UserId> only(List<User> named) {
        return named.size() == 1 ? List.of(named.get(0).id()) : List.of();
    }

    /** Collects the sections of a policy; for one thread. */
    @CanIgnoreReturnValue
    public static final class Builder {

        private final TreeMap<String, List<Selector.UserName>> groups = new TreeMap<>();
        private final TreeMap<String, Prefix> hosts = new TreeMap<>();
        private final TreeMap<Tag, List<Selector>> tagOwners = new TreeMap<>();
        private final TreeMap<Prefix, List<Selector>> routeApprovers = new TreeMap<>();
        private final List<Selector> exitNodeApprovers = new ArrayList<>();
        private @Nullable List<AclRule> acls;
        private @Nullable List<Grant> grants;
        private final TreeSet<String> sectionsNotRead = new TreeSet<>();

        private Builder() {}

        /** Defines a group. */
        public Builder group(String name, List<Selector.UserName> members) {
            groups.put(name, ImmutableList.copyOf(members));
            return this;
        }

        /** Names a prefix. */
        public Builder host(String name, Prefix prefix) {
            hosts.put(name, prefix);
            return this;
        }

        /** Defines a tag. */
        public Builder tagOwners(Tag tag, List<Selector> owners) {
            tagOwners.put(tag, ImmutableList.copyOf(owners));
            return this;
        }

        /** Adds approvers for a prefix and all subnet routes inside it. */
        public Builder autoApproveRoutes(Prefix prefix, List<Selector> approvers) {
            routeApprovers.put(prefix, ImmutableList.copyOf(approvers));
            return this;
        }

        /** Adds approvers for exit routes. */
        public Builder autoApproveExitNodes(List<Selector> approvers) {
            exitNodeApprovers.addAll(approvers);
            return this;
        }

        /** Sets the section {@code acls}. */
        public Builder acls(List<AclRule> rules) {
            acls = ImmutableList.copyOf(rules);
            return this;
        }

        /** Sets the section {@code grants}. */
        public Builder grants(List<Grant> rules) {
            grants = ImmutableList.copyOf(rules);
            return this;
        }

        Builder sectionNotRead(String name) {
            sectionsNotRead.add(name);
            return this;
        }

        /** Checks everything and returns the policy. */
        public RoutingPolicy build() {
            return new RoutingPolicy(this);
        }

        RoutingPolicy unchecked() {
            return new RoutingPolicy(this);
        }
    }
}
