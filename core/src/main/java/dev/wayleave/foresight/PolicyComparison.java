package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.foresight.PolicyDifference.Access;
import dev.wayleave.foresight.PolicyDifference.Approval;
import dev.wayleave.foresight.PolicyDifference.Cause;
import dev.wayleave.internal.Optionals;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.settings.RoutingSettings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares two policies, and lists their differences in the words of policies. */
final class PolicyComparison {

    private static final Comparator<Access> ACCESS_ORDER = Comparator.comparing(Access::isGain)
            .thenComparing(access ->
                    access.causes().isEmpty() || access.causes().get(0).lineOrNull() == null
                            ? 0
                            : access.causes().get(0).lineOrNull())
            .thenComparing(access -> access.causes().toString())
            .thenComparing(access -> access.sources().toString())
            .thenComparing(access -> access.destinations().toString())
            .thenComparing(access -> access.traffic().toString());

    final AccessComparison access;
    final ApprovalComparison approvals;
    final List<OwnerAtom> owners;
    private final RoutingPolicy before;
    private final RoutingPolicy after;
    private final RoutingSettings settings;

    PolicyComparison(RoutingPolicy before, RoutingPolicy after, RoutingSettings settings) {
        this.before = before;
        this.after = after;
        this.settings = settings;
        Set<Selector> selectors = new HashSet<>();
        for (RoutingPolicy policy : List.of(before, after)) {
            selectors.addAll(ApprovalComparison.selectors(policy));
            ComparedRule.of(policy, settings.overlay().publicInternet())
                    .keySet()
                    .forEach(rule -> {
                        selectors.addAll(rule.sources());
                        selectors.addAll(rule.destinations());
                    });
        }
        this.owners = OwnerAtom.of(selectors);
        this.access = new AccessComparison(before, after, settings, owners);
        this.approvals = new ApprovalComparison(before, after, owners);
    }

    PolicyDifference difference() {
        PolicyNames names = new PolicyNames(before, after, access.internet.all());
        List<AccessComparison.Block> blocks = access.blocks();
        List<Access> changes = new ArrayList<>();
        if (!blocks.isEmpty()) {
            AtomNames sources = names.ofSources(access);
            AtomNames destinations = names.ofDestinations(access);
            ExampleFinder examples = new ExampleFinder(access, settings.overlay());
            blocks.forEach(block -> changes.add(access(block, sources, destinations, examples)));
            changes.sort(ACCESS_ORDER);
        }
        return new PolicyDifference(changes, approvals(names), notCompared());
    }

    private Access access(
            AccessComparison.Block block, AtomNames sources, AtomNames destinations, ExampleFinder examples) {
        FlowSpace space = access.space;
        List<String> targets = new ArrayList<>(destinations.of(block.destinations()));
        if (block.self() && !examples.holdsOwnNodes(block)) {
            targets.add(Selector.Autogroup.SELF.text());
        }
        SortedSet<RuleId> causes = access.index.entries(block.causes(), block.gain());
        SortedSet<RuleId> others = access.index.entries(access.index.of(block.rest(), !block.gain()), !block.gain());
        return new Access(
                block.gain(),
                sources.of(block.sources()),
                targets,
                space.traffic(block.flows()),
                space.capabilities(block.flows()),
                FlowSpace.effects(block.flows()),
                causes(causes, block.gain() ? after : before),
                causes(others, block.gain() ? before : after),
                examples.of(block));
    }

    private static List<Cause> causes(Collection<RuleId> rules, RoutingPolicy policy) {
        return rules.stream()
                .map(rule -> new Cause(rule.toString(), Optionals.orNull(rule.lineIn(policy))))
                .toList();
    }

    // Approvals

    private record ApprovalGroup(boolean gain, BitSet owners, boolean exit) {}

    private List<Approval> approvals(PolicyNames names) {
        Map<ApprovalGroup, TreeSet<Prefix>> groups = new LinkedHashMap<>();
        for (ApprovalComparison.Part part : approvals.parts()) {
            Prefix key = part.keyOrNull();
            TreeSet<Prefix> its = groups.computeIfAbsent(
                    new ApprovalGroup(part.gain(), part.owners(), key == null), a -> new TreeSet<>());
            if (key != null) {
                its.add(key);
            }
        }
        AtomNames ownerNames = names.ofOwners(owners);
        List<Approval> result = new ArrayList<>();
        groups.forEach((part, keys) -> result.add(approval(part, keys, ownerNames.of(part.owners()))));
        result.sort(Comparator.comparing(Approval::isGain)
                .thenComparing(each -> each.prefixes().toString())
                .thenComparing(each -> each.owners().toString()));
        return result;
    }

    private Approval approval(ApprovalGroup part, SortedSet<Prefix> keys, List<String> ownerNames) {
        Set<Prefix> all = approvals.keys();
        List<Prefix> widest = new ArrayList<>();
        List<Prefix> except = new ArrayList<>();
        for (Prefix key : all) {
            boolean inside = all.stream()
                    .filter(other -> !other.equals(key) && other.contains(key))
                    .max(Comparator.comparingInt(Prefix::length))
                    .filter(keys::contains)
                    .isPresent();
            if (keys.contains(key) && !inside) {
                widest.add(key);
            } else if (!keys.contains(key) && inside) {
                except.add(key);
            }
        }
        OwnerAtom owner = owners.get(part.owners().nextSetBit(0));
        Prefix key = keys.isEmpty() ? null : keys.first();
        return new Approval(
                part.gain(),
                widest,
                except,
                ownerNames,
                approvals.causes(owner, key, part.gain()),
                owner.example("any-user").orElse(null),
                owner.exampleTag().orElse(null),
                key == null
                        ? Prefix.parse("0.0.0.0/0")
                        : ApprovalComparison.example(key, all).orElse(key));
    }

    private SortedSet<String> notCompared() {
        TreeSet<String> sections = new TreeSet<>();
        if (!tagOwners(before).equals(tagOwners(after))) {
            sections.add("tagOwners");
        }
        if (!before.tests().equals(after.tests())) {
            sections.add("tests");
        }
        if (!before.appConnectors().equals(after.appConnectors())) {
            sections.add("nodeAttrs");
        }
        return sections;
    }

    private static Map<Tag, Set<Selector>> tagOwners(RoutingPolicy policy) {
        TreeMap<Tag, Set<Selector>> owners = new TreeMap<>();
        policy.tagOwners().forEach((tag, its) -> owners.put(tag, ComparedRule.spelledOut(its, policy)));
        return owners;
    }
}
