/**
 * Which rules hold at each node? The packet filter of a node, and the names of the rules of the policy that open it.
 *
 * <p>{@code RoutingViews} gives both. The rules of the policy are compiled in {@code access.engine}, where
 * {@code AccessRules} is the class to start with. The slow twins are {@code NaiveFilter} and {@code NaiveCapabilities}
 * in the package {@code testing} of the tests: a packet filter, computed node by node.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks. Nothing here
 * depends on which nodes are online, healthy or primary.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
