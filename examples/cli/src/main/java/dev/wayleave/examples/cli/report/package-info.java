/**
 * Answers what a command prints: tables for people, documents for programs.
 * Each command has a class here that makes its text, such as {@link dev.wayleave.examples.cli.report.ViewReport}, with
 * {@link dev.wayleave.examples.cli.report.TextTable} and {@link dev.wayleave.examples.cli.report.Ink} beneath.
 * The tests of the commands hold each report by what the tool prints.
 */
@NullMarked
package dev.wayleave.examples.cli.report;

import org.jspecify.annotations.NullMarked;
