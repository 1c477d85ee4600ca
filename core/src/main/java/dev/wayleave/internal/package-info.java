/**
 * What do several packages share that no host sees? Sorted collections that share memory, and copies that refuse null.
 *
 * <p>Start with {@link dev.wayleave.internal.SortedChunks} and {@link dev.wayleave.internal.Copies}. The slow twins are
 * the sorted collections of the JDK, in the property tests of this package.
 */
@NullMarked
package dev.wayleave.internal;

import org.jspecify.annotations.NullMarked;
