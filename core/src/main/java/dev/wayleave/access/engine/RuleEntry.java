package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Tag;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * One entry of {@code acls} or {@code grants} as the administrators wrote it, in a shape that both sections share.
 *
 * @param id where the entry is
 * @param sources who may send
 * @param targets where to, each with what may pass; nothing may where a grant only gives capabilities
 * @param app the capabilities by name, each with its parameters
 * @param via the tags of the routers that carry the traffic; empty if any router may
 */
public record RuleEntry(
        RuleId id,
        List<Selector> sources,
        List<Rule.Target> targets,
        SortedMap<String, String> app,
        SortedSet<Tag> via) {

    private static final Selector EVERYTHING = new Selector.Everything();

    public RuleEntry {
        Objects.requireNonNull(id, "id");
        sources = Copies.list(sources, "sources");
        targets = Copies.list(targets, "targets");
        app = Copies.sortedMap(app, "app");
        via = Copies.sortedSet(via, "via");
    }

    /**
     * Returns the entries of a policy. Grants come first, as in Tailscale and Headscale.
     *
     * @param policy what the administrators wrote
     * @return the entries; only {@link RuleId#DEFAULT} if the policy has neither section
     */
    public static List<RuleEntry> of(RoutingPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        if (policy.grants().isEmpty() && policy.acls().isEmpty()) {
            return List.of(of(RuleId.DEFAULT, policy));
        }
        List<RuleEntry> entries = new ArrayList<>();
        for (Grant grant : policy.grants().orElse(List.of())) {
            entries.add(of(new RuleId(RuleId.Section.GRANTS, entries.size()), grant));
        }
        int grants = entries.size();
        for (AclRule acl : policy.acls().orElse(List.of())) {
            entries.add(of(new RuleId(RuleId.Section.ACLS, entries.size() - grants), acl));
        }
        return entries;
    }

    /**
     * Returns one entry of a policy.
     *
     * @param id an entry that the policy has; {@link RuleId#DEFAULT} opens everything to every node
     * @param policy the policy
     * @return the entry
     */
    public static RuleEntry of(RuleId id, RoutingPolicy policy) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(policy, "policy");
        return switch (id.section()) {
            case GRANTS -> of(id, policy.grants().orElseThrow().get(id.index()));
            case ACLS -> of(id, policy.acls().orElseThrow().get(id.index()));
            case DEFAULT ->
                new RuleEntry(
                        id,
                        List.of(EVERYTHING),
                        List.of(new Rule.Target(EVERYTHING, List.of(Traffic.ALL))),
                        ImmutableSortedMap.of(),
                        ImmutableSortedSet.of());
        };
    }

    private static RuleEntry of(RuleId id, Grant grant) {
        ImmutableList<Rule.Target> targets = grant.destinations().stream()
                .map(destination -> new Rule.Target(destination, grant.ip()))
                .collect(ImmutableList.toImmutableList());
        return new RuleEntry(id, grant.sources(), targets, grant.app(), grant.via());
    }

    private static RuleEntry of(RuleId id, AclRule acl) {
        ImmutableList<Rule.Target> targets = acl.destinations().stream()
                .map(destination -> new Rule.Target(
                        destination.selector(), List.of(new Traffic(acl.protocolOrNull(), destination.ports()))))
                .collect(ImmutableList.toImmutableList());
        return new RuleEntry(id, acl.sources(), targets, ImmutableSortedMap.of(), ImmutableSortedSet.of());
    }

    /** {@return the destinations of all targets} */
    public List<Selector> destinations() {
        return targets.stream().map(Rule.Target::destination).toList();
    }
}
