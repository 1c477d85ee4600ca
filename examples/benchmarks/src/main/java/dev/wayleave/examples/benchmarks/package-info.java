/**
 * What does the library cost in time and memory? Measurements, and the tailnets and tables on which they run.
 *
 * <p>Start with {@link dev.wayleave.examples.benchmarks.VisibilityBenchmark} and its tailnet,
 * {@link dev.wayleave.examples.benchmarks.Tailnet10k}. It has no tests: the README of this module has the
 * figures, with the machine and day of each.
 */
package dev.wayleave.examples.benchmarks;
