/**
 * Which places of a long list hold equal prefixes? What several packages ask of prefixes, and no host sees.
 *
 * <p>Start with {@link dev.wayleave.net.engine.PrefixGroups}. The slow twin is a {@code TreeMap}, in
 * {@code PrefixGroupsPropertyTest}.
 *
 * <p>Immutable values and pure functions; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.net.engine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
