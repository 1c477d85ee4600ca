package dev.wayleave.policy;

/** Takes the problems and notices of one text, and adds the line and column of the text. */
interface ProblemSink {

    /** Ignores all problems and notices. */
    ProblemSink NONE = new ProblemSink() {
        @Override
        public void about(PolicyProblem.Code code, String message) {}

        @Override
        public void notice(PolicyNotice.Code code, String message) {}
    };

    void about(PolicyProblem.Code code, String message);

    void notice(PolicyNotice.Code code, String message);
}
