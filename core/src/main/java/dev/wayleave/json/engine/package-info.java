/**
 * How is each of the library's values written as JSON and read back? No host sees this package.
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
