package dev.wayleave.examples.cli.source;

import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.net.Prefix;
import java.util.SortedSet;

/**
 * A node and what a file says about it.
 *
 * @param node who it is
 * @param advertised what it offers to carry
 * @param approvedByHand what an administrator approved
 * @param liveness whether it is online
 * @param health whether it forwards
 */
public record Device(
        Node node, SortedSet<Prefix> advertised, SortedSet<Prefix> approvedByHand, Liveness liveness, Health health) {}
