/**
 * What callers ask for, and what they hear: commands, submissions of commands, results and problems.
 *
 * <p>The door is {@link dev.wayleave.command.Command}, with one record for each command;
 * {@link dev.wayleave.command.Problem} has one for each cause of a refusal. Immutable values, safe for use by several threads.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.command;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
