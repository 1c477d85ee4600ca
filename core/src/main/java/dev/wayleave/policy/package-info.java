/**
 * What the administrators wrote: the policy as a value, its reader for HuJSON text, and whom its selectors name.
 *
 * <p>Values only: immutable, null-free and ordered. Every type here is safe for use by several threads, and nothing
 * blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.policy;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
