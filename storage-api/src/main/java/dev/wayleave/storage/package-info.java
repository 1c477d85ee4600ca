/**
 * How does a change of the routes of a tailnet become durable before a reader sees it, and what happens when it cannot?
 *
 * <p>Start with {@link RouteController}, the loop above a {@link RoutingStore}, which a database adapter implements;
 * {@link Tailnets} has a controller for each of many tailnets. There is no slow twin: the tests of every adapter extend
 * one contract, {@code RoutingStoreContract}, and {@code ControllerPropertyTest} checks answers under planted faults.
 *
 * <p>Values are immutable; a public type is safe for use by several threads unless its documentation says otherwise.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
