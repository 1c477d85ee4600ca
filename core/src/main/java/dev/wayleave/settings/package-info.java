/**
 * How a tailnet wants its routes run: rules of approval and election, grace, limits, priorities.
 *
 * <p>The door is {@link dev.wayleave.settings.RoutingSettings}, with its presets. Immutable values, safe for use by several threads.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.settings;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
