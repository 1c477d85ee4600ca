package dev.wayleave.examples.cli.source;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Names;

/**
 * A tailnet that this process answers for.
 *
 * @param state what is known of it
 * @param names how texts call its nodes and the entries of its policy
 */
public record LocalTailnet(RoutingState state, Names names) {}
