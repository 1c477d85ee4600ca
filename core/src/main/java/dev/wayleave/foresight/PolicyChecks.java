package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.access.engine.Rule;
import dev.wayleave.access.engine.RuleEntry;
import dev.wayleave.internal.Optionals;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lint checks of a policy in its tailnet. */
final class PolicyChecks {

    /** What private networks use; an exit node's own network lies in it. */
    private static final AddressSet PRIVATE = AddressSet.of(
            KnownRanges.PRIVATE_10, KnownRanges.PRIVATE_172_16, KnownRanges.PRIVATE_192_168, KnownRanges.UNIQUE_LOCAL);

    private final RoutingState state;
    private final RoutingPolicy policy;
    private final Map<String, AddressSet> ipSets;
    private final FindingSink sink;
    private final List<RuleEntry> rules;
    private final ViaChecks via;
    private final Set<UserId> owningUsers = new HashSet<>();

    private final Set<Tag> owningTags = new HashSet<>();
    private final Map<Selector, Boolean> named = new HashMap<>();

    PolicyChecks(RoutingState state, FindingSink sink, List<RuleEntry> rules, ViaChecks via) {
        this.state = state;
        this.policy = state.policy();
        this.ipSets = policy.ipSets(state.settings().overlay().publicInternet());
        this.sink = sink;
        this.rules = rules;
        this.via = via;
    }

    void run() {
        for (NodeState node : state.nodes().values()) {
            if (node.facts().owner() instanceof Owner.OfUser user) {
                owningUsers.add(user.id());
            } else if (node.facts().owner() instanceof Owner.Tagged tagged) {
                owningTags.addAll(tagged.tags());
            }
        }
        notices();
        failingTests();
        shadowedKeys();
        List<NodeState> exitNodes = exitNodesWithNetworks();
        for (RuleEntry rule : rules) {
            checkNames(rule);
            via.check(rule);
            SortedSet<Prefix> opened = familiesOpened(rule);
            if (!opened.isEmpty()) {
                exitNodeNetworks(rule, opened, exitNodes);
                openToEveryNode(rule, opened);
            }
        }
    }

    private void notices() {
        List<String> lines = policy.text().lines().toList();
        for (PolicyNotice notice : state.notices(policy)) {
            LintCode code = notice.code() == PolicyNotice.Code.UNMATCHED_NAME
                            || notice.code() == PolicyNotice.Code.UNDEFINED_NAME
                    ? LintCode.UNKNOWN_NAME
                    : LintCode.POLICY_NOTICE;
            sink.addEntry(code, EntryPlace.of(notice, lines), notice.message());
        }
    }

    private void failingTests() {
        for (PolicyTestFailure failure : RouteTests.ofPolicy(state)) {
            sink.addEntry(
                    LintCode.FAILING_TEST,
                    EntryPlace.ofTest(failure.test(), policy),
                    failure.faults().stream()
                            .map(fault -> fault.text(failure.source()))
                            .collect(Collectors.joining("; ")));
        }
    }

    private void shadowedKeys() {
        PrefixTable.Builder<List<Selector>> table = PrefixTable.builder();
        policy.autoApprovers().routes().forEach(table::put);
        PrefixTable<List<Selector>> keys = table.build();
        policy.autoApprovers().routes().forEach((key, approvers) -> {
            Optional<Prefix> wider = keys.covering(key).stream()
                    .filter(entry ->
                            !entry.prefix().equals(key) && entry.value().containsAll(approvers))
                    .map(PrefixTable.Entry::prefix)
                    .max(Comparator.comparingInt(Prefix::length));
            if (wider.isPresent() && !approvers.isEmpty()) {
                sink.addEntry(
                        LintCode.SHADOWED_APPROVERS,
                        place(key, Optionals.orNull(policy.lineOfRouteApprover(key, approvers.get(0)))),
                        List.of(),
                        List.of(key),
                        "all approvers of `" + key + "` are approvers of `" + wider.get() + "` too");
            }
        });
    }

    private static EntryPlace place(Prefix key, @Nullable Integer line) {
        String path = "autoApprovers.routes." + key;
        return new EntryPlace(path, path, line);
    }

    private void checkNames(RuleEntry rule) {
        if (rule.sources().stream().noneMatch(this::namesSomething)) {
            sink.addEntry(
                    LintCode.RULE_WITHOUT_SOURCE,
                    EntryPlace.of(rule.id(), policy),
                    "no node is a source of " + FindingSink.ruleName(rule.id()) + ": " + listed(rule.sources()));
        }
        if (rule.destinations().stream().noneMatch(this::namesSomething)) {
            sink.addEntry(
                    LintCode.RULE_WITHOUT_DESTINATION,
                    EntryPlace.of(rule.id(), policy),
                    "no node is a destination of " + FindingSink.ruleName(rule.id()) + ": "
                            + listed(rule.destinations()));
        }
    }

