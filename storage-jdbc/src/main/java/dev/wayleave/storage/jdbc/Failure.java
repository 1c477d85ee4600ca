package dev.wayleave.storage.jdbc;

/** The meaning of a database's error for a call. */
enum Failure {
    /** Another transaction was first: nothing is written, and a new decision may succeed. */
    CONFLICT,
    /** Nothing is written, and the same call may succeed later. */
    UNAVAILABLE,
    /** The connection is lost, and the outcome of a running statement with it. */
    BROKEN,
    /** Nothing is written, and the same call cannot succeed until the operator corrects the cause. */
    UNUSABLE
}
