/**
 * How does a control plane embed the library? This is a small one to play with: agents come and go, operators approve
 * and drain, and the page explains the routes.
 *
 * <p>{@code DemoServer} shows how the library is wired in, {@link Main} starts it. The README beside the module lists
 * the requests; {@code ArchitectureTest} holds which package may use which.
 */
@NullMarked
package dev.wayleave.examples.server;

import org.jspecify.annotations.NullMarked;
