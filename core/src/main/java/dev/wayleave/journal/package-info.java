/**
 * Which submissions came in for a tailnet, and when? Submissions and times, written line by line, and replayed.
 *
 * <p>Start with {@link dev.wayleave.journal.Journal}. There is no slow twin: a replay is the same steps again, and the
 * journal's digests show whether the states are equal.
 *
 * <p>Pure functions, safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.journal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
