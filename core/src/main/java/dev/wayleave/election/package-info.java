/**
 * Which node carries a subnet prefix now? One pure election for each prefix, with a reason for the winner and for each
 * candidate that lost.
 *
 * <p>Start with {@link dev.wayleave.election.PrimaryElection}. The slow twin is {@code NaiveElection} in this
 * package's tests.
 *
 * <p>Priorities are set by {@code RoutingSettingsBuilder.priority}. {@link dev.wayleave.election.CandidateOrder}
 * compares them, and lists what a new criterion needs.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks. Time is an
 * argument.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.election;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
