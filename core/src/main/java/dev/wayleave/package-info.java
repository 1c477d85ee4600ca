/**
 * What follows from what happened? One pure step from a state and its submissions to the next state.
 *
 * <p>{@link dev.wayleave.Routing#step} takes a {@link dev.wayleave.RoutingState}, the
 * {@linkplain dev.wayleave.command.Submission submissions} of its callers and the time, and returns a
 * {@link dev.wayleave.Step}: the next state, an answer to each submission, what happened, and the rows to write.
 *
 * <p>Most packages have a <em>slow twin</em> in the tests: a slow and obvious implementation of the same function, with
 * which property tests compare the fast one. Here it is {@code ReferenceRouting} in the package {@code testing}, which
 * computes the whole tailnet anew at each step. It is the shortest description of what a step does.
 *
 * <p>Values only: immutable, null-free and ordered. Every type here is safe for use by several threads unless its
 * documentation states otherwise, and nothing blocks. In all packages, a parameter that is not {@code @Nullable}
 * refuses null with a {@link NullPointerException} that names it; so does a collection that holds null.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
