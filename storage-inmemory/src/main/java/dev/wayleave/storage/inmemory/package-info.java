/**
 * How are the routes of a tailnet kept in memory, for tests, for small hosts, and to show in short code what the
 * storage contract demands of every adapter?
 *
 * <p>Start with {@link dev.wayleave.storage.inmemory.InMemoryRoutingStore}. There is no slow twin:
 * {@code InMemoryRoutingStoreTest} runs {@code RoutingStoreContract}, the contract of all stores.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage.inmemory;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
