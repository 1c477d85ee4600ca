/**
 * Answers what can be typed: one class for each command, and one for each set of options that commands share.
 * The root class {@code Wayleave} lists the commands; a new command is one class here and its name there.
 * Each command has a test beside it that runs it as typed and reads what it prints, such as {@code RoutesCommandTest}.
 */
@NullMarked
package dev.wayleave.examples.cli.command;

import org.jspecify.annotations.NullMarked;
