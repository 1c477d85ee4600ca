/**
 * The front door: the settings of a tailnet that its host chooses, over the rooms that answer one question each.
 *
 * <p>A route is advertised, approved ({@link dev.wayleave.approval}), elected ({@link dev.wayleave.election}) and shown.
 *
 * <p>Values only: immutable, null-free and ordered. Every type here is safe for use by several threads, and nothing
 * blocks. Time is an argument.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
