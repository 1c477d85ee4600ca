/**
 * A small control plane to play with.
 *
 * <p>Here will be a server with nodes that come and go, and a page that shows which of them carries what. There is nothing in
 * here yet.
 */
@NullMarked
package dev.wayleave.examples.server;

import org.jspecify.annotations.NullMarked;
