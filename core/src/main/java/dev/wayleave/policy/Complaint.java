package dev.wayleave.policy;

/** Takes the problem or the notice of one text, and knows where the text stands. */
interface Complaint {

    /** Wants to hear nothing. */
    Complaint NONE = new Complaint() {
        @Override
        public void about(PolicyProblem.Code code, String message) {}

        @Override
        public void notice(PolicyNotice.Code code, String message) {}
    };

    void about(PolicyProblem.Code code, String message);

    void notice(PolicyNotice.Code code, String message);
}
