/**
 * What can a client ask over HTTP? There is one class for each group of requests.
 *
 * <p>Start with {@link TailnetApi}, which reads, and {@link OperatorApi}, which changes; each class gets what it needs
 * in its constructor, and adds its requests to the {@link dev.wayleave.examples.server.web.Endpoints}.
 *
 * <p>The tests in this package ask a server over HTTP; {@code SecurityTest} and {@code LimitsTest} test what all
 * requests share.
 *
 * <p>Safe for use by several threads.
 */
@NullMarked
package dev.wayleave.examples.server.api;

import org.jspecify.annotations.NullMarked;
