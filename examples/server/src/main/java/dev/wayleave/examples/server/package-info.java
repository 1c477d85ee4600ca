/**
 * How does a control plane embed the library? This is a small one to play with: agents come and go, operators approve
 * and drain, and the page explains the routes.
 *
 * <p>Start with {@code DemoServer}, which shows how the library is wired in; {@link Main} starts it.
 *
 * <p>The README beside the module lists the requests; {@code ArchitectureTest} checks which package may use which.
 *
 * <p>Safe for use by several threads.
 */
@NullMarked
package dev.wayleave.examples.server;

import org.jspecify.annotations.NullMarked;
