package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is odd about a policy in its tailnet. */
final class PolicyChecks {

    /** What private networks use; an exit node's own network lies in it. */
    private static final AddressSet PRIVATE = AddressSet.of(
            KnownRanges.PRIVATE_10, KnownRanges.PRIVATE_172_16, KnownRanges.PRIVATE_192_168, KnownRanges.UNIQUE_LOCAL);

    private final RoutingState state;
    private final RoutingPolicy policy;
    private final FindingSink sink;
    private final Set<UserId> owningUsers = new HashSet<>();

    /** The tags that nodes have, each with the routers among these nodes. */
    private final Map<Tag, SortedSet<NodeId>> routersByTag = new TreeMap<>();

    private final Map<Selector, Boolean> named = new HashMap<>();

    /** An exit node is reported with the first rule that opens its network. */
    private boolean exitNodesReported;

    PolicyChecks(RoutingState state, FindingSink sink) {
        this.state = state;
        this.policy = state.policy();
        this.sink = sink;
    }

    /** A rule in the shape that both sections share. */
    private record Rule(RuleId id, List<Selector> sources, List<Selector> destinations, SortedSet<Tag> via) {}

    void run() {
        for (NodeState node : state.nodes().values()) {
            if (node.facts().owner() instanceof Owner.OfUser user) {
                owningUsers.add(user.id());
            } else if (node.facts().owner() instanceof Owner.Tagged tagged) {
                for (Tag tag : tagged.tags()) {
                    SortedSet<NodeId> routers = routersByTag.computeIfAbsent(tag, t -> new TreeSet<>());
                    if (!node.effective().isEmpty()) {
                        routers.add(node.id());
                    }
                }
            }
        }
        notices();
        failingTests();
        shadowedKeys();
        List<NodeState> exitNodes = exitNodesWithNetworks();
        for (Rule rule : rules()) {
            checkNames(rule);
            via(rule);
            everything(rule, exitNodes);
        }
    }

