package dev.wayleave;

/** One of the questions that the recordings answer. A further kind is a further line in {@link ConformanceTest}. */
interface ConformanceKind {

    /** The word in the summary. */
    String name();

    /** Whether a case has an answer to this question. */
    boolean concerns(ConformanceCase recorded);

    /** Fails with an {@link AssertionError} that shows both answers, if ours differs from the recorded one. */
    void check(ConformanceCase recorded);
}
