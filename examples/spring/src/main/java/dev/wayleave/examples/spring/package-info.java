/** A host on Spring Boot: {@link dev.wayleave.examples.spring.RoutingConfiguration} has the beans, and their order. */
@NullMarked
package dev.wayleave.examples.spring;

import org.jspecify.annotations.NullMarked;
