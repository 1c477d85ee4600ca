package dev.wayleave;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.policy.Selector;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints reasons. It decides nothing. */
final class ReasonText {

    private ReasonText() {}

    static String explain(Explanation about) {
        StringBuilder out = new StringBuilder();
        out.append(about.prefix())
                .append(" on node ")
                .append(about.node())
                .append(about.isServing() ? " is served" : " is not served")
                .append('\n');
        out.append("  advertised: ").append(about.advertised() ? "yes" : "no").append('\n');
        out.append("  approved: ").append(of(about.verdict())).append('\n');
        if (about.prefix().isExitRoute()) {
            out.append("  elected: never; every exit node offers its own exit routes\n");
        } else {
            out.append("  elected: ")
                    .append(about.election().map(ReasonText::of).orElse("nobody; it is effective on no node"))
                    .append('\n');
        }
        for (Explanation.Holder holder : about.holders()) {
            out.append("    node ")
                    .append(holder.node())
                    .append(" (")
                    .append(holder.name())
                    .append("): ");
            out.append(of(about, holder)).append('\n');
        }
        return out.toString();
    }

    private static String of(Explanation about, Explanation.Holder holder) {
        String state = holder.liveness().name().toLowerCase(Locale.ROOT)
                + holder.graceUntil().map(until -> " until " + until).orElse("");
        if (about.election().isEmpty() || !(about.election().get() instanceof Outcome.Elected elected)) {
            return state;
        }
        if (elected.winner().equals(holder.node())) {
            return state + "; primary: " + of(elected.why());
        }
        return state
                + elected.losers().stream()
                        .filter(loss -> loss.node().equals(holder.node()))
                        .map(loss -> "; standby: " + of(loss))
                        .findFirst()
                        .orElse(holder.liveness() == Liveness.OFFLINE ? "; no candidate" : "");
    }

    static String of(Verdict verdict) {
        if (verdict instanceof Verdict.AlreadyApproved approved) {
            return "yes, " + of(approved.approval());
        }
        if (verdict instanceof Verdict.Denied denied) {
            return "no, denied by `" + denied.denial().by() + "` at "
                    + denied.denial().at();
        }
        if (verdict instanceof Verdict.Withdrawn lost) {
            return "no, its approval went when it was withdrawn; it was approved " + of(lost.approval());
        }
        if (verdict instanceof Verdict.ApprovedByPolicy approved) {
            return "not yet, but the policy approves it " + of(approved.approver());
        }
        if (verdict instanceof Verdict.NoApproverNamesNode unnamed) {
            return "no; no approver under " + Texts.join(unnamed.keys()) + " names this node";
        }
        if (verdict instanceof Verdict.NoExitNodeApproverNamesNode unnamed) {
            return "no; none of " + texts(unnamed.listed()) + " under `exitNode` names this node";
        }
        return verdict instanceof Verdict.NoExitNodeApprover
                ? "no; `autoApprovers` has no `exitNode`, and nobody approved it"
                : "no; no key under `autoApprovers.routes` covers it, and nobody approved it";
    }

    private static String texts(List<Selector> selectors) {
        return selectors.stream().map(selector -> "`" + selector.text() + "`").collect(Collectors.joining(", "));
    }

    private static String of(Approval approval) {
        return of(approval.by()) + " at " + approval.at();
    }

    private static String of(Approver by) {
        if (by instanceof Approver.Administrator administrator) {
            return "by `" + administrator.actor() + "`";
        }
        if (by instanceof Approver.RouteApprover approver) {
            return "by the policy: key `" + approver.key() + "`, approver `"
                    + approver.selector().text() + "`";
        }
        if (by instanceof Approver.ExitNodeApprover approver) {
            return "by the policy: `exitNode`, approver `" + approver.selector().text() + "`";
        }
        return by instanceof Approver.Import imported ? "by an import from `" + imported.source() + "`" : "";
    }

    static String of(Outcome outcome) {
        if (outcome instanceof Outcome.Elected elected) {
            return "node " + elected.winner() + ", " + of(elected.why());
        }
        return outcome instanceof Outcome.Kept kept
                ? "node " + kept.last() + " is kept, though no candidate is left"
                : "nobody; no candidate is left";
    }

    private static String of(Win win) {
        if (win instanceof Win.Stays) {
            return "had it before and nothing moved it";
        }
        if (win instanceof Win.OnlyCandidate) {
            return "the only candidate";
        }
        return win instanceof Win.FailsBack back
                ? "takes it back from node " + back.incumbent()
                : "goes before the other candidates";
    }

    static String of(Loss loss) {
        NodeId winner = loss.winner();
        if (loss instanceof Loss.InGrace) {
            return "in its grace, gets nothing new";
        }
        if (loss instanceof Loss.WorseClass worse) {
            return name(worse.ownClass()) + ", while node " + winner + " is " + name(worse.betterClass());
        }
        if (loss instanceof Loss.IncumbentStays) {
            return "node " + winner + " had it before";
        }
        if (loss instanceof Loss.NotYetStable waiting) {
            return "waits until " + waiting.eligibleAt() + " to take it back";
        }
        if (loss instanceof Loss.LowerPriority lower) {
            return "priority " + lower.priority() + ", node " + winner + " has " + lower.higherPriority();
        }
        if (loss instanceof Loss.RegisteredLater later) {
            return "registered at " + later.registeredAt() + ", node " + winner + " at " + later.earlier();
        }
        return "node " + winner + " has the lower number";
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
