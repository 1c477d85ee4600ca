package dev.wayleave.storage.jdbc;

/**
 * What a purge took out of the tables.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param routes how many deleted routes, which can now no longer come back with their ids
 * @param events how many events
 */
public record Purged(long routes, long events) {}
