/**
 * What does the operator's tool do with a command line?
 *
 * <p>Start with {@link Wayleave}, which reads it and runs one command.
 *
 * <p>{@code WayleaveTest} tests what all commands share, {@code ArchitectureTest} checks which package may use which.
 */
@NullMarked
package dev.wayleave.examples.cli;

import org.jspecify.annotations.NullMarked;
