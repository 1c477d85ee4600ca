/**
 * A host with a table of its own, embedded in two ways.
 *
 * <p>{@link dev.wayleave.examples.embed.PureHost} decides by itself and writes its machine and the routes in one
 * transaction; {@link dev.wayleave.examples.embed.ControllerHost} lets the controller run the loop, and {@link
 * dev.wayleave.examples.embed.Netmaps} sends each machine what its clients read.
 */
@NullMarked
package dev.wayleave.examples.embed;

import org.jspecify.annotations.NullMarked;
