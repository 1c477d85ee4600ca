/**
 * Answers what a command prints: tables for people, documents for programs. A {@link Report} is a class of its own,
 * such as {@link ViewReport}, with {@link TextTable} and {@link Ink} beneath. The tests of the commands hold each
 * report by what the tool prints.
 */
@NullMarked
package dev.wayleave.examples.cli.report;

import org.jspecify.annotations.NullMarked;
