/**
 * What was asked of a tailnet and when, written down line by line, and replayed.
 *
 * <p>The door is {@link dev.wayleave.journal.Journal}. Pure functions, safe for use by several threads.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.journal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
