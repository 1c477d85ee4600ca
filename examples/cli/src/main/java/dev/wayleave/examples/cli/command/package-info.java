/**
 * What can an operator type? There is one class for each command, and one for each set of options that commands share.
 *
 * <p>Start with the root class {@code Wayleave}, which lists the commands; a new command is one class here and its name
 * there.
 *
 * <p>The tests in this package, such as {@code RoutesCommandTest}, run commands as typed and read what they print.
 */
@NullMarked
package dev.wayleave.examples.cli.command;

import org.jspecify.annotations.NullMarked;
