/**
 * What does the server keep? The control plane's state, and the server's own tables, keys and nodes.
 *
 * <p>Start with {@link ControlPlane}, which submits commands to the library and reads the newest state.
 *
 * <p>The tests of the requests test it over HTTP; {@code AtOnceTest} sends many requests at once.
 *
 * <p>Safe for use by several threads.
 */
@NullMarked
package dev.wayleave.examples.server.plane;

import org.jspecify.annotations.NullMarked;
