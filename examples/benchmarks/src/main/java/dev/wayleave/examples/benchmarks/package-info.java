/**
 * What the library costs in time and memory, and the tailnets and tables that it is measured on.
 *
 * <p>The figures, and the machine and day of each, are in the README of this module.
 */
package dev.wayleave.examples.benchmarks;
