/**
 * A model of the protocol of {@code docs/replicas.md}, which is searched for states that break a promise: three
 * replicas, two routers, one prefix, one client.
 *
 * <pre>
 *   ReplicaModel ── what can happen next ──► ModelState ── what of it matters ──► ModelKey
 *        │                                       │
 *   PlantedFault                             Promises ◄── Exploration: all states, the nearest first
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.wayleave.storage.replicas;
