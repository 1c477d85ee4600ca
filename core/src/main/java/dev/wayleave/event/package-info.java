/**
 * What happened in a step, and why?
 *
 * <p>Start with {@link dev.wayleave.event.RouteEvent}, with one record for each event;
 * {@link dev.wayleave.event.Reason} has one for each cause. {@code Invariants}, in the package {@code testing} of the
 * tests, checks the events of a step by its states before and after; there is no slow twin of events.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.event;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
