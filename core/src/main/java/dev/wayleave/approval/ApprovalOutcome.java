package dev.wayleave.approval;

import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;

/**
 * The result of an operation on {@link Approvals}. Why a route is not approved is a {@link Verdict}, which
 * {@code Routing.review(state, node, prefix)} returns.
 *
 * @param next the approvals afterwards; the very same object if nothing changed
 * @param changes what changed and what was found, in the order of the routes
 */
public record ApprovalOutcome(Approvals next, List<ApprovalChange> changes) {

    public ApprovalOutcome {
        Objects.requireNonNull(next, "next");
        changes = Copies.list(changes, "changes");
    }
}
