package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.AddressPattern;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the canonical packet filter of a node from the rules that are open at it. */
final class FilterWriter {

    /** Sources are long where a rule names many nodes: their hash is worth keeping. */
    private static final class Sources {
        final ImmutableList<AddressPattern> patterns;
        private final int hash;

        Sources(ImmutableList<AddressPattern> patterns) {
            this.patterns = patterns;
            this.hash = patterns.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Sources that
                    && (this == that || (hash == that.hash && patterns.equals(that.patterns)));
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private record TrafficKey(Sources sources, @Nullable Protocol protocol) {}

    private record CapabilityKey(Sources sources, SortedMap<String, String> capabilities) {}

    /**
     * One destination of a filter that is being written: the ports that are open there, and the entries of the policy
     * that open it.
     */
    private static final class OpenPorts {
        final SortedSet<PortRange> ports = new TreeSet<>();
        ImmutableSortedSet<RuleId> entries = ImmutableSortedSet.of();

        void add(RuleId entry) {
            if (entries.isEmpty()) {
                entries = ImmutableSortedSet.of(entry);
            } else if (!entries.contains(entry)) {
                entries = ImmutableSortedSet.<RuleId>naturalOrder()
                        .addAll(entries)
                        .add(entry)
                        .build();
            }
        }
    }

    private record Drafts(
            Map<TrafficKey, SortedMap<AddressPattern, OpenPorts>> traffic,
            Map<CapabilityKey, SortedMap<Prefix, OpenPorts>> capabilities) {

        void add(TrafficKey key, RuleId entry, AddressPattern to, Traffic passing) {
            OpenPorts opened =
                    traffic.computeIfAbsent(key, k -> new TreeMap<>()).computeIfAbsent(to, t -> new OpenPorts());
            opened.add(entry);
            opened.ports.addAll(passing.ports());
        }

        void add(CapabilityKey key, RuleId entry, SortedSet<Prefix> where) {
            SortedMap<Prefix, OpenPorts> draft = capabilities.computeIfAbsent(key, k -> new TreeMap<>());
            where.forEach(prefix ->
                    draft.computeIfAbsent(prefix, p -> new OpenPorts()).add(entry));
        }
    }

    private static final Comparator<List<AddressPattern>> BY_PATTERNS = (one, other) -> {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    };

    private static final Comparator<PacketFilter.TrafficRule> TRAFFIC_ORDER = Comparator.comparing(
                    PacketFilter.TrafficRule::sources, BY_PATTERNS)
            .thenComparingInt(rule -> rule.protocol().map(Protocol::number).orElse(-1));

    private static final Comparator<PacketFilter.CapabilityRule> CAPABILITY_ORDER = Comparator.comparing(
                    PacketFilter.CapabilityRule::sources, BY_PATTERNS)
            .thenComparing(rule -> rule.capabilities().toString());

    private final AccessRules rules;
    private final PolicyIndex policy;
    private final List<AddressPattern> internet;

    /**
     * The sources of each entry, filled when first asked for. Two threads may both compute one: they write equal
     * immutable values.
     */
    private final @Nullable Sources[] sources;

    FilterWriter(AccessRules rules) {
        this.rules = rules;
        this.policy = rules.index;
        this.internet = policy.internet.all().ranges().stream()
                .map(AddressPattern::spelledOut)
                .collect(ImmutableList.toImmutableList());
        this.sources = new Sources[policy.numbers.entries()];
    }

    /** Keeps what is known about sources that did not change. */
    FilterWriter(AccessRules rules, FilterWriter before, RuleSet moved) {
        this.rules = rules;
        this.policy = rules.index;
        this.internet = before.internet;
        this.sources = Arrays.copyOf(before.sources, policy.numbers.entries());
        moved.forEach(rule -> {
            if (rule < sources.length) {
                sources[rule] = null;
            }
        });
    }

    PacketFilter filter(NodeAccess node) {
        return new PacketFilter(
                explained(node).stream().map(ExplainedRule::rule).toList());
    }

    List<ExplainedRule> explained(NodeAccess node) {
        Drafts drafts = new Drafts(new HashMap<>(), new HashMap<>());
        node.rules.filterRules.forEach(number -> {
            Sources from = sources(number);
            if (!from.patterns.isEmpty()) {
                Rule rule = policy.numbers.rule(number);
                addTraffic(drafts, from, rule, node);
                if (node.rules.reachable.contains(number)) {
                    TrafficKey key = new TrafficKey(from, null);
                    internet.forEach(range -> drafts.add(key, rule.id(), range, Traffic.ALL));
                }
                SortedSet<Prefix> where = capabilityDestinations(policy, rule, node.routes());
                if (!where.isEmpty()) {
                    drafts.add(new CapabilityKey(from, rule.app()), rule.id(), where);
                }
            }
        });
        return write(drafts);
    }

    private static List<ExplainedRule> write(Drafts drafts) {
        List<ExplainedRule> traffic = new ArrayList<>();
        drafts.traffic().forEach((key, draft) -> {
            ImmutableSortedMap.Builder<AddressPattern, List<PortRange>> destinations =
                    ImmutableSortedMap.naturalOrder();
            draft.forEach((to, opened) -> destinations.put(to, ImmutableList.copyOf(opened.ports)));
            PacketFilter.Rule rule =
                    new PacketFilter.TrafficRule(key.sources().patterns, destinations.buildOrThrow(), key.protocol());
            traffic.add(explained(rule, draft, to -> to));
        });
        traffic.sort(Comparator.comparing(explained -> (PacketFilter.TrafficRule) explained.rule(), TRAFFIC_ORDER));
        List<ExplainedRule> capabilities = new ArrayList<>();
        drafts.capabilities().forEach((key, draft) -> {
            PacketFilter.Rule rule = new PacketFilter.CapabilityRule(
                    key.sources().patterns, ImmutableSortedSet.copyOf(draft.keySet()), key.capabilities());
            capabilities.add(explained(rule, draft, AddressPattern::of));
        });
        capabilities.sort(
                Comparator.comparing(explained -> (PacketFilter.CapabilityRule) explained.rule(), CAPABILITY_ORDER));
        return ImmutableList.<ExplainedRule>builder()
                .addAll(traffic)
                .addAll(capabilities)
                .build();
    }

    private static <D> ExplainedRule explained(
            PacketFilter.Rule rule, SortedMap<D, OpenPorts> draft, Function<D, AddressPattern> pattern) {
        ImmutableSortedMap.Builder<AddressPattern, SortedSet<RuleId>> entries = ImmutableSortedMap.naturalOrder();
        draft.forEach((to, opened) -> entries.put(pattern.apply(to), opened.entries));
        return new ExplainedRule(rule, entries.buildOrThrow());
    }

    private void addTraffic(Drafts drafts, Sources from, Rule rule, NodeAccess node) {
        for (Rule.Target target : rule.targets()) {
            if (!target.traffic().isEmpty()) {
                List<AddressPattern> to = destinations(rule, target.destination(), node);
                for (Traffic passing : target.traffic()) {
                    TrafficKey key = new TrafficKey(from, passing.protocolOrNull());
                    to.forEach(pattern -> drafts.add(key, rule.id(), pattern, passing));
                }
            }
        }
    }

    /** What one destination of a rule that is open at a node opens there, as the policy wrote it. */
    List<AddressPattern> destinations(Rule rule, Selector destination, NodeAccess at) {
        Node node = at.routes().node();
        boolean exit = at.routes().isExitNode();
        if (destination instanceof Selector.Everything) {
            return rule.isVia() ? everythingBehind(at) : List.of(AddressPattern.ANY);
        }
        if (destination == Autogroup.INTERNET) {
            return exit || at.routes().effective().stream().anyMatch(policy.internet::isPartlyPublic)
                    ? internet
                    : List.of();
        }
        Optional<Prefix> literal = policy.literal(destination);
        if (literal.isPresent()) {
            boolean holds = (exit && policy.internet.isPublic(literal.get()))
                    || (!rule.isVia() && namesNode(policy, destination, node))
                    || overlapsRoute(literal.get(), at.routes());
            return holds ? List.of(AddressPattern.of(literal.get())) : List.of();
        }
        return !rule.isVia() && namesNode(policy, destination, node)
                ? node.addresses().stream().map(AddressPattern::of).toList()
                : List.of();
    }

    /** A grant with via for everything opens what lies behind its routers, and not the routers themselves. */
    private List<AddressPattern> everythingBehind(NodeAccess at) {
        List<AddressPattern> patterns = new ArrayList<>();
        for (Prefix prefix : at.routes().effective()) {
            if (!prefix.isExitRoute()) {
                patterns.add(AddressPattern.of(prefix));
            }
        }
        if (at.routes().isExitNode()) {
            patterns.addAll(internet);
        }
        return patterns;
    }

    private static boolean overlapsRoute(Prefix prefix, NodeRoutes at) {
        return at.effective().stream().anyMatch(route -> !route.isExitRoute() && route.overlaps(prefix));
    }

    /** Returns whether a destination names a node's own addresses; autogroup:self is only asked where it is open. */
    static boolean namesNode(PolicyIndex policy, Selector destination, Node node) {
        Optional<Prefix> literal = policy.literal(destination);
        return literal.isPresent()
                ? node.addresses().stream().anyMatch(literal.get()::contains)
                : !node.addresses().isEmpty()
                        && (destination == Autogroup.SELF
                                || policy.ownersOf(destination).contains(node.owner()));
    }

    /** Where the capabilities of a rule count; nowhere if it has none, or has {@code via}. */
    static SortedSet<Prefix> capabilityDestinations(PolicyIndex policy, Rule rule, NodeRoutes at) {
        TreeSet<Prefix> where = new TreeSet<>();
        for (Rule.Target target : rule.app().isEmpty() || rule.isVia() ? List.<Rule.Target>of() : rule.targets()) {
            Selector destination = target.destination();
            Optional<Prefix> literal = policy.literal(destination);
            for (IpAddress address : at.node().addresses()) {
                boolean holds = literal.isPresent()
                        ? literal.get().contains(address)
                        : destination instanceof Selector.Everything || namesNode(policy, destination, at.node());
                if (holds) {
                    where.add(address.toPrefix());
                }
            }
            literal.filter(prefix -> overlapsRoute(prefix, at)).ifPresent(where::add);
        }
        return where;
    }

    // Sources

    private Sources sources(int number) {
        if (number >= sources.length) {
            return new Sources(ofUser(number));
        }
        Sources known = sources[number];
        if (known == null) {
            known = new Sources(ofEntry(number));
            sources[number] = known;
        }
        return known;
    }

    List<AddressPattern> sourcesOf(int number) {
        return sources(number).patterns;
    }

    /** The addresses of one user's nodes, which are few. */
    private ImmutableList<AddressPattern> ofUser(int number) {
        TreeSet<AddressPattern> patterns = new TreeSet<>();
        int place = policy.numbers.placeOf(number);
        for (int slot : rules.classes.ofUser(place)) {
            addMembers(patterns, rules.classes.at(slot), number);
        }
        return ImmutableList.copyOf(patterns);
    }

    private ImmutableList<AddressPattern> ofEntry(int number) {
        TreeSet<AddressPattern> patterns = new TreeSet<>();
        for (Selector selector : policy.numbers.rule(number).sources()) {
            if (selector instanceof Selector.Everything) {
                for (IpRange range : policy.overlay.addresses().ranges()) {
                    patterns.add(AddressPattern.of(range));
                }
                rules.tables.addresses().outside(policy.overlay).forEach(each -> patterns.add(AddressPattern.of(each)));
                rules.prefixes().forEach(prefix -> patterns.add(AddressPattern.of(prefix.prefix())));
            } else if (selector == Autogroup.DANGER_ALL) {
                patterns.add(AddressPattern.ANY);
            } else {
                policy.literal(selector).ifPresent(literal -> patterns.add(AddressPattern.of(literal)));
            }
        }
        for (int slot = 0; slot < rules.classes.count(); slot++) {
            addMembers(patterns, rules.classes.at(slot), number);
        }
        return ImmutableList.copyOf(patterns);
    }

    private void addMembers(Set<AddressPattern> patterns, NodeClasses.@Nullable NodeClass nodeClass, int rule) {
        if (nodeClass != null && nodeClass.rules().ownerSources.contains(rule)) {
            for (NodeId id : nodeClass.members().values()) {
                NodeAccess node = rules.tables.nodes().get(id);
                if (node != null) {
                    node.routes().node().addresses().forEach(each -> patterns.add(AddressPattern.of(each)));
                }
            }
        }
    }
}
