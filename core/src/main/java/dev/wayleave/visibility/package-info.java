/**
 * What does each viewer get, and whose view changed? The view of a node, which clients receive as their netmap, has its
 * peers, their routes, and the reason for each route that it has or has not.
 *
 * <p>Start with {@link dev.wayleave.visibility.ViewerRoutes}, and with {@link dev.wayleave.visibility.ViewChanges} for
 * the difference between two moments; {@code RoutingViews} returns both. They are computed in
 * {@code visibility.engine}, where {@code Visibility} is the class to start with; it also names the place to change a
 * rule that hides a route. The slow twins are {@code NaiveVisibility} in the package {@code testing} of the tests, and
 * {@code NaiveDifference} in the tests of {@code visibility.engine}.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.visibility;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
