package dev.wayleave.election;

/** Words that the kinds of {@link Outcome} have in common. */
final class OutcomeText {

    /** Why a node on which the prefix is effective is neither the winner nor among the losers. */
    static final String OFFLINE = "it is offline, and therefore no candidate";

    private OutcomeText() {}
}
