package dev.wayleave;

import dev.wayleave.net.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * The result of one election: the route of a prefix at the start and at the end of a step.
 *
 * @param before the route at the start of the step, or null if no node held the prefix
 * @param after the route at the end of the step, with its primary, or null if no node holds the prefix
 */
record ElectedPrefix(
        Prefix prefix,
        @Nullable RouteState before,
        @Nullable RouteState after) {}
