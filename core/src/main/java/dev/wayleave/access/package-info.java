/**
 * Which rules hold at each node: the policy's {@code acls} and {@code grants}, compiled for the nodes of a tailnet and
 * their effective routes, and the packet filter that follows for every node.
 *
 * <p>Values only: immutable, null-free and ordered. Every type here is safe for use by several threads, and nothing
 * blocks. Nothing here depends on which nodes are online, healthy or primary.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
