package dev.wayleave.access.engine;

import dev.wayleave.internal.SortedChunks;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sources that packet filters list for some rule and did not list before, or no longer list: own addresses of
 * nodes, and, for {@code *}, effective prefixes.
 *
 * @param sources the sources for which the rules that list them changed
 * @param known those that some rule listed before, and some rule lists now
 * @param appeared all rules that list a source which no rule listed before
 * @param gone all rules that listed a source which no rule lists now
 * @param moved all rules that gained or lost a source
 */
record SourceChange(List<Source> sources, List<Source> known, RuleSet appeared, RuleSet gone, RuleSet moved) {

    /** No change. */
    static final SourceChange NONE = new SourceChange(List.of(), List.of(), RuleSet.NONE, RuleSet.NONE, RuleSet.NONE);

    /** A source, and the rules that listed it before, and list it now. */
    record Source(Prefix prefix, RuleSet before, RuleSet after) {}

    /** Whether one of some rules lists a source that none of them listed before, or the reverse. */
    boolean changesSourcesOf(RuleSet rules) {
        if (appeared.meets(rules) || gone.meets(rules)) {
            return true;
        }
        for (Source source : known) {
            if (source.before().meets(rules) != source.after().meets(rules)) {
                return true;
            }
        }
        return false;
    }

    static SourceChange between(AccessTables before, AccessTables after) {
        return new Comparison(before, after).change();
    }

    /** A node that changed; null where it did not exist. */
    private record Node(
            @Nullable NodeAccess before, @Nullable NodeAccess after) {}

    private static final class Comparison {

        private final AccessTables before;
        private final AccessTables after;
        private final Map<NodeId, Node> nodes = new HashMap<>();
        private final SortedSet<Prefix> candidates = new TreeSet<>();

        Comparison(AccessTables before, AccessTables after) {
            this.before = before;
            this.after = after;
            SortedChunks.difference(before.nodes(), after.nodes(), (old, now) -> {
                nodes.put(Objects.requireNonNull(old == null ? now : old).id(), new Node(old, now));
                if (old == null || now == null || !isSpelledAlike(old, now)) {
                    add(candidates, old);
                    add(candidates, now);
                }
            });
            SortedChunks.difference(before.prefixes(), after.prefixes(), (old, now) -> {
                if (old == null && now != null) {
                    candidates.add(now.prefix());
                } else if (old != null && now == null) {
                    candidates.add(old.prefix());
                }
            });
        }

        SourceChange change() {
            List<Source> sources = new ArrayList<>();
            List<Source> known = new ArrayList<>();
            List<RuleSet> appeared = new ArrayList<>();
            List<RuleSet> gone = new ArrayList<>();
            List<RuleSet> moved = new ArrayList<>();
            for (Prefix prefix : candidates) {
                Source source = source(prefix);
                if (source.before().equals(source.after())) {
                    continue;
                }
                sources.add(source);
                if (source.before().isEmpty()) {
                    appeared.add(source.after());
                } else if (source.after().isEmpty()) {
                    gone.add(source.before());
                } else {
                    known.add(source);
                    moved.add(source.before().exclusive(source.after()));
                }
            }
            RuleSet allAppeared = RuleSet.union(appeared);
            RuleSet allGone = RuleSet.union(gone);
            RuleSet all = RuleSet.union(moved).union(allAppeared).union(allGone);
            return new SourceChange(sources, known, allAppeared, allGone, all);
        }

        /** Addresses are looked up once if they are the same before and after. */
        private Source source(Prefix prefix) {
            List<NodeId> had = before.addresses().equalTo(prefix);
            List<NodeId> have = before.addresses() == after.addresses()
                    ? had
                    : after.addresses().equalTo(prefix);
            List<NodeAccess> old = new ArrayList<>(had.size());
            had.forEach(id -> addIfKnown(old, nodeBefore(id)));
            List<NodeAccess> now = new ArrayList<>(have.size());
            have.forEach(id -> addIfKnown(now, nodeAfter(id)));
            return new Source(prefix, before.rulesWithSource(prefix, old), after.rulesWithSource(prefix, now));
        }

        private static void addIfKnown(List<NodeAccess> nodes, @Nullable NodeAccess node) {
            if (node != null) {
                nodes.add(node);
            }
        }

        private @Nullable NodeAccess nodeBefore(NodeId id) {
            Node changed = nodes.get(id);
            return changed == null ? before.nodes().get(id) : changed.before();
        }

        private @Nullable NodeAccess nodeAfter(NodeId id) {
            Node changed = nodes.get(id);
            return changed == null ? after.nodes().get(id) : changed.after();
        }
    }

    private static boolean isSpelledAlike(NodeAccess old, NodeAccess now) {
        return old.rules.ownerSources.equals(now.rules.ownerSources)
                && old.routes().node().hasAddressesOf(now.routes().node());
    }

    private static void add(SortedSet<Prefix> candidates, @Nullable NodeAccess node) {
        if (node != null) {
            for (IpAddress address : node.routes().node().addresses()) {
                candidates.add(address.toPrefix());
            }
        }
    }
}
