package dev.wayleave.storage.jdbc;

/** How often the tests of faults do what they do: ten times, and longer, under {@code -Pslow}. */
final class Repetitions {

    static final boolean SLOW = Boolean.getBoolean("wayleave.slow");
    static final int COUNT = SLOW ? 10 : 1;

    private Repetitions() {}
}
