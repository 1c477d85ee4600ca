package dev.wayleave.storage;

import dev.wayleave.Step;

/**
 * A step on the published state, and the commit that stores it.
 *
 * @param commit what is sent to the store, with a token of its own
 * @param batch what the step took in
 * @param step the step
 */
record Decision(Commit commit, Batch batch, Step step) {}
