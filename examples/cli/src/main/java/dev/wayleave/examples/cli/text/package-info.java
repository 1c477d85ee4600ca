/**
 * Answers how the tool reads and writes text: JSON, and text that may go to a terminal. {@link Documents} reads and
 * writes JSON, and {@link BadInput} names in one line what is wrong with an input. {@code PrintableTest} holds what
 * reaches a terminal, {@code MutatedInputTest} what damaged input comes to.
 */
@NullMarked
package dev.wayleave.examples.cli.text;

import org.jspecify.annotations.NullMarked;
