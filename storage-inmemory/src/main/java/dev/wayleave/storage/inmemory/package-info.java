/**
 * Keeps the routes in memory.
 *
 * <p>Here will be the store that serves tests and small hosts, and that shows in plain code what the storage contract asks of
 * every adapter. There is nothing in here yet.
 */
@NullMarked
package dev.wayleave.storage.inmemory;

import org.jspecify.annotations.NullMarked;
