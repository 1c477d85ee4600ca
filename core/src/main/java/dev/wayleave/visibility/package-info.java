/**
 * What does each viewer get, and whose view changed?
 *
 * <p>Start with {@link dev.wayleave.visibility.ViewerRoutes}, and with {@link dev.wayleave.visibility.ViewChanges} for
 * the difference between two moments; {@code RoutingViews} returns both, and {@code Visibility} in
 * {@code visibility.engine} computes them. The slow twins are {@code NaiveVisibility} in the package {@code testing} of
 * the tests, and {@code NaiveDifference} in the tests of {@code visibility.engine}.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.visibility;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
