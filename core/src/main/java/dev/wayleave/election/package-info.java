/**
 * Who carries a subnet prefix now: one pure election per prefix, with a reason for the winner and for every loser.
 *
 * <p>Values only: immutable, null-free and ordered. Every type here is safe for use by several threads, and nothing
 * blocks. Time is an argument.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.election;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
