/**
 * How are the rules of a policy compiled for the nodes of a tailnet? No host sees this package.
 *
 * <p>Start with {@link dev.wayleave.access.engine.AccessRules}, whose documentation explains how rules are compiled.
 * The slow twins are {@code NaiveFilter} and {@code NaiveCapabilities} in the package {@code testing} of the tests: a
 * packet filter, computed node by node.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.access.engine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
