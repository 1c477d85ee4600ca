/**
 * What every viewer is told – which peers it sees, which of their routes it may use, and why not the others – and who
 * must be told when that changes.
 *
 * <p>Values only: immutable, null-free and ordered. Every type here is safe for use by several threads, and nothing
 * blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.visibility;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
