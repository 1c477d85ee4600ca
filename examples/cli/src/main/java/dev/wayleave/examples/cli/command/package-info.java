/**
 * Answers what can be typed: one class for each command, and one for each set of options that commands share.
 * The root class {@code Wayleave} lists the commands; a new command is one class here and its name there.
 * The tests beside it run commands as typed and read what they print, such as {@code RoutesCommandTest}.
 */
@NullMarked
package dev.wayleave.examples.cli.command;

import org.jspecify.annotations.NullMarked;
