/**
 * Answers how the tool reads and writes text: JSON that remembers its place, and text that may go to a terminal.
 * {@link dev.wayleave.examples.cli.text.JsonText} reads, {@link dev.wayleave.examples.cli.text.JsonOutput} writes, and
 * {@link dev.wayleave.examples.cli.text.BadInput} says in one line what is wrong with an input.
 * {@code PrintableTest} holds what reaches a terminal, {@code MutatedInputTest} what damaged input comes to.
 */
@NullMarked
package dev.wayleave.examples.cli.text;

import org.jspecify.annotations.NullMarked;
