/**
 * How does the tool read and write text? It reads JSON and policies, and writes JSON and text that may go to a
 * terminal.
 *
 * <p>Start with {@link Documents}, which reads and writes JSON, and {@link BadInput}, which names in one line what is
 * wrong with an input.
 *
 * <p>{@code PrintableTest} tests what reaches a terminal, {@code MutatedInputTest} what the tool does with damaged
 * input.
 */
@NullMarked
package dev.wayleave.examples.cli.text;

import org.jspecify.annotations.NullMarked;
