/** The operator's tool. */
@NullMarked
package dev.wayleave.examples.cli;

import org.jspecify.annotations.NullMarked;
