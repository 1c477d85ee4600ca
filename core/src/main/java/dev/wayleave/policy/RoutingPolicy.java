package dev.wayleave.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the administrators of a tailnet wrote about routing.
 *
 * <p>It comes from text by {@link PolicyReader} or from code by {@link #builder()}; both check the same rules.
 */
public final class RoutingPolicy {

    private final ImmutableSortedMap<String, List<Selector.UserName>> groups;
    private final ImmutableSortedMap<String, Prefix> hosts;
    private final ImmutableSortedMap<String, IpSetDefinition> ipSets;
    private final ImmutableSortedMap<Tag, List<Selector>> tagOwners;
    private final AutoApprovers autoApprovers;
    private final Optional<List<AclRule>> acls;
    private final Optional<List<Grant>> grants;
    private final ImmutableList<PolicyTestCase> tests;
    private final ImmutableList<AppConnector> appConnectors;
    private final ImmutableSortedSet<String> sectionsNotRead;
    private final @Nullable String written;
    private final PolicyLines lines;
    private final ImmutableList<PolicyNotice> notices;

    RoutingPolicy(
            RoutingPolicyBuilder builder, @Nullable String written, PolicyLines lines, List<PolicyNotice> notices) {
        this.groups = ImmutableSortedMap.copyOf(builder.groups);
        this.hosts = ImmutableSortedMap.copyOf(builder.hosts);
        this.ipSets = ImmutableSortedMap.copyOf(builder.ipSets);
        this.tagOwners = ImmutableSortedMap.copyOf(builder.tagOwners);
        this.autoApprovers = new AutoApprovers(builder.routeApprovers, builder.exitNodeApprovers);
        this.acls = Optional.ofNullable(builder.acls).map(ImmutableList::copyOf);
        this.grants = Optional.ofNullable(builder.grants).map(ImmutableList::copyOf);
        this.tests = ImmutableList.copyOf(builder.tests);
        this.appConnectors = ImmutableList.copyOf(builder.appConnectors);
        this.sectionsNotRead = ImmutableSortedSet.copyOf(builder.sectionsNotRead);
        this.written = written;
        this.lines = lines;
        this.notices = ImmutableList.copyOf(notices);
    }

    /**
     * Starts a policy without any section: no route is approved automatically, and all nodes may reach everything.
     *
     * @return a builder
     */
    public static RoutingPolicyBuilder builder() {
        return new RoutingPolicyBuilder();
    }

    /**
     * Starts a changed copy. A builder replaces entries and adds them; to take out a group, a host, a tag or a prefix,
     * begin with {@link #builder()}.
     *
     * @return a builder that holds what this policy holds
     */
    public RoutingPolicyBuilder toBuilder() {
        RoutingPolicyBuilder builder = new RoutingPolicyBuilder();
        builder.groups.putAll(groups);
        builder.hosts.putAll(hosts);
        builder.ipSets.putAll(ipSets);
        builder.tagOwners.putAll(tagOwners);
        builder.routeApprovers.putAll(autoApprovers.routes());
        builder.exitNodeApprovers = autoApprovers.exitNode();
        builder.acls = acls.orElse(null);
        builder.grants = grants.orElse(null);
        builder.tests = tests;
        builder.appConnectors = appConnectors;
        builder.sectionsNotRead.addAll(sectionsNotRead);
        return builder;
    }

    /** {@return the section {@code groups}; the users of each group, by the whole text such as {@code group:admins}} */
    public SortedMap<String, List<Selector.UserName>> groups() {
        return groups;
    }

    /** {@return the section {@code hosts}; prefixes by name; an address is a prefix of full length} */
    public SortedMap<String, Prefix> hosts() {
        return hosts;
    }

    /** {@return the section {@code ipsets}; how each set is made, by the whole text such as {@code ipset:office}} */
    public SortedMap<String, IpSetDefinition> ipSets() {
        return ipSets;
    }

    /**
     * Works out the section {@code ipsets}.
     *
     * @param internet what {@code autogroup:internet} stands for: {@link OverlayRanges#publicInternet}
     * @return what each set holds, by the whole text such as {@code ipset:office}; {@code O(n log n)} in the addresses
     *     and prefixes of all sets
     */
    public SortedMap<String, AddressSet> ipSets(AddressSet internet) {
        Objects.requireNonNull(internet, "internet");
        TreeMap<String, AddressSet> result = new TreeMap<>();
        if (!ipSets.isEmpty()) {
            IpSets resolving =
                    new IpSets(ipSets, hosts, internet, PolicyLimits.NONE.ipSetLevels(), IpSets.NO_FAULTS, Set.of());
            ipSets.keySet().forEach(name -> result.put(name, resolving.addresses(name)));
        }
        return result;
    }

    /**
     * {@return the section {@code tagOwners}; for every tag of the policy who may give it to nodes: users, groups,
     * other tags, autogroups}
     */
    public SortedMap<Tag, List<Selector>> tagOwners() {
        return tagOwners;
    }

    /** {@return the section {@code autoApprovers}; without an approver if the policy has none} */
    public AutoApprovers autoApprovers() {
        return autoApprovers;
    }

    /**
     * Returns the section {@code acls}. Absent is not the same as empty: a policy with neither {@code acls} nor
     * {@code grants} lets all nodes reach everything; a policy with an empty section lets no node reach anything.
     *
     * @return the rules in their order
     */
    public Optional<List<AclRule>> acls() {
        return acls;
    }

    /**
     * {@return the grants of the section {@code grants} in their order; absent is not the same as empty, see {@link
     * #acls}}
     */
    public Optional<List<Grant>> grants() {
        return grants;
    }

    /**
     * {@return the section {@code tests} in its order; empty if there is none} The command {@code SetPolicy} evaluates
     * them if the setting {@code policyTests} is on; {@code foresight.RouteTests} evaluates them on request.
     */
    public List<PolicyTestCase> tests() {
        return tests;
    }

    /**
     * {@return the app connectors of the section {@code nodeAttrs}, in its order} Nothing evaluates them; the rest of
     * the section is not read.
     */
    public List<AppConnector> appConnectors() {
        return appConnectors;
    }

    /**
     * Returns the sections that the text had and that do not concern routes: they were accepted, and nothing in them
     * was read. They do not count for equality, and {@link #toJson} does not write them.
     *
     * @return their names as the documentation spells them, for example {@code ssh}
     */
    public SortedSet<String> sectionsNotRead() {
        return sectionsNotRead;
    }

    /**
     * Returns the policy as it was written, with its comments; lines and notices refer to it. {@link PolicyReader}
     * reads it back to an equal policy with the same lines and notices. The text does not count for equality.
     *
     * @return the text that the policy was read from, without a byte order mark; {@link #toJson} for a policy that was
     *     built
     */
    public String text() {
        return written == null ? toJson() : written;
    }

    /**
     * Returns whether another policy was written in the same words.
     *
     * @param other any policy
     * @return true if {@link #text} of both is the same, and so are the policies
     */
    public boolean hasTextOf(RoutingPolicy other) {
        Objects.requireNonNull(other, "other");
        if (written == null && other.written == null) {
            return equals(other);
        }
        return text().equals(other.text());
    }

    /**
     * {@return what in the policy may not be what its author thinks, in the order of the places; at most
     * {@link PolicyLimits#problems}, and one more if there are further ones; notices do not count for equality}
     */
    public List<PolicyNotice> notices() {
        return notices;
    }

    /**
     * Returns the line on which an entry of {@code acls} begins, in the text that the policy was read from. Lines do
     * not count for equality.
     *
     * @param index the place of the entry, from 0
     * @return the line, from 1 (always 1 for a policy that was built, whose text is {@link #toJson}); empty if there is
     *     no such entry
     */
    public OptionalInt lineOfAcl(int index) {
        return PolicyLines.at(lines.acls, index);
    }

    /**
     * Returns the line on which an entry of {@code grants} begins; see {@link #lineOfAcl}.
     *
     * @param index the place of the entry, from 0
     * @return the line, from 1; empty if there is no such entry
     */
    public OptionalInt lineOfGrant(int index) {
        return PolicyLines.at(lines.grants, index);
    }

    /**
     * Returns the line on which an entry of {@code tests} begins; see {@link #lineOfAcl}.
     *
     * @param index the place of the entry in {@link #tests}, from 0
     * @return the line, from 1; empty if there is no such entry
     */
    public OptionalInt lineOfTest(int index) {
        return PolicyLines.at(lines.tests, index);
    }

    /**
     * Returns the line on which an app connector begins; see {@link #lineOfAcl}.
     *
     * @param index the place of the connector in {@link #appConnectors}, from 0
     * @return the line, from 1; empty if there is no such connector
     */
    public OptionalInt lineOfAppConnector(int index) {
        return PolicyLines.at(lines.appConnectors, index);
    }

    /**
     * Returns the line of an approver of {@code autoApprovers.routes}; see {@link #lineOfAcl}.
     *
     * @param key the prefix under which it is listed
     * @param approver the approver
     * @return the line, from 1; empty if the approver is not listed there
     */
    public OptionalInt lineOfRouteApprover(Prefix key, Selector approver) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(approver, "approver");
        List<Selector> approvers = autoApprovers.routes().getOrDefault(key, List.of());
        return PolicyLines.at(lines.routeApprovers.getOrDefault(key, new int[0]), approvers.indexOf(approver));
    }

    /**
     * Returns the line of an approver of {@code autoApprovers.exitNode}; see {@link #lineOfAcl}.
     *
     * @param approver the approver
     * @return the line, from 1; empty if the approver is not listed there
     */
    public OptionalInt lineOfExitNodeApprover(Selector approver) {
        Objects.requireNonNull(approver, "approver");
        return PolicyLines.at(lines.exitNodeApprovers, autoApprovers.exitNode().indexOf(approver));
    }

    /**
     * {@return whether a selector names a user, by e-mail, name, group, domain or role; {@code O(members)} for a group,
     * else {@code O(1)}}
     *
     * @param selector a selector; one that names no users is false
     * @param user the number of the user; one that the tailnet does not have is named by no role or domain
     * @param users the users of the tailnet; a text that fits several of them names none
     */
    public boolean matches(Selector selector, UserId user, Users users) {
        Objects.requireNonNull(selector, "selector");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(users, "users");
        if (selector instanceof Selector.UserName name) {
            return users.onlyNamed(name.text()).filter(user::equals).isPresent();
        }
        if (selector instanceof Selector.Group group) {
            return groups.getOrDefault(group.text(), List.of()).stream()
                    .anyMatch(member -> matches(member, user, users));
        }
        return users.find(user).filter(selector::describes).isPresent();
    }

    /**
     * Returns whether a user's node may take a tag: whether the tag's owners name the user, or own tags whose owners
     * do. Only {@code tagOwners} counts; a host whose administrators may give any tag asks about them itself.
     *
     * @param user a user of the tailnet
     * @param tag the tag that the node asks for
     * @param users the users of the tailnet
     * @return the answer with its reason: the nearest owner that names the user; {@code O(o + m)} for {@code o} owners
     *     on the way and {@code m} members of the groups among them, each looked at once
     */
    public TagVerdict mayTag(User user, Tag tag, Users users) {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(tag, "tag");
        Objects.requireNonNull(users, "users");
        return TagOwnership.verdict(this, user, tag, users);
    }

    /**
     * Finds the places of this policy where a user's text matches several users of the tailnet, so that the policy
     * ignores it.
     *
     * @param users the users of the tailnet
     * @return a problem for every such place, with its line and column in {@link #text}, in their order; of more than
     *     1,000 the first 1,000, and one that states the limit; empty if all is well. {@code O(text)}: the text is read
     *     again
     */
    public List<PolicyProblem> problemsWith(Users users) {
        Objects.requireNonNull(users, "users");
        return AmbiguousUsers.in(this, users);
    }

    /**
     * Lists what this policy means in a tailnet: its own notices; the users, group members, approvers, tags and hosts
     * that match nothing there, each with the nearest name that there is; and nodes outside the overlay. Where no user
     * is known, no user is missed; where no node is known, no tag and no host.
     *
     * @param users the users of the tailnet
     * @param nodes the nodes of the tailnet, in any order
     * @param prefixes the prefixes that nodes advertise or have approved, in any order
     * @param overlay the ranges from which nodes have their addresses
     * @return the notices in the order of their places, those without a place last; of more than 1,000 of a kind the
     *     first 1,000, and one that states the limit. {@code O(text + users + nodes + prefixes)}: the text is read
     *     again, and names are compared until a limit
     */
    public List<PolicyNotice> noticesWith(
            Users users, Collection<Node> nodes, Collection<Prefix> prefixes, OverlayRanges overlay) {
        Objects.requireNonNull(users, "users");
        Copies.refuseNull(nodes, "nodes");
        Copies.refuseNull(prefixes, "prefixes");
        Objects.requireNonNull(overlay, "overlay");
        return TailnetNotices.of(this, users, nodes, prefixes, overlay);
    }

    /**
     * Returns this policy as canonical JSON: fields sorted by name, no blanks, every value in its usual spelling. Equal
     * policies have equal texts, and {@link PolicyReader} reads the text back to an equal policy if it is within the
     * limits.
     *
     * @return the text
     */
    public String toJson() {
        return JsonWriter.write(PolicyJson.tree(this));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutingPolicy that
                && groups.equals(that.groups)
                && hosts.equals(that.hosts)
                && ipSets.equals(that.ipSets)
                && tagOwners.equals(that.tagOwners)
                && autoApprovers.equals(that.autoApprovers)
                && acls.equals(that.acls)
                && grants.equals(that.grants)
                && tests.equals(that.tests)
                && appConnectors.equals(that.appConnectors);
    }

    @Override
    public int hashCode() {
        return Objects.hash(groups, hosts, ipSets, tagOwners, autoApprovers, acls, grants, tests, appConnectors);
    }

    /** {@return how much the policy holds, for a person to read; {@link #toJson} is the policy itself} */
    @Override
    public String toString() {
        return "policy of " + acls.map(rules -> rules.size() + " acls").orElse("no acls") + ", "
                + grants.map(rules -> rules.size() + " grants").orElse("no grants") + ", " + groups.size()
                + " groups, " + tagOwners.size() + " tags, " + hosts.size() + " hosts";
    }
}
