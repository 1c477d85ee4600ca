/**
 * What would follow, and what is odd? Plans of changes, outages, what two policies allow differently, the policy's own
 * tests, route tests, and findings about a tailnet.
 *
 * <p>Start with {@link dev.wayleave.foresight.RoutePlan}, {@link dev.wayleave.foresight.WhatIf}, {@link
 * dev.wayleave.foresight.PolicyDifference}, {@link dev.wayleave.foresight.RouteTests} and {@link
 * dev.wayleave.foresight.Lint}. The slow twins are in the tests of this package: {@code RoutePlanPropertyTest} computes
 * two tailnets from nothing and compares them viewer by viewer; {@code PolicyDifferencePropertyTest} compares what two
 * policies allow with the engine's filters and views.
 *
 * <p>Immutable values and pure functions; safe for use by several threads; nothing blocks.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.foresight;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
