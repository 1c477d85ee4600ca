/**
 * What a control plane is told about its tailnet: users, nodes, tags, and how nodes are doing. Facts, no opinion.
 *
 * <p>Values only: immutable, null-free and ordered. Every type here is safe for use by several threads, and nothing
 * blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.mesh;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
