/**
 * Answers what can be asked over HTTP: one class for each group of requests. {@link TailnetApi} reads and
 * {@link OperatorApi} changes; each class gets what it needs in its constructor, and adds its requests to the
 * {@link dev.wayleave.examples.server.web.Endpoints}. The tests beside it ask a server over HTTP; {@code SecurityTest}
 * and {@code LimitsTest} hold what all requests share.
 */
@NullMarked
package dev.wayleave.examples.server.api;

import org.jspecify.annotations.NullMarked;
