/**
 * Which node carries a subnet prefix now?
 *
 * <p>Start with {@link dev.wayleave.election.PrimaryElection}, which gives a reason for the winner and for each
 * candidate that lost. The slow twin is {@code NaiveElection} in this package's tests.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.election;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
