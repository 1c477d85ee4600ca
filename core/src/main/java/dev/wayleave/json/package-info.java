/**
 * How is it written as JSON? The public JSON form of commands, results, events, explanations, views and rows, with a
 * version.
 *
 * <p>Start with {@link dev.wayleave.json.RoutingJson}. Its property is that it reads back equal what it wrote
 * ({@code RoutingJsonPropertyTest}); {@code docs/json.md} lists kinds and members.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.json;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
