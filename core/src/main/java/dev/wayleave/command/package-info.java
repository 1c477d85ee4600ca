/**
 * What do callers ask for, and what is the answer? Commands, submissions of commands, results and problems.
 *
 * <p>Start with {@link dev.wayleave.command.Command}, with one record for each command;
 * {@link dev.wayleave.command.Problem} has one for each cause of a refusal. What each command means is written a second
 * time in {@code ReferenceRouting}, in the package {@code testing} of the tests.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.command;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
