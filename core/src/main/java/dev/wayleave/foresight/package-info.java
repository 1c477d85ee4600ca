/**
 * What would follow, and what is odd? Plans of changes, outages, what two policies allow differently, the policy's own
 * tests, route tests, and findings about a tailnet.
 *
 * <p>Start with {@link dev.wayleave.foresight.RoutePlan}, {@link dev.wayleave.foresight.WhatIf}, {@link
 * dev.wayleave.foresight.PolicyDifference}, {@link dev.wayleave.foresight.RouteTests} and {@link
 * dev.wayleave.foresight.Lint}. All of it is pure: it reads states, and changes none. The slow twin of plans is in
 * their property: two tailnets that are computed from nothing and compared viewer by viewer. What two policies
 * allow is compared with the engine's filters and views in random tailnets.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.foresight;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
