/**
 * Answers what the server keeps: the control plane's state, and the server's own tables, keys and nodes.
 * {@link ControlPlane} submits commands to the library and reads the newest state. The tests of the requests hold it
 * over HTTP; {@code AtOnceTest} holds it under many requests at once.
 */
@NullMarked
package dev.wayleave.examples.server.plane;

import org.jspecify.annotations.NullMarked;
