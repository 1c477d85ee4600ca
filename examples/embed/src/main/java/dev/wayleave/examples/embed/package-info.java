/**
 * How does a host with a table of its own use the library, without and with the controller?
 *
 * <p>Start with {@link dev.wayleave.examples.embed.PureHost}, which decides by itself and writes its machine and the
 * routes in one transaction. {@link dev.wayleave.examples.embed.ControllerHost} lets the controller run the loop, and
 * {@link dev.wayleave.examples.embed.Netmaps} sends each machine what its clients read. {@code EmbedTest} tests both
 * hosts.
 */
@NullMarked
package dev.wayleave.examples.embed;

import org.jspecify.annotations.NullMarked;