    private static String listed(Collection<Selector> selectors) {
        return selectors.isEmpty()
                ? "the list is empty"
                : Texts.join(selectors.stream().map(Selector::text).toList());
    }

    private boolean namesSomething(Selector selector) {
        return named.computeIfAbsent(selector, this::findsSomething);
    }

    private boolean findsSomething(Selector selector) {
        if (!selector.namesOwners()) {
            return true;
        }
        OwnerSet owners = NamedOwners.of(selector, policy.groups(), state.users());
        return (owners.everyTag() && !owningTags.isEmpty())
                || owners.users().stream().anyMatch(owningUsers::contains)
                || owners.tags().stream().anyMatch(owningTags::contains);
    }

    private List<NodeState> exitNodesWithNetworks() {
        return state.nodes().values().stream()
                .filter(node -> node.effective().stream().anyMatch(Prefix::isExitRoute))
                .filter(node ->
                        node.effective().stream().anyMatch(prefix -> !prefix.isExitRoute() && PRIVATE.contains(prefix)))
                .toList();
    }

    private void exitNodeNetworks(RuleEntry rule, SortedSet<Prefix> families, List<NodeState> exitNodes) {
        TreeSet<NodeId> opened = new TreeSet<>();
        TreeSet<Prefix> networks = new TreeSet<>();
        for (NodeState exitNode : exitNodes) {
            for (Prefix prefix : exitNode.effective()) {
                if (!prefix.isExitRoute() && PRIVATE.contains(prefix) && isIn(families, prefix)) {
                    opened.add(exitNode.id());
                    networks.add(prefix);
                }
            }
        }
        if (!opened.isEmpty()) {
            sink.addEntry(
                    LintCode.EXIT_NODE_NETWORK_OPEN,
                    EntryPlace.of(rule.id(), policy),
                    opened,
                    networks,
                    FindingSink.ruleName(rule.id()) + " opens with `*` also the networks of exit nodes: "
                            + Texts.first(networks, prefix -> "`" + prefix + "`") + " of " + sink.names(opened));
        }
    }

    /** What the rule opens on every router by a destination that stands for all addresses: no, one or both families. */
    private SortedSet<Prefix> familiesOpened(RuleEntry rule) {
        TreeSet<Prefix> opened = new TreeSet<>();
        for (Rule.Target target : rule.targets()) {
            if (rule.via().isEmpty() && !target.traffic().isEmpty()) {
                if (target.destination() instanceof Selector.Everything) {
                    opened.addAll(List.of(KnownRanges.EXIT_IPV4, KnownRanges.EXIT_IPV6));
                }
                opened.addAll(wholeFamilies(target.destination()));
            }
        }
        return opened;
    }

    /** Whether every node is a source of the rule, by a source that stands for all addresses. */
    private boolean isFromEverywhere(RuleEntry rule) {
        return rule.sources().stream()
                .anyMatch(source -> source instanceof Selector.Everything
                        || source == Autogroup.DANGER_ALL
                        || !wholeFamilies(source).isEmpty());
    }

    /** All of IPv4, all of IPv6, or both, where a selector names addresses. */
    private List<Prefix> wholeFamilies(Selector selector) {
        if (selector instanceof Selector.IpSet ipSet) {
            AddressSet addresses = ipSets.getOrDefault(ipSet.text(), AddressSet.empty());
            return Stream.of(KnownRanges.EXIT_IPV4, KnownRanges.EXIT_IPV6)
                    .filter(addresses::contains)
                    .toList();
        }
        Prefix host = selector instanceof Selector.Host ? policy.hosts().get(selector.text()) : null;
        Prefix prefix = selector instanceof Selector.Network network ? network.prefix() : host;
        return prefix != null && prefix.isExitRoute() ? List.of(prefix) : List.of();
    }

    private static boolean isIn(SortedSet<Prefix> families, Prefix prefix) {
        return families.stream().anyMatch(family -> family.contains(prefix));
    }

    private void openToEveryNode(RuleEntry rule, SortedSet<Prefix> families) {
        if (!isFromEverywhere(rule)) {
            return;
        }
        long routes = state.routes().keySet().stream()
                .filter(prefix -> isIn(families, prefix))
                .count();
        if (routes > 0) {
            sink.addEntry(
                    LintCode.OPEN_TO_EVERY_NODE,
                    EntryPlace.of(rule.id(), policy),
                    FindingSink.ruleName(rule.id()) + " gives every node "
                            + (routes == 1 ? "1 subnet route" : routes + " subnet routes")
                            + ": `*` as a source and as a destination includes the networks behind routers");
        }
    }
}
