/**
 * Answers what there is to see at the first start: a small tailnet, and agents inside the server for its nodes.
 * {@link Sample} makes the nodes, and {@link SampleAgents} keeps their sessions. {@code ReadmeTest} holds what the
 * README shows of it, {@code OperatorApiTest} the requests that stop and start agents.
 */
@NullMarked
package dev.wayleave.examples.server.sample;

import org.jspecify.annotations.NullMarked;
