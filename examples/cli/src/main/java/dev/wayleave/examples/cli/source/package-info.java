/**
 * Answers where a tailnet comes from: a case file, a database, a server, or Headscale's file.
 * {@link TailnetFile}, {@link Stored} and {@link ControlPlane} each read one of them.
 * {@code TailnetFileTest} and {@code ImportTargetTest} hold it; the tests of the commands hold databases and servers.
 */
@NullMarked
package dev.wayleave.examples.cli.source;

import org.jspecify.annotations.NullMarked;
