package dev.wayleave;

import com.google.common.collect.Lists;
import dev.wayleave.event.Origin;
import dev.wayleave.internal.SortedPairs;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.engine.PrefixGroups;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The prefixes of a state while a step changes them; for one thread. Each prefix is looked up once in the tree of the
 * state before, and the tree is changed once, at the end: a policy may change a million routes, and each of them
 * several times.
 *
 * <pre>
 *   tree of the state before ──► edit of a prefix: before, now, and the origin ──► elections ──► the next tree
 * </pre>
 */
final class PrefixEdits {

    /** Up to this many edits are sorted by comparison; more are sorted by {@link PrefixGroups}. */
    private static final int FEW = 64;

    /** If more than this part of all prefixes changed, building the tree anew costs less than a path for each. */
    private static final int REBUILD_FRACTION = 16;

    private final TreePMap<Prefix, RouteState> before;
    private final Map<Prefix, Edit> byPrefix = new HashMap<>();

    /** The same edits, as they came: mostly in the order of the prefixes, and walked much faster than a hash table. */
    private final List<Edit> edits = new ArrayList<>();

    /** The edits that the current submission has changed. */
    private final List<Edit> open = new ArrayList<>();

    private boolean inSubmission;

    /** One prefix that a step looks at. */
    static final class Edit {

        final Prefix prefix;

        /** The route at the start of the step, or null if no node held it. */
        final @Nullable RouteState before;

        private @Nullable RouteState now;
        private @Nullable Origin origin;
        private boolean isOpen;
        private @Nullable RouteState nowKept;
        private @Nullable Origin originKept;

        private Edit(Prefix prefix, @Nullable RouteState before) {
            this.prefix = prefix;
            this.before = before;
            this.now = before;
        }

        /** The route so far, or null if no node holds it. */
        @Nullable
        RouteState now() {
            return now;
        }

        /** The route so far, without holders if no node holds it. */
        RouteState nowOrEmpty() {
            RouteState route = now;
            return route == null ? RouteState.withoutHolders(prefix) : route;
        }

        /** {@return the origin of the change that requested the election, or null if no change did} */
        @Nullable
        Origin origin() {
            return origin;
        }

        private boolean needsElection() {
            return origin != null;
        }
    }

    PrefixEdits(TreePMap<Prefix, RouteState> before) {
        this.before = before;
    }

    Edit of(Prefix prefix) {
        Edit edit = byPrefix.get(prefix);
        if (edit == null) {
            edit = new Edit(prefix, before.get(prefix));
            byPrefix.put(prefix, edit);
            edits.add(edit);
        }
        return edit;
    }

    /** Replaces the state of the prefix, and marks it for election; a state without holders removes the prefix. */
    void put(Edit edit, RouteState next, Origin origin) {
        requestElection(edit, origin);
        edit.now = next.holders().isEmpty() ? null : next;
    }

    /**
     * Marks a prefix for the election at the end of the step. The origin of its events is the last submission that
     * changed the prefix; it is {@code Origin.time()} only if no submission changed the prefix.
     */
    void requestElection(Edit edit, Origin origin) {
        if (inSubmission && !edit.isOpen) {
            edit.isOpen = true;
            edit.nowKept = edit.now;
            edit.originKept = edit.origin;
            open.add(edit);
        }
        // a timer never replaces a submission as origin
        if (inSubmission || !edit.needsElection()) {
            edit.origin = origin;
        }
    }

    /** All prefixes that a node holds so far, in no order. */
    Set<Prefix> prefixes() {
        Set<Prefix> prefixes = new HashSet<>(before.keySet());
        for (Edit edit : edits) {
            if (edit.now == null) {
                prefixes.remove(edit.prefix);
            } else {
                prefixes.add(edit.prefix);
            }
        }
        return prefixes;
    }

    /** From here on changes can be undone, until they are kept. */
    void begin() {
        inSubmission = true;
    }

    void undo() {
        for (Edit edit : open) {
            edit.now = edit.nowKept;
            edit.origin = edit.originKept;
        }
        close();
    }

    void accept() {
        close();
    }

    private void close() {
        for (Edit edit : open) {
            edit.isOpen = false;
            edit.nowKept = null;
            edit.originKept = null;
        }
        open.clear();
        inSubmission = false;
    }

    /**
     * The prefixes that need an election, in their order.
     *
     * @param repairs prefixes that need one though this step did not change them
     */
    List<Edit> toElect(Collection<Prefix> repairs) {
        List<Edit> toElect = new ArrayList<>();
        for (Edit edit : edits) {
            if (edit.needsElection()) {
                toElect.add(edit);
            }
        }
        for (Prefix prefix : repairs) {
            Edit edit = of(prefix);
            if (!edit.needsElection()) {
                toElect.add(edit);
            }
        }
        if (toElect.size() > FEW) {
            return inOrder(toElect);
        }
        toElect.sort(Comparator.comparing(edit -> edit.prefix));
        return toElect;
    }

    private static List<Edit> inOrder(List<Edit> many) {
        PrefixGroups groups = PrefixGroups.of(Lists.transform(many, edit -> edit.prefix));
        List<Edit> inOrder = new ArrayList<>(many.size());
        for (int group = 0; group < groups.count(); group++) {
            inOrder.add(many.get(groups.place(group, 0)));
        }
        return inOrder;
    }

    /**
     * Returns the tree with all changes.
     *
     * @param elected the results for what {@link #toElect} returned: they have every changed prefix, because each
     *     change requests an election
     */
    TreePMap<Prefix, RouteState> build(List<ElectedPrefix> elected) {
        if (elected.size() <= Math.max(FEW, before.size() / REBUILD_FRACTION)) {
            TreePMap<Prefix, RouteState> tree = before;
            for (ElectedPrefix route : elected) {
                RouteState after = route.after();
                if (after == null) {
                    tree = tree.minus(route.prefix());
                } else if (after != route.before()) {
                    tree = tree.plus(route.prefix(), after);
                }
            }
            return tree;
        }
        return TreePMap.fromSortedMap(SortedPairs.of(merged(elected), RouteState::prefix));
    }

    private List<RouteState> merged(List<ElectedPrefix> elected) {
        List<RouteState> merged = new ArrayList<>(before.size() + elected.size());
        int next = 0;
        for (RouteState previous : before.values()) {
            while (next < elected.size() && elected.get(next).prefix().compareTo(previous.prefix()) < 0) {
                add(elected.get(next++), merged);
            }
            if (next < elected.size() && elected.get(next).before() == previous) {
                add(elected.get(next++), merged);
            } else {
                merged.add(previous);
            }
        }
        elected.subList(next, elected.size()).forEach(route -> add(route, merged));
        return merged;
    }

    private static void add(ElectedPrefix route, List<RouteState> merged) {
        RouteState after = route.after();
        if (after != null) {
            merged.add(after);
        }
    }
}
