package dev.wayleave.approval;

import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.internal.SortedPairs;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the stored approvals and denials of one node, for {@link Approvals}; for one thread. */
public final class ApprovalsBuilder {

    private final Routes<Approval> approved = new Routes<>();
    private final Routes<Denial> denied = new Routes<>();
    private final Routes<Approval> withdrawn = new Routes<>();

    ApprovalsBuilder() {}

    /** Routes in one state. Rows come in order, so that nothing is sorted unless a route comes out of its order. */
    private static final class Routes<V> {

        private final List<Prefix> prefixes = new ArrayList<>(0);
        private final List<V> values = new ArrayList<>(0);
        private boolean isInOrder = true;

        void add(Prefix prefix, V value) {
            isInOrder &= prefixes.isEmpty() || prefixes.get(prefixes.size() - 1).compareTo(prefix) < 0;
            prefixes.add(prefix);
            values.add(value);
        }

        /** Of a prefix that was added twice, the later value. */
        ImmutableSortedMap<Prefix, V> inOrder() {
            if (isInOrder) {
                return ImmutableSortedMap.copyOfSorted(SortedPairs.of(prefixes, values));
            }
            SortedMap<Prefix, V> sorted = new TreeMap<>();
            for (int i = 0; i < prefixes.size(); i++) {
                sorted.put(prefixes.get(i), values.get(i));
            }
            return ImmutableSortedMap.copyOfSorted(sorted);
        }
    }

    /**
     * Adds an approved route.
     *
     * @param prefix the prefix
     * @param approval by whom and when
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ApprovalsBuilder approved(Prefix prefix, Approval approval) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(approval, "approval");
        approved.add(prefix, approval);
        return this;
    }

    /**
     * Adds a denied route.
     *
     * @param prefix the prefix
     * @param denial by whom and when
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ApprovalsBuilder denied(Prefix prefix, Denial denial) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(denial, "denial");
        denied.add(prefix, denial);
        return this;
    }

    /**
     * Adds a route that lost an approval of an administrator or an import with its advertisement.
     *
     * @param prefix the prefix
     * @param approval what it had
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ApprovalsBuilder withdrawn(Prefix prefix, Approval approval) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(approval, "approval");
        withdrawn.add(prefix, approval);
        return this;
    }

    /**
     * Returns the value.
     *
     * @return an immutable value
     * @throws IllegalArgumentException if a route was added in two ways, or one exit route is denied or withdrawn
     *     without the other
     */
    public Approvals build() {
        SortedMap<Prefix, Approval> yes = approved.inOrder();
        SortedMap<Prefix, Denial> no = denied.inOrder();
        SortedMap<Prefix, Approval> lost = withdrawn.inOrder();
        if (!no.isEmpty() || !lost.isEmpty()) {
            for (Prefix prefix : yes.keySet()) {
                refuse(no.containsKey(prefix) || lost.containsKey(prefix), prefix, "approved and not approved");
            }
        }
        for (Prefix prefix : no.keySet()) {
            refuse(lost.containsKey(prefix), prefix, "denied and withdrawn");
        }
        refuse(no.containsKey(ExitPair.IPV4) != no.containsKey(ExitPair.IPV6), "denied");
        refuse(lost.containsKey(ExitPair.IPV4) != lost.containsKey(ExitPair.IPV6), "withdrawn");
        return new Approvals(yes, no, lost);
    }

    private static void refuse(boolean wrong, Prefix prefix, String states) {
        if (wrong) {
            throw new IllegalArgumentException("`" + prefix + "` is " + states + " at once: give it one state");
        }
    }

    private static void refuse(boolean wrong, String state) {
        if (wrong) {
            throw new IllegalArgumentException(
                    "one exit route is " + state + " without the other: give both the same state");
        }
    }
}
