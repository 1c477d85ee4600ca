package dev.wayleave;

import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The prefixes of a state while a step changes them; for one thread. The tree is touched once, in the end: a policy may change a
 * million routes, and each of them several times.
 *
 * <pre>
 *   tree of the state before ◄── kept: accepted submissions, time, elections ◄── open: the submission at hand
 * </pre>
 *
 * <p>An entry that nobody holds stands for none.
 */
final class RouteEdits {

    /** More edits than this, and than this part of the tree, cost more as a path each than as one pass over all of it. */
    private static final int FEW = 64;

    private static final int PART = 16;

    private final TreePMap<Prefix, RouteState> before;
    private Map<Prefix, RouteState> kept = new HashMap<>();
    private Map<Prefix, RouteState> open = kept;

    RouteEdits(TreePMap<Prefix, RouteState> before) {
        this.before = before;
    }

    @Nullable
    RouteState get(Prefix prefix) {
        RouteState edited = open.get(prefix);
        if (edited == null && open != kept) {
            edited = kept.get(prefix);
        }
        if (edited == null) {
            return before.get(prefix);
        }
        return edited.holders().isEmpty() ? null : edited;
    }

    /** Puts an entry in the place of that of its prefix; one without holders takes that away. */
    void put(RouteState route) {
        open.put(route.prefix(), route);
    }

    /** All that have an entry now, in no order. */
    Set<Prefix> prefixes() {
        Set<Prefix> prefixes = new HashSet<>(before.keySet());
        for (Map<Prefix, RouteState> edits : List.of(kept, open)) {
            edits.forEach((prefix, route) -> {
                if (route.holders().isEmpty()) {
                    prefixes.remove(prefix);
                } else {
                    prefixes.add(prefix);
                }
            });
        }
        return prefixes;
    }

    /** From here on edits can be undone, until they are kept. */
    void begin() {
        open = new HashMap<>();
    }

    void undo() {
        open = kept;
    }

    void keep() {
        if (kept.isEmpty()) {
            kept = open;
        } else if (open != kept) {
            kept.putAll(open);
        }
        open = kept;
    }

    /**
     * The tree with all that was kept.
     *
     * @param edited every prefix that was edited, and perhaps others, each once and in their order
     */
    TreePMap<Prefix, RouteState> build(List<Prefix> edited) {
        if (kept.size() <= Math.max(FEW, before.size() / PART)) {
            TreePMap<Prefix, RouteState> tree = before;
            for (RouteState route : kept.values()) {
                tree = route.holders().isEmpty() ? tree.minus(route.prefix()) : tree.plus(route.prefix(), route);
            }
            return tree;
        }
        return TreePMap.fromSortedMap(SortedPairs.of(merged(inOrder(edited)), RouteState::prefix));
    }

    private List<RouteState> inOrder(List<Prefix> edited) {
        List<RouteState> edits = new ArrayList<>(kept.size());
        for (Prefix prefix : edited) {
            RouteState edit = kept.get(prefix);
            if (edit != null) {
                edits.add(edit);
            }
        }
        if (edits.size() < kept.size()) {
            throw new IllegalStateException("a prefix was edited that needs no election");
        }
        return edits;
    }

    private List<RouteState> merged(List<RouteState> edits) {
        List<RouteState> merged = new ArrayList<>(before.size() + edits.size());
        int next = 0;
        for (RouteState was : before.values()) {
            while (next < edits.size() && edits.get(next).prefix().compareTo(was.prefix()) < 0) {
                add(edits.get(next++), merged);
            }
            if (next < edits.size() && edits.get(next).prefix().equals(was.prefix())) {
                add(edits.get(next++), merged);
            } else {
                merged.add(was);
            }
        }
        edits.subList(next, edits.size()).forEach(edit -> add(edit, merged));
        return merged;
    }

    private static void add(RouteState edit, List<RouteState> merged) {
        if (!edit.holders().isEmpty()) {
            merged.add(edit);
        }
    }
}
