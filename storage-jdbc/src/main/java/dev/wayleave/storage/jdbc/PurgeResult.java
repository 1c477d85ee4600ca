package dev.wayleave.storage.jdbc;

/**
 * The numbers of rows that a purge deleted.
 *
 * @param routes how many rows of deleted routes; such a route gets a new id when it is advertised again
 * @param events how many events
 */
public record PurgeResult(long routes, long events) {}
