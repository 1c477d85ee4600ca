/**
 * Which rules hold at each node? The {@code acls} and {@code grants} of the policy, compiled for the nodes of a tailnet
 * and their effective routes, and the packet filter of each node.
 *
 * <p>The door is {@link dev.wayleave.access.AccessRules}, whose documentation says how rules are compiled. The slow
 * twins are {@code NaiveFilter} and {@code NaiveCapabilities} in the package {@code testing} of the tests: a packet
 * filter as the rules of the recordings' README say it, node by node.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks. Nothing here
 * depends on which nodes are online, healthy or primary.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
