package dev.wayleave.policy;

/** Takes the problem or the notice of one text, and knows where the text stands. */
interface ProblemSink {

    /** Wants to hear nothing. */
    ProblemSink NONE = new ProblemSink() {
        @Override
        public void about(PolicyProblem.Code code, String message) {}

        @Override
        public void notice(PolicyNotice.Code code, String message) {}
    };

    void about(PolicyProblem.Code code, String message);

    void notice(PolicyNotice.Code code, String message);
}
