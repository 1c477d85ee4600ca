/**
 * What is an address, a prefix, a set or a table of them? The arithmetic under all other packages.
 *
 * <p>Start with {@link dev.wayleave.net.Prefix} and {@link dev.wayleave.net.IpAddress}; nothing here resolves names.
 * The slow twins are {@code NaiveAddressSet} and {@code NaivePrefixTable}, and the parser is compared with the
 * IPAddress library, all in this package's tests.
 *
 * <p>Immutable values that refuse null and have an order; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.net;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
