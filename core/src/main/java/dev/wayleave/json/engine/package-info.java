/**
 * How is each of the library's values written as JSON and read back? One codec for documents, journals, stores and the
 * canonical text of a state. No host sees it.
 *
 * <p>Start with {@link dev.wayleave.json.engine.Codecs}. There is no slow twin; {@code RoutingJsonPropertyTest} reads
 * back what is written.
 *
 * <p>Immutable values and pure functions; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.json.engine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
