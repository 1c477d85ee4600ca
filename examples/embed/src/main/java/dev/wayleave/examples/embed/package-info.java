/**
 * A host with tables of its own.
 *
 * <p>Here will be a program that owns its database, builds the state of the routes from its own rows, and writes what a step
 * changed inside its own transaction. There is nothing in here yet.
 */
@NullMarked
package dev.wayleave.examples.embed;

import org.jspecify.annotations.NullMarked;
