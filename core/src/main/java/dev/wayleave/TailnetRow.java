package dev.wayleave;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.policy.RoutingPolicy;

/**
 * What is stored of a tailnet itself.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param tailnet the host's key of it
 * @param settings its settings
 * @param policy its policy
 */
public record TailnetRow(TailnetId tailnet, RoutingSettings settings, RoutingPolicy policy) {}
