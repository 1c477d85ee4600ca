/**
 * What does a command print? Tables for people, documents for programs.
 *
 * <p>Start with {@link Report}; each report is a class of its own, such as {@link ViewReport}, and uses {@link
 * TextTable} and {@link Ink}.
 *
 * <p>The tests of the commands, in the package {@code command}, compare each report with what the tool prints.
 */
@NullMarked
package dev.wayleave.examples.cli.report;

import org.jspecify.annotations.NullMarked;
