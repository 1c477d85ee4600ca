/**
 * The contract between the routes and whatever keeps them.
 *
 * <p>{@link dev.wayleave.storage.RoutingStore} is the port that a database adapter implements; a
 * {@link dev.wayleave.storage.Commit} goes in, a {@link dev.wayleave.storage.CommitOutcome} comes out.
 * {@link dev.wayleave.storage.RouteController} is the loop above it.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
