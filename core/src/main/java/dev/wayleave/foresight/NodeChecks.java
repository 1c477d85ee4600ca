package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.approval.Verdict;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NodeFinding;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.User;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Lint checks of each node, and of what it advertises and has approved. */
final class NodeChecks {

    private final RoutingState state;
    private final FindingSink sink;
    private final Instant now;
    private final LintOptions options;
    private final AutoApproval approvers;
    private final Map<IpAddress, List<NodeId>> holders = new HashMap<>();

    NodeChecks(RoutingState state, FindingSink sink, Instant now, LintOptions options) {
        this.state = state;
        this.sink = sink;
        this.now = now;
        this.options = options;
        this.approvers = AutoApproval.compile(state.policy(), state.users());
    }

    void run() {
        for (NodeState node : state.nodes().values()) {
            node.facts()
                    .addresses()
                    .forEach(address -> holders.computeIfAbsent(address, a -> new ArrayList<>(1))
                            .add(node.id()));
        }
        for (NodeState node : state.nodes().values()) {
            facts(node);
            exitPair(node);
            approvals(node);
            keyExpiry(node);
        }
        lookAlikes();
    }

    private void facts(NodeState node) {
        for (NodeFinding finding :
                NodeFinding.ofAddresses(node.facts(), address -> holders.getOrDefault(address, List.of()))) {
            if (finding instanceof NodeFinding.SharedAddress shared) {
                // once for each address, at the node with the lowest number
                if (shared.others().first().compareTo(node.id()) > 0) {
                    List<NodeId> all = new ArrayList<>(shared.others());
                    all.add(node.id());
                    sink.add(LintCode.SHARED_ADDRESS, shared.address().toString(), all, List.of(), fact(finding));
                }
            } else {
                sink.addNode(LintCode.RESERVED_ADDRESS, node.id(), fact(finding));
            }
        }
        for (NodeFinding finding : NodeFinding.ofPrefixes(
                node.id(), node.advertised(), state.settings().overlay())) {
            if (finding instanceof NodeFinding.ReservedPrefix reserved) {
                sink.addRoute(LintCode.RESERVED_PREFIX, node.id(), reserved.prefix(), fact(finding));
            } else if (finding instanceof NodeFinding.UnreadableVia6 unreadable) {
                sink.addRoute(LintCode.UNREADABLE_VIA6, node.id(), unreadable.prefix(), fact(finding));
            }
        }
    }

    private String fact(NodeFinding finding) {
        return finding.fact(sink.names().withNodes(sink::name));
    }

    private void exitPair(NodeState node) {
        boolean ipv4 = node.advertised().contains(KnownRanges.EXIT_IPV4);
        boolean ipv6 = node.advertised().contains(KnownRanges.EXIT_IPV6);
        if (ipv4 != ipv6) {
            Prefix one = ipv4 ? KnownRanges.EXIT_IPV4 : KnownRanges.EXIT_IPV6;
            sink.addRoute(
                    LintCode.HALF_EXIT_NODE,
                    node.id(),
                    one,
                    sink.name(node.id()) + " advertises `" + one + "` without the other exit route");
        }
        node.approvals()
                .halfExitPair()
                .ifPresent(half -> sink.addRoute(
                        LintCode.HALF_EXIT_NODE,
                        node.id(),
                        half,
                        "`" + half + "` is approved on " + sink.name(node.id()) + ", and the other exit route is not"));
    }

    private void approvals(NodeState node) {
        Approvals approvals = node.approvals();
        approvals.approved().forEach((prefix, approval) -> {
            if (!node.advertised().contains(prefix)) {
                unused(node, prefix, approval);
            }
            if (approval.by() instanceof Approver.AutoApprover approver) {
                stale(node, prefix, approver);
            }
        });
        for (Prefix prefix : node.advertised()) {
            if (!approvals.approved().containsKey(prefix) && !approvals.denied().containsKey(prefix)) {
                waiting(node, prefix);
            }
        }
    }

    /** What a review would approve again, by this approver or by another, is not a finding. */
    private void stale(NodeState node, Prefix prefix, Approver.AutoApprover approver) {
        if (!approvers.review(node.facts().owner(), prefix, Approvals.none()).isApproved()) {
            sink.addRoute(
                    LintCode.STALE_APPROVAL,
                    node.id(),
                    prefix,
                    "`" + prefix + "` on " + sink.name(node.id()) + " was approved " + approver.text(sink.names())
                            + ", and now no approver names the node for it");
        }
    }

    private void waiting(NodeState node, Prefix prefix) {
        Instant since = node.advertisedAt(prefix).orElse(now);
        Duration age = Duration.between(since, now);
        if (age.compareTo(options.waitingFor()) < 0) {
            return;
        }
        Verdict verdict = approvers.review(node.facts().owner(), prefix, node.approvals());
        sink.addRoute(
                LintCode.WAITING_FOR_APPROVAL,
                node.id(),
                prefix,
                "`" + prefix + "` on " + sink.name(node.id()) + " waits for an approval since " + since + ", "
                        + age.toDays() + " days: " + verdict.textIfAdvertised(sink.names()));
    }

    private void unused(NodeState node, Prefix prefix, Approval approval) {
        Duration age = Duration.between(approval.at(), now);
        if (age.compareTo(options.approvedUnusedFor()) >= 0) {
            sink.addRoute(
                    LintCode.APPROVED_NOT_ADVERTISED,
                    node.id(),
                    prefix,
                    "`" + prefix + "` was approved on " + sink.name(node.id()) + " " + age.toDays()
                            + " days ago, and the node does not advertise it");
        }
    }

    private void keyExpiry(NodeState node) {
        if (node.effective().isEmpty() || node.facts().keyExpiry().isEmpty()) {
            return;
        }
        Instant expiry = node.facts().keyExpiry().get();
        if (!expiry.isAfter(now)) {
            sink.addNode(
                    LintCode.KEY_EXPIRED,
                    node.id(),
                    "the key of router " + sink.name(node.id()) + " expired at " + Texts.time(expiry));
        } else if (!expiry.isAfter(now.plus(options.keyExpiresWithin()))) {
            sink.addNode(
                    LintCode.KEY_EXPIRES_SOON,
                    node.id(),
                    "the key of router " + sink.name(node.id()) + " expires at " + Texts.time(expiry) + ", in "
                            + Duration.between(now, expiry).toDays() + " days");
        }
    }

    private void lookAlikes() {
        lookAlikes(
                "nodes",
                state.nodes().values(),
                node -> node.facts().name(),
                NodeState::id,
                alike -> alike.stream().map(NodeState::id).toList());
        lookAlikes("users", state.users().all(), User::name, User::id, alike -> List.of());
    }

    /** Reports those whose names differ and are seen as one. */
    private <T> void lookAlikes(
            String kind,
            Collection<T> all,
            Function<T, String> name,
            Function<T, Object> id,
            Function<List<T>, List<NodeId>> nodes) {
        Map<String, List<T>> seen = new TreeMap<>();
        all.forEach(each -> seen.computeIfAbsent(VisibleText.of(name.apply(each)), n -> new ArrayList<>(1))
                .add(each));
        seen.forEach((text, alike) -> {
            if (alike.stream().map(name).distinct().count() > 1) {
                List<String> ids =
                        alike.stream().map(each -> id.apply(each).toString()).toList();
                sink.add(
                        LintCode.LOOK_ALIKE_NAMES,
                        text,
                        nodes.apply(alike),
                        List.of(),
                        kind + " " + ids + " are all seen as `" + text + "`");
            }
        });
    }
}
