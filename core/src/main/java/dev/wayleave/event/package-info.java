/**
 * What happened in a step, and why.
 *
 * <p>The door is {@link dev.wayleave.event.RouteEvent}, with one record for each event; {@link dev.wayleave.event.Reason} has one for
 * each cause. Immutable values, safe for use by several threads.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.event;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
