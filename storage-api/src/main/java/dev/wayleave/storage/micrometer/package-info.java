/**
 * How do the metrics of a {@link dev.wayleave.storage.RouteController} get into
 * <a href="https://micrometer.io">Micrometer</a>?
 *
 * <p>Start with {@link dev.wayleave.storage.micrometer.MicrometerRoutingObserver}. There is no slow twin: {@code
 * MicrometerRoutingObserverTest} reads the meters after each event.
 *
 * <p>Micrometer is an optional dependency: a host that uses this package has {@code io.micrometer:micrometer-core}
 * among its own dependencies, and a host in a named module requires {@code micrometer.core}.
 *
 * <p>Every type is safe for use by several threads.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage.micrometer;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
