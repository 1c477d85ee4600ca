/**
 * The operator's tool from the command line: {@link Wayleave} runs one command.
 * {@code WayleaveTest} holds what all commands share, {@code ArchitectureTest} which package may use which.
 */
@NullMarked
package dev.wayleave.examples.cli;

import org.jspecify.annotations.NullMarked;
