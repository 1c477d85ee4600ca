package dev.wayleave.examples.cli;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Win;
import dev.wayleave.mesh.NodeId;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says the library's reasons in English, as the end of a sentence. */
final class Reasons {

    private final Function<NodeId, String> names;

    /** With the way to call a node. */
    Reasons(Function<NodeId, String> names) {
        this.names = names;
    }

    /** Why a route is approved, or is not. */
    String of(Verdict verdict) {
        if (verdict instanceof Verdict.AlreadyApproved already) {
            return of(already.approval());
        }
        if (verdict instanceof Verdict.ApprovedByPolicy approved) {
            return of(approved.approver());
        }
        if (verdict instanceof Verdict.Denied denied) {
            return denied.denial().by() + " denied it, and only an administrator's approval lifts that";
        }
        if (verdict instanceof Verdict.Withdrawn) {
            return "the node stopped advertising it once, and an administrator has to approve it anew";
        }
        if (verdict instanceof Verdict.NoKeyCovers) {
            return "no key of autoApprovers.routes covers it";
        }
        if (verdict instanceof Verdict.NoApproverNamesNode unnamed) {
            return quoted(unnamed.keys()) + " in autoApprovers.routes covers it, but no approver there names this node";
        }
        if (verdict instanceof Verdict.NoExitNodeApprover) {
            return "autoApprovers.exitNode is empty, and keys of autoApprovers.routes never approve exit routes";
        }
        if (verdict instanceof Verdict.NoExitNodeApproverNamesNode) {
            return "no approver in autoApprovers.exitNode names this node";
        }
        return verdict.toString();
    }

    /** On whose word a route is approved. */
    static String of(Approval approval) {
        return of(approval.by());
    }

    private static String of(Approver approver) {
        if (approver instanceof Approver.Administrator administrator) {
            return "by hand (" + administrator.actor() + ")";
        }
        if (approver instanceof Approver.RouteApprover route) {
            return "`" + route.key() + "` in autoApprovers.routes names `"
                    + route.selector().text() + "`";
        }
        if (approver instanceof Approver.ExitNodeApprover exit) {
            return "autoApprovers.exitNode names `" + exit.selector().text() + "`";
        }
        if (approver instanceof Approver.Import imported) {
            return "taken over from " + imported.source();
        }
        return approver.toString();
    }

    /** Why a candidate is the primary. */
    String of(Win win) {
        if (win instanceof Win.Stays) {
            return "it had the prefix before, and nothing moved it";
        }
        if (win instanceof Win.OnlyCandidate) {
            return "it is the only candidate";
        }
        if (win instanceof Win.GoesFirst) {
            return "it goes before the other candidates";
        }
        if (win instanceof Win.FailsBack back) {
            return "it goes before " + names.apply(back.incumbent()) + " and takes the prefix back";
        }
        return win.toString();
    }

    /** Why a candidate is not the primary. */
    String of(Loss loss) {
        String winner = names.apply(loss.winner());
        if (loss instanceof Loss.InGrace) {
            return "its session went down a moment ago, and " + winner + " can have the prefix";
        }
        if (loss instanceof Loss.WorseClass worse) {
            return "it is " + of(worse.ownClass()) + ", " + winner + " is " + of(worse.betterClass());
        }
        if (loss instanceof Loss.IncumbentStays) {
            return winner + " had the prefix before and is no less fit";
        }
        if (loss instanceof Loss.NotYetStable unstable) {
            return "it goes before " + winner + ", but has to be stable until " + unstable.eligibleAt();
        }
        if (loss instanceof Loss.LowerPriority lower) {
            return "its priority is " + lower.priority() + ", that of " + winner + " is " + lower.higherPriority();
        }
        if (loss instanceof Loss.RegisteredLater) {
            return winner + " registered earlier";
        }
        if (loss instanceof Loss.HigherId) {
            return winner + " has the lower id";
        }
        return loss.toString();
    }

    private static String of(CandidateClass candidateClass) {
        return candidateClass == CandidateClass.KEY_EXPIRED
                ? "out of reach (its key has expired)"
                : candidateClass.name().toLowerCase(Locale.ROOT);
    }

    static String quoted(Collection<?> values) {
        return values.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }
}
