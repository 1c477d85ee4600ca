/**
 * How is JSON read strictly, with the place of a fault, and written? Objects as maps, without the types of the library.
 *
 * <p>Start with {@link dev.wayleave.internal.json.Json}. There is no slow twin; {@code RoutingJsonPropertyTest} reads
 * back what is written.
 */
@NullMarked
package dev.wayleave.internal.json;

import org.jspecify.annotations.NullMarked;
