/**
 * May this node carry this prefix? What administrators, imports and the policy approved, what was denied, and what the
 * policy would approve by itself. {@link dev.wayleave.policy.Selector} has the kinds of auto-approvers.
 *
 * <p>Start with {@link dev.wayleave.approval.AutoApproval}, which reviews a prefix, and
 * {@link dev.wayleave.approval.Approvals}, which keeps a node's decisions. The slow twins are {@code NaiveAutoApproval}
 * and {@code NaiveApprovals} in this package's tests.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks. Time is an
 * argument.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.approval;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
