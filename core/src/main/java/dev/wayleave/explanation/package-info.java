/**
 * Why is it so now? Why a node carries a prefix or not, why a viewer gets a route or not, and whether traffic passes.
 *
 * <p>Start with {@link dev.wayleave.explanation.RouteExplanation}, {@link dev.wayleave.explanation.ViewExplanation}
 * and {@link dev.wayleave.explanation.Reachability}; {@code Routing.explain} and {@code RoutingViews.can} make them.
 * The slow twin of an answer about traffic is {@code NaivePackets} in the package {@code testing} of the tests.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.explanation;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
