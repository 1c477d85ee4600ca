/**
 * The contract between the routes and whatever keeps them.
 *
 * <p>Here will be the store that a database adapter implements, the outcomes of a commit, and the one loop that decides,
 * commits and publishes. There is nothing in here yet.
 */
@NullMarked
package dev.wayleave.storage;

import org.jspecify.annotations.NullMarked;
