/**
 * Whose nodes does a selector name? What several packages ask of a selector, and no host sees.
 *
 * <p>Start with {@link dev.wayleave.policy.engine.NamedOwners}. The slow twin is {@code NaiveFilter} in the package
 * {@code testing} of the tests.
 *
 * <p>Immutable values and pure functions; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.policy.engine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
