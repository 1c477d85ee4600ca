package dev.wayleave;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Denial;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Outcome;
import dev.wayleave.mesh.Actor;
import java.time.Duration;
import java.time.Instant;

/**
 * Why an event happened.
 *
 * <p>Immutable and safe for use by several threads. A minor version may add kinds, named in the changelog.
 */
public sealed interface Reason {

    /**
     * Returns the reason in English, for logs, histories and people: nodes by their numbers, texts of others in backticks.
     * The words may become others in any version; a program reads the reason itself. O(length of the text).
     *
     * @return a line of text in lower case
     */
    default String text() {
        return ReasonText.of(this);
    }

    /** The command said so; the event's origin tells whose it was. */
    record Reported() implements Reason {}

    /**
     * Somebody's word, or the policy.
     *
     * @param approval whose word, and when
     */
    record ByApproval(Approval approval) implements Reason {}

    /**
     * An administrator denied it.
     *
     * @param denial who, and when
     */
    record ByDenial(Denial denial) implements Reason {}

    /**
     * Neither the policy nor an administrator has approved it.
     *
     * @param verdict what keeps the policy from it
     */
    record NotApproved(Verdict verdict) implements Reason {}

    /**
     * An administrator took the approval away.
     *
     * @param by the administrator
     */
    record TakenAway(Actor by) implements Reason {}

    /** The node stopped advertising it, and the approval goes with the advertisement in this tailnet. */
    record NoLongerAdvertised() implements Reason {}

    /**
     * The election, with the reason for every candidate.
     *
     * @param outcome what it came to
     */
    record ByElection(Outcome outcome) implements Reason {}

    /**
     * A session is up.
     *
     * @param session the host's key of it
     */
    record SessionUp(SessionId session) implements Reason {}

    /**
     * The session ended.
     *
     * @param session the host's key of it
     */
    record SessionDown(SessionId session) implements Reason {}

    /**
     * Nothing was heard on the session for too long.
     *
     * @param session the host's key of it
     * @param lastHeard when something was heard last
     */
    record SessionSilent(SessionId session, Instant lastHeard) implements Reason {}

    /**
     * The grace ran out.
     *
     * @param until when
     */
    record GraceOver(Instant until) implements Reason {}

    /**
     * The node is ephemeral and had no session for too long.
     *
     * @param since when its last session ended, or when it registered
     */
    record Idle(Instant since) implements Reason {}

    /**
     * The host's wall clock was set to another time.
     *
     * @param by the new time less the old one
     */
    record ClockSet(Duration by) implements Reason {}

    /**
     * The time that was set for it is over.
     *
     * @param until when
     */
    record DeadlinePassed(Instant until) implements Reason {}
}
