/**
 * Answers how a simulated node behaves towards a server: it registers, connects, advertises and keeps its session.
 * {@link Agent} is one node, on the loop that all nodes of a process share.
 * {@code AgentCommandTest} holds it against a server that is played.
 */
@NullMarked
package dev.wayleave.examples.cli.agent;

import org.jspecify.annotations.NullMarked;
