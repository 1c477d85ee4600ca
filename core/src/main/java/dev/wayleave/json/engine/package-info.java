/**
 * How each of the library's values is written as JSON and read back: one codec for documents, journals, stores and the
 * canonical text of a state. No host sees it.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.json.engine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
