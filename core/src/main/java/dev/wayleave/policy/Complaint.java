package dev.wayleave.policy;

/** Takes the problem or the notice of one text, and knows where the text stands. */
interface Complaint {

    void about(PolicyProblem.Code code, String message);

    void notice(PolicyNotice.Code code, String message);
}
