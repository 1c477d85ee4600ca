package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.RoutingState;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects findings; for one thread. */
final class FindingSink {

    private final List<LintFinding> findings = new ArrayList<>();
    private final Names names;

    FindingSink(RoutingState state) {
        this.names = state.names();
    }

    List<LintFinding> findings() {
        return findings;
    }

    String name(NodeId node) {
        return "`" + names.node(node) + "`";
    }

    static String ruleName(RuleId rule) {
        return rule.equals(RuleId.DEFAULT) ? "a policy without rules" : "`" + rule + "`";
    }

    String names(Collection<NodeId> nodes) {
        return Texts.first(nodes, this::name);
    }

    Names names() {
        return names;
    }

    /** About one route of a node. */
    void addRoute(LintCode code, NodeId node, Prefix prefix, String message) {
        add(code, prefix + " " + names.node(node), List.of(node), List.of(prefix), message);
    }

    void addNode(LintCode code, NodeId node, String message) {
        add(code, names.node(node), List.of(node), List.of(), message);
    }

    void add(LintCode code, String subject, Collection<NodeId> nodes, Collection<Prefix> prefixes, String message) {
        addEntry(code, new EntryPlace(subject, null, null), nodes, prefixes, message);
    }

    /** About an entry of the policy. */
    void addEntry(LintCode code, EntryPlace place, String message) {
        addEntry(code, place, List.of(), List.of(), message);
    }

    void addEntry(
            LintCode code, EntryPlace place, Collection<NodeId> nodes, Collection<Prefix> prefixes, String message) {
        findings.add(finding(code, place, nodes, prefixes, message));
    }

    static LintFinding finding(
            LintCode code, EntryPlace place, Collection<NodeId> nodes, Collection<Prefix> prefixes, String message) {
        return new LintFinding(
                code,
                code.severity(),
                place.subject(),
                ImmutableSortedSet.copyOf(nodes),
                ImmutableSortedSet.copyOf(prefixes),
                place.pathOrNull(),
                place.lineOrNull(),
                message,
                null);
    }
}
