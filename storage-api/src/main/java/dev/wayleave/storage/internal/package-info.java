/**
 * What do stores that keep everything in memory share? The leases of replicas and the owners of tailnets
 * ({@link dev.wayleave.storage.internal.Owners}), and what changed since a revision
 * ({@link dev.wayleave.storage.internal.LoggedChanges}).
 *
 * <p>The package is open only to the in-memory store; the scripted store of the tests uses it, too. There is no slow
 * twin: {@code RoutingStoreContract} tests both classes through the stores.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage.internal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
