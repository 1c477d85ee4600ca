package dev.wayleave.access.engine;

import dev.wayleave.internal.SortedChunks;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sources that packet filters list for some rule and did not list before, or no longer list: own addresses of
 * nodes, and, for {@code *}, effective prefixes.
 *
 * @param sources the sources for which the rules that list them changed
 * @param moved all rules that gained or lost a source
 */
record SourceChange(List<Source> sources, RuleSet moved) {

    /** A source, and the rules that listed it before, and list it now. */
    record Source(Prefix prefix, RuleSet before, RuleSet after) {}

    static SourceChange between(AccessTables before, AccessTables after) {
        List<Source> sources = new ArrayList<>();
        RuleSet moved = RuleSet.NONE;
        for (Prefix prefix : candidates(before, after)) {
            Source source = new Source(prefix, before.spelling(prefix), after.spelling(prefix));
            if (!source.before().equals(source.after())) {
                sources.add(source);
                moved = moved.union(source.before().exclusive(source.after()));
            }
        }
        return new SourceChange(sources, moved);
    }

    private static SortedSet<Prefix> candidates(AccessTables before, AccessTables after) {
        TreeSet<Prefix> candidates = new TreeSet<>();
        SortedChunks.difference(before.nodes(), after.nodes(), (old, now) -> {
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
        return candidates;
    }

    private static boolean isSpelledAlike(NodeAccess old, NodeAccess now) {
        return old.rules.spelling.equals(now.rules.spelling)
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
