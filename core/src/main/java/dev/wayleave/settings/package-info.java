/**
 * How does a tailnet want its routes to be run? Rules of approval and election, times of grace, limits and priorities.
 *
 * <p>Start with {@link dev.wayleave.settings.RoutingSettings}, with its presets. Nothing is computed here, so there is
 * no slow twin; {@code PresetPropertyTest} checks what each preset promises.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.settings;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
