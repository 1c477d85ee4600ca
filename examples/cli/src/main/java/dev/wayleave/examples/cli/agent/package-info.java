/**
 * How does a simulated node behave towards a server? It registers, connects, advertises and keeps its session.
 *
 * <p>Start with {@link Agent}, one node, on the loop that all nodes of a process share.
 *
 * <p>{@code AgentCommandTest} tests it against a server that the test plays.
 */
@NullMarked
package dev.wayleave.examples.cli.agent;

import org.jspecify.annotations.NullMarked;
