/**
 * What does each viewer get, and whose view changed? The peers of a viewer, their routes, the carrier of each prefix,
 * and the reason for each route that it has or has not.
 *
 * <p>The door is {@link dev.wayleave.visibility.Visibility}, whose documentation says how views are computed. The slow
 * twins are {@code NaiveVisibility} in the package {@code testing} of the tests, one viewer at a time and without
 * classes, and {@code NaiveDifference} in this package's tests, which compares two moments view by view.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.visibility;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