    private List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        List<Grant> grants = policy.grants().orElse(List.of());
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            rules.add(
                    new Rule(new RuleId(RuleId.Section.GRANTS, i), grant.sources(), grant.destinations(), grant.via()));
        }
        List<AclRule> acls = policy.acls().orElse(List.of());
        for (int i = 0; i < acls.size(); i++) {
            List<Selector> destinations = acls.get(i).destinations().stream()
                    .map(AclRule.Destination::selector)
                    .toList();
            rules.add(
                    new Rule(new RuleId(RuleId.Section.ACLS, i), acls.get(i).sources(), destinations, new TreeSet<>()));
        }
        return rules;
    }

    private void notices() {
        for (PolicyNotice notice : state.notices(policy)) {
            LintCode code = notice.code() == PolicyNotice.Code.UNMATCHED_NAME
                            || notice.code() == PolicyNotice.Code.UNDEFINED_NAME
                    ? LintCode.UNKNOWN_NAME
                    : LintCode.POLICY_NOTICE;
            if (notice.line() == 0) {
                sink.add(code, "policy", List.of(), List.of(), notice.message());
            } else {
                sink.addEntry(code, notice.element(), OptionalInt.of(notice.line()), notice.message());
            }
        }
    }

    private void failingTests() {
        for (PolicyTestFailure failure : RouteTests.ofPolicy(state)) {
            sink.addEntry(
                    LintCode.FAILING_TEST,
                    "tests[" + failure.test() + "]",
                    failure.line(),
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
                        "autoApprovers.routes." + key,
                        policy.lineOfRouteApprover(key, approvers.get(0)),
                        List.of(),
                        List.of(key),
                        "all approvers of `" + key + "` are approvers of `" + wider.get() + "` too");
            }
        });
    }

    private void checkNames(Rule rule) {
        if (rule.sources().stream().noneMatch(this::namesSomething)) {
            sink.addEntry(
                    LintCode.RULE_WITHOUT_SOURCE,
                    rule.id().toString(),
                    rule.id().lineIn(policy),
                    "no node is a source of `" + rule.id() + "`: " + listed(rule.sources()));
        }
        if (rule.destinations().stream().noneMatch(this::namesSomething)) {
            sink.addEntry(
                    LintCode.RULE_WITHOUT_DESTINATION,
                    rule.id().toString(),
                    rule.id().lineIn(policy),
                    "no node is a destination of `" + rule.id() + "`: " + listed(rule.destinations()));
        }
    }

    private static String listed(Collection<Selector> selectors) {
        return selectors.isEmpty()
                ? "the list is empty"
                : selectors.stream().map(each -> "`" + each.text() + "`").collect(Collectors.joining(", "));
    }

    private boolean namesSomething(Selector selector) {
        return named.computeIfAbsent(selector, this::findsSomething);
    }

    private boolean findsSomething(Selector selector) {
        boolean byOwner = selector instanceof Selector.UserName
                || selector instanceof Selector.UserDomain
                || selector instanceof Selector.Group
                || selector instanceof Selector.Tagged
                || (selector instanceof Autogroup autogroup
                        && autogroup != Autogroup.SELF
                        && autogroup != Autogroup.INTERNET
                        && autogroup != Autogroup.DANGER_ALL);
        if (!byOwner) {
            return true;
        }
        OwnerSet owners = NamedOwners.of(selector, policy.groups(), state.users());
        return (owners.everyTag() && !routersByTag.isEmpty())
                || owners.users().stream().anyMatch(owningUsers::contains)
                || owners.tags().stream().anyMatch(routersByTag::containsKey);
    }

    private void via(Rule rule) {
        if (rule.via().isEmpty()) {
            return;
        }
        TreeSet<NodeId> routers = new TreeSet<>();
        rule.via().forEach(tag -> routers.addAll(routersByTag.getOrDefault(tag, new TreeSet<>())));
        String tags = Texts.join(rule.via());
        if (routers.isEmpty()) {
            sink.addEntry(
                    LintCode.VIA_WITHOUT_ROUTER,
                    rule.id().toString(),
                    rule.id().lineIn(policy),
                    "`" + rule.id() + "` goes through " + tags + ", and no router has such a tag");
        } else if (routers.size() == 1) {
            sink.addEntry(
                    LintCode.VIA_SINGLE_ROUTER,
                    rule.id().toString(),
                    rule.id().lineIn(policy),
                    routers,
                    List.of(),
                    "`" + rule.id() + "` goes through " + tags + ", and " + sink.names(routers)
                            + " is the only router with such a tag");
        }
    }

    private List<NodeState> exitNodesWithNetworks() {
        return state.nodes().values().stream()
                .filter(node -> node.effective().stream().anyMatch(Prefix::isExitRoute))
                .filter(node ->
                        node.effective().stream().anyMatch(prefix -> !prefix.isExitRoute() && PRIVATE.contains(prefix)))
                .toList();
    }

    /** Rules with the destination {@code *}. */
    private void everything(Rule rule, List<NodeState> exitNodes) {
        if (!rule.destinations().contains(new Selector.Everything())
                || !rule.via().isEmpty()) {
            return;
        }
        for (NodeState exitNode : exitNodesReported ? List.<NodeState>of() : exitNodes) {
            List<Prefix> networks = exitNode.effective().stream()
                    .filter(prefix -> !prefix.isExitRoute() && PRIVATE.contains(prefix))
                    .toList();
            sink.addEntry(
                    LintCode.EXIT_NODE_NETWORK_OPEN,
                    rule.id().toString(),
                    rule.id().lineIn(policy),
                    List.of(exitNode.id()),
                    networks,
                    "`" + rule.id() + "` opens exit node " + sink.name(exitNode.id()) + " by `*`, and with it "
                            + Texts.join(networks));
        }
        exitNodesReported = true;
        int routes = state.routes().size();
        if (rule.sources().contains(new Selector.Everything()) && routes > 0) {
            sink.addEntry(
                    LintCode.OPEN_TO_EVERY_NODE,
                    rule.id().toString(),
                    rule.id().lineIn(policy),
                    "`" + rule.id() + "` gives every node " + (routes == 1 ? "the route" : "all " + routes + " routes")
                            + ": `*` as a source and as a destination includes what is behind routers");
        }
    }
}
