/**
 * What does the operator's tool do with a command line? {@link Wayleave} reads it and runs one command.
 * {@code WayleaveTest} holds what all commands share, {@code ArchitectureTest} which package may use which.
 */
@NullMarked
package dev.wayleave.examples.cli;

import org.jspecify.annotations.NullMarked;
