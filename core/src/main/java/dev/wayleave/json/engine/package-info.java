/** Rows and commands as JSON objects: for the journal, and for the canonical text of a state. No host sees it. */
@NullMarked
@CheckReturnValue
package dev.wayleave.json.engine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
