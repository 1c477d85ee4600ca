package dev.wayleave.policy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Collects the sections of a policy, for {@link RoutingPolicy}; for one thread.
 *
 * <p>What is built in code is checked by the same rules as what is read from text.
 */
public final class RoutingPolicyBuilder {

    final TreeMap<String, List<Selector.UserName>> groups = new TreeMap<>();
    final TreeMap<String, Prefix> hosts = new TreeMap<>();
    final TreeMap<String, IpSetDefinition> ipSets = new TreeMap<>();
    final TreeMap<Tag, List<Selector>> tagOwners = new TreeMap<>();
    final TreeMap<Prefix, List<Selector>> routeApprovers = new TreeMap<>();
    List<Selector> exitNodeApprovers = List.of();

    @Nullable
    List<AclRule> acls;

    @Nullable
    List<Grant> grants;

    List<PolicyTestCase> tests = List.of();
    List<AppConnector> appConnectors = List.of();
    final TreeSet<String> sectionsNotRead = new TreeSet<>();

    /** Filled only by {@link PolicyDecoder}. */
    final PolicyLines.Places places = new PolicyLines.Places();

    RoutingPolicyBuilder() {}

    /**
     * Defines a group, in place of an earlier one of that name.
     *
     * @param name the whole text such as {@code group:admins}
     * @param members its users
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder group(String name, List<Selector.UserName> members) {
        Objects.requireNonNull(name, "name");
        groups.put(name, Copies.list(members, "members"));
        return this;
    }

    /**
     * Defines a group, in place of an earlier one of that name.
     *
     * @param name the whole text such as {@code group:admins}
     * @param members its users, by e-mail, or by name with a trailing {@code @}
     * @return this builder
     * @throws IllegalArgumentException if one of the members is not a user
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder group(String name, String... members) {
        Objects.requireNonNull(name, "name");
        Copies.refuseNull(members, "members");
        return group(name, Arrays.stream(members).map(Selector.UserName::new).toList());
    }

    /**
     * Names a prefix.
     *
     * @param name a word
     * @param prefix the prefix; one of full length for an address
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder host(String name, Prefix prefix) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(prefix, "prefix");
        hosts.put(name, prefix);
        return this;
    }

    /**
     * Defines an IP set, in place of an earlier one of that name.
     *
     * @param name the whole text such as {@code ipset:office}
     * @param definition how the set is made
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder ipSet(String name, IpSetDefinition definition) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(definition, "definition");
        ipSets.put(name, definition);
        return this;
    }

    /**
     * Defines an IP set, in place of an earlier one of that name.
     *
     * @param name the whole text such as {@code ipset:office}
     * @param operations such as {@code add 10.0.0.0/8}, in the order in which they happen
     * @return this builder
     * @throws PolicyException if an operation is malformed
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder ipSet(String name, String... operations) {
        Objects.requireNonNull(name, "name");
        Copies.refuseNull(operations, "operations");
        return ipSet(
                name,
                new IpSetDefinition(Arrays.stream(operations)
                        .map(IpSetDefinition.Operation::parse)
                        .toList()));
    }

    /**
     * Defines a tag, in place of an earlier definition.
     *
     * @param tag the tag
     * @param owners who may give it to nodes
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder tagOwners(Tag tag, List<Selector> owners) {
        Objects.requireNonNull(tag, "tag");
        tagOwners.put(tag, Copies.list(owners, "owners"));
        return this;
    }

    /**
     * Defines a tag, in place of an earlier definition.
     *
     * @param tag for example {@code tag:router}
     * @param owners who may give it to nodes, as policies write them; none if only the host itself may
     * @return this builder
     * @throws IllegalArgumentException if the tag is malformed
     * @throws PolicyException if an owner is malformed
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder tagOwners(String tag, String... owners) {
        Objects.requireNonNull(tag, "tag");
        Copies.refuseNull(owners, "owners");
        return tagOwners(new Tag(tag), selectors(owners));
    }

    /**
     * Sets the approvers for a prefix and all subnet routes inside it, in place of earlier ones.
     *
     * @param prefix the prefix
     * @param approvers whose nodes need no administrator
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder autoApproveRoutes(Prefix prefix, List<Selector> approvers) {
        Objects.requireNonNull(prefix, "prefix");
        routeApprovers.put(prefix, Copies.list(approvers, "approvers"));
        return this;
    }

    /**
     * Sets the approvers for a prefix and all subnet routes inside it, in place of earlier ones.
     *
     * @param prefix for example {@code 10.0.0.0/8}
     * @param approvers whose nodes need no administrator, as policies write them
     * @return this builder
     * @throws dev.wayleave.net.AddressFormatException if the prefix is malformed
     * @throws PolicyException if an approver is malformed
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder autoApproveRoutes(String prefix, String... approvers) {
        Objects.requireNonNull(prefix, "prefix");
        Copies.refuseNull(approvers, "approvers");
        return autoApproveRoutes(Prefix.parse(prefix), selectors(approvers));
    }

    /**
     * Sets the approvers for exit routes, in place of earlier ones.
     *
     * @param approvers whose nodes need no administrator
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder autoApproveExitNodes(List<Selector> approvers) {
        exitNodeApprovers = Copies.list(approvers, "approvers");
        return this;
    }

    /**
     * Sets the approvers for exit routes, in place of earlier ones.
     *
     * @param approvers whose nodes need no administrator, as policies write them
     * @return this builder
     * @throws PolicyException if an approver is malformed
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder autoApproveExitNodes(String... approvers) {
        Copies.refuseNull(approvers, "approvers");
        return autoApproveExitNodes(selectors(approvers));
    }

    /**
     * Sets the section {@code acls}; an empty one is not the same as none.
     *
     * @param rules the rules in their order
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder acls(List<AclRule> rules) {
        acls = Copies.list(rules, "rules");
        return this;
    }

    /**
     * Sets the section {@code acls}; an empty one is not the same as none.
     *
     * @param rules the rules in their order
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder acls(AclRule... rules) {
        Copies.refuseNull(rules, "rules");
        return acls(List.of(rules));
    }

    /**
     * Leaves out the section {@code acls}, which is not the same as an empty one: see {@link RoutingPolicy#acls}.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder noAcls() {
        acls = null;
        return this;
    }

    /**
     * Sets the section {@code grants}; an empty one is not the same as none.
     *
     * @param rules the grants in their order
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder grants(List<Grant> rules) {
        grants = Copies.list(rules, "rules");
        return this;
    }

    /**
     * Sets the section {@code grants}; an empty one is not the same as none.
     *
     * @param rules the grants in their order
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder grants(Grant... rules) {
        Copies.refuseNull(rules, "rules");
        return grants(List.of(rules));
    }

    /**
     * Leaves out the section {@code grants}, which is not the same as an empty one: see {@link RoutingPolicy#acls}.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder noGrants() {
        grants = null;
        return this;
    }

    /**
     * Sets the section {@code tests}.
     *
     * @param entries the tests in their order; none leaves the section out
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder tests(List<PolicyTestCase> entries) {
        tests = Copies.list(entries, "entries");
        return this;
    }

    /**
     * Sets the app connectors of the section {@code nodeAttrs}.
     *
     * @param connectors the connectors in their order
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingPolicyBuilder appConnectors(List<AppConnector> connectors) {
        appConnectors = Copies.list(connectors, "connectors");
        return this;
    }

    @CanIgnoreReturnValue
    RoutingPolicyBuilder sectionNotRead(String name) {
        sectionsNotRead.add(name);
        return this;
    }

    /**
     * Checks everything that {@link PolicyReader} checks, except the limits, and returns the policy. Only the texts
     * that {@code app} of a grant gives to its capabilities are held to {@link PolicyLimits#DEFAULT}, each by itself.
     *
     * @return an immutable value
     * @throws PolicyException with everything that is wrong (of more than 1,000 problems the first 1,000 that were
     *     found, and one that states the limit), each with its path and without line and column
     */
    public RoutingPolicy build() {
        RoutingPolicy draft = new RoutingPolicy(this, null, places.lines(""), List.of());
        Problems problems = Problems.withoutText();
        // what is built in code is checked as if it were written, so that there is one set of rules
        RoutingPolicyBuilder checked = PolicyDecoder.decode(PolicyJson.tree(draft), problems, PolicyVisitor.NONE);
        if (!problems.isEmpty()) {
            throw new PolicyException(problems.sorted());
        }
        checked.sectionsNotRead.addAll(sectionsNotRead);
        // canonical JSON is one line, so only columns need the places in it
        return new RoutingPolicy(
                checked, null, checked.places.lines(""), problems.hasNotices() ? canonicalNotices(draft) : List.of());
    }

    private static List<PolicyNotice> canonicalNotices(RoutingPolicy policy) {
        return PolicyReader.read(policy.toJson(), PolicyLimits.NONE).notices();
    }

    /** The policy as the decoder left it, with lines by its places in a text. */
    RoutingPolicy readFrom(String text, List<PolicyNotice> notices) {
        return new RoutingPolicy(this, text, places.lines(text), notices);
    }

    private static List<Selector> selectors(String... texts) {
        return Arrays.stream(texts).map(Selector::parse).toList();
    }
}
