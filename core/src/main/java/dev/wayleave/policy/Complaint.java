package dev.wayleave.policy;

/** Somebody to tell what is wrong with a text, who knows where the text stands. */
@FunctionalInterface
interface Complaint {

    void about(PolicyProblem.Code code, String message);
}
