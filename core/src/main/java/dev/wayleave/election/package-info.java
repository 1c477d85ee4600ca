/**
 * Which node carries a subnet prefix now? One pure election for each prefix, with a reason for the winner and for each
 * candidate that lost.
 *
 * <p>The door is {@link dev.wayleave.election.PrimaryElection}. The slow twin is {@code NaiveElection} in this
 * package's tests.
 *
 * <p>Priorities of nodes are set by {@code RoutingSettingsBuilder.priority} and read from the candidates here.
 * {@link dev.wayleave.election.ElectionOrder} says in which order they count.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks. Time is an
 * argument.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.election;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
