package dev.wayleave.approval;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * What an operation on {@link Approvals} came to.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param next the approvals afterwards; the very same object if nothing changed
 * @param notices what changed and what was found, in the order of the routes
 */
public record ApprovalOutcome(Approvals next, List<ApprovalNotice> notices) {

    /**
     * Copies the list.
     *
     * @param next the approvals afterwards
     * @param notices in the order of the routes
     */
    public ApprovalOutcome {
        notices = ImmutableList.copyOf(notices);
    }
}
