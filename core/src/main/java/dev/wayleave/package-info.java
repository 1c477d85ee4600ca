/**
 * What follows from what happened?
 *
 * <p>Start with {@link dev.wayleave.Routing#step}, which makes the next {@link dev.wayleave.RoutingState} of a state,
 * the {@linkplain dev.wayleave.command.Submission submissions} of its callers and the time. The slow twin, a slow and
 * obvious implementation of the same function, is {@code ReferenceRouting} in the package {@code testing} of the tests.
 *
 * <pre>
 *   the state   RoutingState, NodeState (NodeFacts, Presence), RouteState; StateFields, TailnetSessions, LastHeardTimes
 *   a step      CommandApplier and the classes of commands, Timers, PrimaryElections, KeepAliveStep;
 *               StateBuilder and PrefixEdits build the next state, StepLog has what was touched
 *   rows        RowDiff writes them; StateRestorer, NodeReader, RouteRestorer and StateFollower read them
 *   answers     RoutingViews, Explainer, TrafficTracer (traffic from a viewer to an address)
 *   texts       CanonicalText, StateTexts, PolicyEntries
 * </pre>
 *
 * <p>Values only: immutable, null-free and ordered; safe for use by several threads; nothing blocks. In all packages, a
 * parameter that is not {@code @Nullable} refuses null with a {@link NullPointerException} that names it; so does a
 * collection that holds null.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
