/**
 * Which rules hold at each node?
 *
 * <p>{@code RoutingViews} gives the {@link dev.wayleave.access.PacketFilter} of a node and the rules behind it, which
 * {@code AccessRules} in {@code access.engine} compiles. The slow twins are {@code NaiveFilter} and
 * {@code NaiveCapabilities} in the package {@code testing} of the tests.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
