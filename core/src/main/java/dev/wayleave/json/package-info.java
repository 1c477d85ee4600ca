/** Rows and commands as JSON objects: for the journal, and for the canonical text of a state. */
@NullMarked
@CheckReturnValue
package dev.wayleave.json;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
