package dev.wayleave.storage.jdbc;

/** What a database's error means for a call. */
enum Failure {
    /** Another transaction was in the way: nothing is written, and a new decision may succeed. */
    CONFLICT,
    /** Nothing is written, and the same call may succeed later. */
    UNAVAILABLE,
    /** The connection is gone, and with it the answer to what was under way. */
    BROKEN,
    /** Nothing is written, and nothing will be until somebody mends something. */
    UNUSABLE
}
