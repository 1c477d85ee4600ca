/**
 * How each of the library's values is written as JSON and read back: one codec for documents, journals, stores and the
 * canonical text of a state. No host sees it.
 *
 * <p>Start with {@link dev.wayleave.json.engine.Codecs}. There is no slow twin; {@code RoutingJsonPropertyTest} reads
 * back what is written.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.json.engine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
