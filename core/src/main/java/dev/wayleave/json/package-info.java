/**
 * How is it written as JSON? The public JSON form of commands, results, events, explanations, views and rows, with a
 * version.
 *
 * <p>Start with {@link dev.wayleave.json.RoutingJson}; {@code docs/json.md} lists kinds and members. There is no slow
 * twin: {@code RoutingJsonPropertyTest} reads back equal what is written, and {@code NetmapWriterPropertyTest} compares
 * the netmap after each change with a whole netmap.
 *
 * <p>Immutable values and pure functions; safe for use by several threads, as far as the functions of the host are;
 * nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.json;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
