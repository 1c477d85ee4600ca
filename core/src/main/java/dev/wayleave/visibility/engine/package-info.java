/**
 * How are views computed, and the differences between them? No host sees this package.
 *
 * <p>Start with {@link dev.wayleave.visibility.engine.Visibility}, whose documentation explains how views are computed.
 * The slow twins are {@code NaiveVisibility} in the package {@code testing} of the tests, one viewer at a time and
 * without classes, and {@code NaiveDifference} in this package's tests, which compares two moments view by view.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.visibility.engine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
