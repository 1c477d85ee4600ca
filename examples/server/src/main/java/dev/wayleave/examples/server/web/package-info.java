/**
 * How does a request arrive, and who may make it? HTTP on Javalin and Jetty, within limits: requests in, answers and
 * streams out, and nothing of routes.
 *
 * <p>{@link dev.wayleave.examples.server.web.WebServer} takes a table of
 * {@link dev.wayleave.examples.server.web.Endpoints} and asks an
 * {@link dev.wayleave.examples.server.web.Gate} who is asking.
 *
 * <p>{@code HttpTest}, {@code SecurityTest} and {@code LimitsTest} hold it.
 */
@NullMarked
package dev.wayleave.examples.server.web;

import org.jspecify.annotations.NullMarked;
