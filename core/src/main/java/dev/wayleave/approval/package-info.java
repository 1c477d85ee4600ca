/**
 * May this node carry this prefix? What administrators, policies and imports approved, what was denied, and what the
 * policy would approve by itself.
 *
 * <p>Values only: immutable, null-free and ordered. Every type here is safe for use by several threads, and nothing
 * blocks. Time is an argument.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.approval;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
