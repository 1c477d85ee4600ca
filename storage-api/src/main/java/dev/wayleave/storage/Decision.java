package dev.wayleave.storage;

import dev.wayleave.Step;

/**
 * A step on the published state, and the commit that stores it.
 *
 * @param commit the commit that is sent to the store, with a token of its own
 * @param batch the submissions that the step took in
 * @param step the step
 */
record Decision(Commit commit, Batch batch, Step step) {}
