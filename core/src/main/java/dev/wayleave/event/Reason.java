package dev.wayleave.event;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Denial;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Outcome;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.SortedSet;

/**
 * The reason why an event happened.
 *
 * <p>A minor version may add kinds, named in the changelog.
 */
public sealed interface Reason extends NamedKind {

    /**
     * Prints the reason.
     *
     * @param names how texts call nodes and entries of the policy
     * @return a part of a sentence, for example {@code it opened a session}
     */
    String text(Names names);

    /** A command reported it; the origin of the event names its actor. */
    @Kind("reported")
    record Reported() implements Reason {

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "it was reported";
        }
    }

    /**
     * The word of an administrator or of the policy, or an import.
     *
     * @param approval whose word, and when
     */
    @Kind("by-approval")
    record ByApproval(Approval approval) implements Reason {

        public ByApproval {
            Objects.requireNonNull(approval, "approval");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return approval.text(names);
        }
    }

    /**
     * An administrator denied it.
     *
     * @param denial who, and when
     */
    @Kind("by-denial")
    record ByDenial(Denial denial) implements Reason {

        public ByDenial {
            Objects.requireNonNull(denial, "denial");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "by `" + denial.by() + "`";
        }
    }

    /**
     * Neither the policy nor an administrator has approved it.
     *
     * @param verdict what keeps the policy from it
     */
    @Kind("not-approved")
    record NotApproved(Verdict verdict) implements Reason {

        public NotApproved {
            Objects.requireNonNull(verdict, "verdict");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return verdict.text(names);
        }
    }

    /**
     * An administrator took the approval away.
     *
     * @param by the administrator
     */
    @Kind("revoked")
    record Revoked(Actor by) implements Reason {

        public Revoked {
            Objects.requireNonNull(by, "by");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "by `" + by + "`";
        }
    }

    /** The node stopped advertising it, and the approval goes with the advertisement in this tailnet. */
    @Kind("no-longer-advertised")
    record NoLongerAdvertised() implements Reason {

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the node no longer advertises it";
        }
    }

    /**
     * The election, with the reason for every candidate.
     *
     * @param outcome its result
     */
    @Kind("by-election")
    record ByElection(Outcome outcome) implements Reason {

        public ByElection {
            Objects.requireNonNull(outcome, "outcome");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return outcome.text(names);
        }
    }

    /**
     * The host reported a new session of the node: it is online from now on.
     *
     * @param session the host's key of it
     */
    @Kind("session-up")
    record SessionUp(SessionId session) implements Reason {

        public SessionUp {
            Objects.requireNonNull(session, "session");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "it opened a session";
        }
    }

    /**
     * The host reported the end of the node's current session, which begins its grace.
     *
     * @param session the host's key of it
     */
    @Kind("session-down")
    record SessionDown(SessionId session) implements Reason {

        public SessionDown {
            Objects.requireNonNull(session, "session");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "its session ended";
        }
    }

    /**
     * Nothing was heard on the session for too long.
     *
     * @param session the host's key of it
     * @param lastHeard when something was heard last
     */
    @Kind("session-silent")
    record SessionSilent(SessionId session, Instant lastHeard) implements Reason {

        public SessionSilent {
            Objects.requireNonNull(session, "session");
            Objects.requireNonNull(lastHeard, "lastHeard");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "its session fell silent: nothing was heard since " + lastHeard;
        }
    }

    /**
     * The process that had the session is gone, where several share the tailnet.
     *
     * @param holder the process
     */
    @Kind("holder-gone")
    record HolderGone(SessionHolder holder) implements Reason {

        public HolderGone {
            Objects.requireNonNull(holder, "holder");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the process that had its session is gone";
        }
    }

    /**
     * The grace ran out.
     *
     * @param until when
     */
    @Kind("grace-over")
    record GraceOver(Instant until) implements Reason {

        public GraceOver {
            Objects.requireNonNull(until, "until");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "its grace ended at " + until;
        }
    }

    /**
     * The node is ephemeral and had no session for too long.
     *
     * @param since when its last session ended, or when it registered
     */
    @Kind("idle")
    record Idle(Instant since) implements Reason {

        public Idle {
            Objects.requireNonNull(since, "since");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "it is ephemeral, and had no session since " + since;
        }
    }

    /**
     * The host's wall clock was set to another time.
     *
     * @param by the new time less the old one
     */
    @Kind("clock-set")
    record ClockSet(Duration by) implements Reason {

        public ClockSet {
            Objects.requireNonNull(by, "by");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the host's clock was stepped by " + ReasonText.seconds(by) + "; every running timer moved along";
        }
    }

    /**
     * The time that was set for it is over.
     *
     * @param until when
     */
    @Kind("deadline-passed")
    record DeadlinePassed(Instant until) implements Reason {

        public DeadlinePassed {
            Objects.requireNonNull(until, "until");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "it was to end at " + Texts.time(until);
        }
    }

    /**
     * The host gave another list of users.
     *
     * @param added the users who are new
     * @param changed the users who have another name, e-mail or role
     * @param removed the users who are gone
     */
    @Kind("users-changed")
    record UsersChanged(SortedSet<UserId> added, SortedSet<UserId> changed, SortedSet<UserId> removed)
            implements Reason {

        public UsersChanged {
            added = Copies.sortedSet(added, "added");
            changed = Copies.sortedSet(changed, "changed");
            removed = Copies.sortedSet(removed, "removed");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return ReasonText.users(this);
        }
    }

    /**
     * The host gave the node another name.
     *
     * @param from its name before
     * @param to its name now
     */
    @Kind("name-changed")
    record NameChanged(String from, String to) implements Reason {

        public NameChanged {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "it was called `" + from + "` before, and is called `" + to + "` now";
        }
    }

    /**
     * The host gave the node other tags, or to another user.
     *
     * @param from its owner before
     * @param to its owner now
     */
    @Kind("owner-changed")
    record OwnerChanged(Owner from, Owner to) implements Reason {

        public OwnerChanged {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "it belonged to " + ReasonText.owner(from) + " before, and belongs to " + ReasonText.owner(to)
                    + " now";
        }
    }

    /** The host gave the node another host key. */
    @Kind("key-changed")
    record KeyChanged() implements Reason {

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "it has another host key";
        }
    }

    /** This version of the library does not know the kind of the event, and therefore no reason either. */
    @Kind("unknown")
    record Unknown() implements Reason {

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "this version does not know the reason";
        }
    }
}
