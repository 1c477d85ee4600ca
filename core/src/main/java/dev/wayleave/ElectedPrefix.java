package dev.wayleave;

import dev.wayleave.net.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * The route of a prefix before and after a step, or before and after rows of another process were read.
 *
 * @param before the route before, or null if no node held the prefix
 * @param after the route afterwards, with its primary, or null if no node holds the prefix
 */
record ElectedPrefix(
        Prefix prefix,
        @Nullable RouteState before,
        @Nullable RouteState after) {}
