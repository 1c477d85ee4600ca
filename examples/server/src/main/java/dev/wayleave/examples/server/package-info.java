/**
 * A small control plane to play with: agents come and go, operators approve and drain, and everybody is told why.
 *
 * <p>{@code DemoServer} shows how the library is wired in; the rest is HTTP, words and the server's own tables. The README
 * beside the module says what can be asked.
 */
@NullMarked
package dev.wayleave.examples.server;

import org.jspecify.annotations.NullMarked;
