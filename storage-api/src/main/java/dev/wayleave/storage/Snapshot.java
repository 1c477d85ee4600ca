package dev.wayleave.storage;

import dev.wayleave.RoutingState;

/**
 * What is published: a state whose durable part is stored.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param revision the revision that its durable part has in the store
 * @param state the state
 */
public record Snapshot(Revision revision, RoutingState state) {}
