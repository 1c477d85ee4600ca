/**
 * For tests of code that uses this library: scenarios with a clock of their own, invariants of every step, slow twins
 * of the state machine and of the views of nodes, and generators of troublesome tailnets.
 *
 * <p>Published as {@code wayleave-core} with the classifier {@code tests}. Nothing here needs more than the library,
 * except {@link dev.wayleave.testing.RoutingArbitraries} and its provider, which need jqwik.
 */
package dev.wayleave.testing;
