package dev.wayleave;

import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
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
        election(out, about.prefix(), about.election());
        for (Explanation.Holder holder : about.holders()) {
            name(out, holder);
            out.append(of(about, holder)).append('\n');
        }
        return out.toString();
    }

    static String explain(ViewExplanation about) {
        StringBuilder out = new StringBuilder();
        String carriers = about.carriers().stream().map(Object::toString).collect(Collectors.joining(", "));
        out.append(about.prefix())
                .append(" for node ")
                .append(about.viewer())
                .append(carriers.isEmpty() ? " leads nowhere" : " leads to node " + carriers)
                .append('\n');
        election(out, about.prefix(), about.election());
        for (ViewExplanation.Offer offer : about.offers()) {
            name(out, offer.holder());
            out.append(state(offer.holder()))
                    .append("; ")
                    .append(of(offer.answer()))
                    .append('\n');
        }
        return out.toString();
    }

    private static void election(StringBuilder out, Prefix prefix, Optional<Outcome> election) {
        if (prefix.isExitRoute()) {
            out.append("  elected: never; every exit node offers its own exit routes\n");
        } else {
            out.append("  elected: ")
                    .append(election.map(ReasonText::of).orElse("nobody; it is effective on no node"))
                    .append('\n');
        }
    }

    private static void name(StringBuilder out, Explanation.Holder holder) {
        out.append("    node ")
                .append(holder.node())
                .append(" (")
                .append(holder.name())
                .append("): ");
    }

    private static String state(Explanation.Holder holder) {
        return holder.liveness().name().toLowerCase(Locale.ROOT)
                + holder.graceUntil().map(until -> " until " + until).orElse("");
    }

    private static String of(Explanation about, Explanation.Holder holder) {
        String state = state(holder);
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

    /** Why an event happened. */
    static String of(Reason reason) {
        if (reason instanceof Reason.ByApproval by) {
            return of(by.approval());
        }
        if (reason instanceof Reason.ByDenial by) {
            return "by `" + by.denial().by() + "`";
        }
        if (reason instanceof Reason.NotApproved not) {
            return lack(not.verdict());
        }
        if (reason instanceof Reason.TakenAway away) {
            return "by `" + away.by() + "`";
        }
        if (reason instanceof Reason.NoLongerAdvertised) {
            return "the node no longer advertises it";
        }
        if (reason instanceof Reason.ByElection by) {
            return of(by.outcome());
        }
        if (reason instanceof Reason.ClockSet set) {
            return "the host's clock was stepped by " + seconds(set.by()) + "; every running timer moved along";
        }
        return reason instanceof Reason.Reported ? "it was reported" : ofSession(reason);
    }

    /** For example {@code +3600 s}, {@code -0.75 s}: as clients of NTP write it. */
    private static String seconds(Duration by) {
        String seconds =
                BigDecimal.valueOf(by.toMillis(), 3).stripTrailingZeros().toPlainString();
        return (by.isNegative() ? "" : "+") + seconds + " s";
    }

    private static String ofSession(Reason reason) {
        if (reason instanceof Reason.SessionUp) {
            return "it opened a session";
        }
        if (reason instanceof Reason.SessionDown) {
            return "its session ended";
        }
        if (reason instanceof Reason.SessionSilent silent) {
            return "its session fell silent: nothing was heard since " + silent.lastHeard();
        }
        if (reason instanceof Reason.GraceOver over) {
            return "its grace ended at " + over.until();
        }
        if (reason instanceof Reason.Idle idle) {
            return "it is ephemeral, and had no session since " + idle.since();
        }
        return reason instanceof Reason.DeadlinePassed passed ? "it was to end at " + passed.until() : "";
    }

    static String of(Verdict verdict) {
        if (verdict instanceof Verdict.AlreadyApproved approved) {
            return "yes, " + of(approved.approval());
        }
        if (verdict instanceof Verdict.ApprovedByPolicy approved) {
            return "not yet, but the policy approves it " + of(approved.approver());
        }
        boolean taken = verdict instanceof Verdict.Denied || verdict instanceof Verdict.Withdrawn;
        return (taken ? "no, " : "no; ") + lack(verdict);
    }

    /** What keeps a prefix from being approved. */
    private static String lack(Verdict verdict) {
        if (verdict instanceof Verdict.Denied denied) {
            return "denied by `" + denied.denial().by() + "` at "
                    + denied.denial().at();
        }
        if (verdict instanceof Verdict.Withdrawn lost) {
            return "its approval went when it was withdrawn; it was approved " + of(lost.approval());
        }
        if (verdict instanceof Verdict.NoApproverNamesNode unnamed) {
            return "no approver under " + Texts.join(unnamed.keys()) + " names this node";
        }
        if (verdict instanceof Verdict.NoExitNodeApproverNamesNode unnamed) {
            return "none of " + texts(unnamed.listed()) + " under `exitNode` names this node";
        }
        return verdict instanceof Verdict.NoExitNodeApprover
                ? "`autoApprovers` has no `exitNode`, and nobody approved it"
                : "no key under `autoApprovers.routes` covers it, and nobody approved it";
    }

    private static String texts(List<Selector> selectors) {
        return texts(selectors, Selector::text);
    }

    private static <T> String texts(Collection<T> values, Function<T, String> text) {
        return values.stream().map(value -> "`" + text.apply(value) + "`").collect(Collectors.joining(", "));
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

    static String of(RouteAnswer answer) {
        if (answer instanceof Withheld withheld) {
            return "withheld: " + of(withheld.reason());
        }
        return answer instanceof RouteAnswer.Given given ? "given: " + of(given.why()) : "";
    }

    private static String of(RouteAnswer.Why why) {
        if (why instanceof RouteAnswer.Admitted admitted) {
            return of(admitted.rule()) + " lets the viewer reach it there";
        }
        if (why instanceof RouteAnswer.PublicDestination part) {
            return of(part.rule()) + " is for " + part.destination()
                    + ": a public destination goes to every exit node, also where a subnet route carries it";
        }
        return why instanceof RouteAnswer.ReturnPath back
                ? of(back.rule()) + " lets it reach the viewer, and this is the way back"
                : "the viewer has the prefix too, and this is its primary";
    }

    private static String of(Withheld.Reason reason) {
        if (reason instanceof Withheld.OwnRoute) {
            return "a route of the viewer itself";
        }
        if (reason instanceof Withheld.NotAdmitted) {
            return "no rule lets the viewer reach it there";
        }
        if (reason instanceof Withheld.SteeredElsewhere steered) {
            return of(steered.rule()) + " leads the viewer elsewhere"
                    + steered.carrier().map(carrier -> ", to node " + carrier).orElse("");
        }
        if (reason instanceof Withheld.SteeredNowhere steered) {
            return of(steered.rule()) + " leads the viewer through nodes with " + texts(steered.via(), Tag::toString)
                    + " only, and no such node has it";
        }
        if (reason instanceof Withheld.SteeringLifted lifted) {
            return of(lifted.via()) + " leads the viewer here, but " + of(lifted.plain())
                    + " lets it reach the prefix without `via`, so that the primary carries it, node "
                    + lifted.carrier();
        }
        if (reason instanceof Withheld.NotCarrier not) {
            return "node " + not.carrier()
                    + (not.why() == Withheld.Precedence.PRIMARY
                            ? " carries it, the primary"
                            : " carries it, the first to which rules lead the viewer");
        }
        return reason instanceof Withheld.Unserved
                ? "nobody who may carry it for the viewer can do so now"
                : "it is not effective there";
    }

    private static String of(RuleId rule) {
        return rule.equals(RuleId.DEFAULT) ? "a policy without rules" : "`" + rule + "`";
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
