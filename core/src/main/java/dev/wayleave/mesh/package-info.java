/**
 * What does a host report about its tailnet? Users, nodes, tags, sessions and health: facts, and no decision.
 *
 * <p>Start with {@link dev.wayleave.mesh.Node} and {@link dev.wayleave.mesh.Users}. There is no slow twin.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.mesh;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
