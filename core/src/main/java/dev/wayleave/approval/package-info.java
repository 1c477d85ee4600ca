/**
 * May this node carry this prefix?
 *
 * <p>Start with {@link dev.wayleave.approval.AutoApproval}, which reviews a prefix by the policy, and
 * {@link dev.wayleave.approval.Approvals}, which keeps the decisions about a node. The slow twins are
 * {@code NaiveAutoApproval} and {@code NaiveApprovals} in this package's tests.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.approval;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
