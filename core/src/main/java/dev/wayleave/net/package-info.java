/**
 * Addresses, prefixes, and sets and tables of them: the arithmetic under every other room.
 *
 * <p>Values only: immutable, null-free, ordered, and free of name resolution. Every type here is safe for use by
 * several threads, and nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.net;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
