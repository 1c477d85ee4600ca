/**
 * How does a host on Spring Boot use the library: which beans are there, and in which order do they start and stop?
 *
 * <p>Start with {@link dev.wayleave.examples.spring.RoutingConfiguration}, which has the beans. {@code SpringHostTest}
 * sends requests over HTTP, and {@code HostLifeCycleTest} stops and starts the host.
 */
@NullMarked
package dev.wayleave.examples.spring;

import org.jspecify.annotations.NullMarked;
