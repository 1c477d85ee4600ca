/**
 * What do several packages share that no host sees? Sorted collections that share memory, and copies that refuse null.
 *
 * <p>Start with {@link dev.wayleave.internal.SortedChunks} and {@link dev.wayleave.internal.Copies}. The slow twins are
 * the sorted collections of the JDK, in the property tests of this package.
 *
 * <p>Immutable collections and pure functions, unless a class says otherwise; safe for use by several threads if the
 * values in them are; nothing blocks.
 */
@NullMarked
package dev.wayleave.internal;

import org.jspecify.annotations.NullMarked;
