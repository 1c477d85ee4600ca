/**
 * What did the administrators write?
 *
 * <p>Start with {@link dev.wayleave.policy.PolicyReader}, which gives a {@link dev.wayleave.policy.RoutingPolicy}, or
 * all problems of the text at once. The slow twin of what a policy means is {@code NaiveFilter} in the package
 * {@code testing} of the tests; every policy that is printed is read back equal by {@code PolicyJsonPropertyTest}.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.policy;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
