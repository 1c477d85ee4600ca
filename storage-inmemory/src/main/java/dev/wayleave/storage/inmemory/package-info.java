/**
 * Keeps the routes in memory: {@link dev.wayleave.storage.inmemory.InMemoryRoutingStore} serves tests and small hosts,
 * and shows in short code what the storage contract demands of every adapter.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage.inmemory;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
