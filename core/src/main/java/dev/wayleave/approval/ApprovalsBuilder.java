package dev.wayleave.approval;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.TreeMap;

/** Collects the stored approvals and denials of one node, for {@link Approvals}; for one thread. */
public final class ApprovalsBuilder {

    private final TreeMap<Prefix, Approval> approved = new TreeMap<>();
    private final TreeMap<Prefix, Denial> denied = new TreeMap<>();
    private final TreeMap<Prefix, Approval> withdrawn = new TreeMap<>();

    ApprovalsBuilder() {}

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
        approved.put(prefix, approval);
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
        denied.put(prefix, denial);
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
        withdrawn.put(prefix, approval);
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
        for (Prefix prefix : approved.keySet()) {
            refuse(denied.containsKey(prefix) || withdrawn.containsKey(prefix), prefix, "approved and not approved");
        }
        for (Prefix prefix : denied.keySet()) {
            refuse(withdrawn.containsKey(prefix), prefix, "denied and withdrawn");
        }
        refuse(denied.containsKey(ExitPair.IPV4) != denied.containsKey(ExitPair.IPV6), "denied");
        refuse(withdrawn.containsKey(ExitPair.IPV4) != withdrawn.containsKey(ExitPair.IPV6), "withdrawn");
        return new Approvals(approved, denied, withdrawn);
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
