/**
 * How does a request arrive, and who may make it? HTTP on Javalin and Jetty, within limits: requests in, answers and
 * streams out, and nothing of routes.
 *
 * <p>Start with {@link dev.wayleave.examples.server.web.WebServer}, which takes a table of {@link
 * dev.wayleave.examples.server.web.Endpoints} and asks a {@link dev.wayleave.examples.server.web.Gate} who is asking.
 *
 * <p>{@code HttpTest}, {@code SecurityTest} and {@code LimitsTest} test it.
 *
 * <p>Safe for use by several threads, except {@link dev.wayleave.examples.server.web.Endpoints}, which one thread fills
 * before the start, and {@link dev.wayleave.examples.server.web.Request} and {@link
 * dev.wayleave.examples.server.web.Body}, which the thread of the request reads.
 */
@NullMarked
package dev.wayleave.examples.server.web;

import org.jspecify.annotations.NullMarked;
