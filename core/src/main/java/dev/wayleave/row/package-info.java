/**
 * What does a store hold about a tailnet? Its rows, and the rows that a step changed.
 *
 * <p>Start with {@link dev.wayleave.row.StateRows}, which {@link dev.wayleave.RoutingState#restore} reads, and
 * {@link dev.wayleave.row.RowChanges}, which a host writes after a step. The slow twin is a comparison of all rows
 * before and after, in {@code RoutingPropertyTest}.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.row;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
