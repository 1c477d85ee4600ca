/**
 * What is there to see at the first start? A small tailnet, and agents inside the server for its nodes.
 *
 * <p>Start with {@link Sample}, which makes the nodes; {@link SampleAgents} keeps their sessions.
 *
 * <p>{@code ReadmeTest} compares the sample with the README, {@code OperatorApiTest} stops and starts its agents.
 *
 * <p>Safe for use by several threads.
 */
@NullMarked
package dev.wayleave.examples.server.sample;

import org.jspecify.annotations.NullMarked;
