/**
 * What is stored of a tailnet: its rows, and the rows that a step changed.
 *
 * <p>The door is {@link dev.wayleave.row.StateRows}, which {@link dev.wayleave.RoutingState#restore} reads;
 * {@link dev.wayleave.row.RowChanges} is what a host writes after a step. Immutable values, safe for use by several threads.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.row;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
