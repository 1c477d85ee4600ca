package dev.wayleave;

import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.event.Reason;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints answers and reasons in English, with the names of nodes and the entries of the policy, so that every tool and server says
 * the same. It decides nothing.
 *
 * <p>Immutable and safe for use by several threads. The words may change in any version; a program reads the values. Names and
 * texts of others are printed as they are: a terminal or a page has to make control characters harmless.
 */
public final class RoutingText {

    /** Calls nodes by their numbers, and knows no policy: for texts that are stored. */
    public static final RoutingText NUMBERED =
            new RoutingText(node -> "node " + node, RoutingPolicy.builder().build(), false, true);

    /** How much of a long list is enough to know an entry again. */
    private static final int LISTED = 4;

    private final Function<NodeId, String> names;
    private final RoutingPolicy policy;
    private final boolean knowsPolicy;
    private final boolean times;

    private RoutingText(Function<NodeId, String> names, RoutingPolicy policy, boolean knowsPolicy, boolean times) {
        this.names = names;
        this.policy = policy;
        this.knowsPolicy = knowsPolicy;
        this.times = times;
    }

    /**
     * Returns a printer that knows the nodes and the policy of a state.
     *
     * @param state what the values to print are of
     * @return the printer; it calls a node that the tailnet does not have {@code node 3}
     */
    public static RoutingText of(RoutingState state) {
        Objects.requireNonNull(state, "state");
        return new RoutingText(node -> name(state, node, "node " + node), state.policy(), true, true);
    }

    /**
     * Returns a printer that also knows the nodes of an earlier state, for what is said of nodes that are gone.
     *
     * @param state the later state
     * @param earlier the earlier one
     * @return the printer
     */
    public static RoutingText of(RoutingState state, RoutingState earlier) {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(earlier, "earlier");
        return of(state).withNames(node -> name(state, node, name(earlier, node, "node " + node)));
    }

    /**
     * Returns a printer that knows no policy, so that it names entries by their place alone.
     *
     * @param names what to call a node
     * @return the printer
     */
    public static RoutingText naming(Function<NodeId, String> names) {
        Objects.requireNonNull(names, "names");
        return new RoutingText(names, RoutingPolicy.builder().build(), false, true);
    }

    private static String name(RoutingState state, NodeId node, String otherwise) {
        return state.node(node).map(known -> known.facts().name()).orElse(otherwise);
    }

    /**
     * Returns a printer that calls nodes otherwise.
     *
     * @param others what to call a node
     * @return the printer
     */
    public RoutingText withNames(Function<NodeId, String> others) {
        Objects.requireNonNull(others, "others");
        return new RoutingText(others, policy, knowsPolicy, times);
    }

    /**
     * Returns a printer that leaves out when approvals were given and nodes registered: for a tailnet that was made in one moment, as
     * from a file.
     *
     * @return the printer
     */
    public RoutingText withoutTimes() {
        return new RoutingText(names, policy, knowsPolicy, false);
    }

    /**
     * Returns what a node is called.
     *
     * @param node its number
     * @return its name, or {@code node 3}
     */
    public String name(NodeId node) {
        Objects.requireNonNull(node, "node");
        return Objects.requireNonNull(names.apply(node), "names must not return null");
    }

    // Explanations

    /**
     * Prints whether traffic passes.
     *
     * @param answer the answer
     * @param views the views that gave it
     * @return several lines, each ending in a line feed; the first begins with {@code yes}, {@code no} or {@code partly}
     */
    public String of(Reachability answer, RoutingViews views) {
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(views, "views");
        return new ReachabilityText(this, views).of(answer);
    }

    /**
     * Prints why a node carries a prefix, or does not, and how to have it approved.
     *
     * @param explanation the explanation
     * @return several lines, each ending in a line feed
     */
    public String of(RouteExplanation explanation) {
        Objects.requireNonNull(explanation, "explanation");
        return new ExplanationText(this).of(explanation);
    }

    /**
     * Prints why a viewer has a route, or does not.
     *
     * @param explanation the explanation
     * @return several lines, each ending in a line feed
     */
    public String of(ViewExplanation explanation) {
        Objects.requireNonNull(explanation, "explanation");
        return new ExplanationText(this).of(explanation);
    }

    /**
     * Prints what an administrator's word changed about the approvals of a node.
     *
     * @param changes the changes
     * @return several lines, each ending in a line feed
     */
    public String of(ApprovalDifference changes) {
        Objects.requireNonNull(changes, "changes");
        StringBuilder out = new StringBuilder(name(changes.node()))
                .append(" (")
                .append(changes.node())
                .append(changes.isEmpty() ? "): no approval changed\n" : ")\n");
        line(out, "approved", changes.approved(), "");
        line(out, "revoked", changes.revoked(), "");
        line(out, "denied", changes.denied(), "; only an administrator's approval lifts that");
        line(out, "unchanged", changes.unchanged(), "");
        return out.toString();
    }

    private static void line(StringBuilder out, String title, SortedSet<Prefix> prefixes, String more) {
        if (!prefixes.isEmpty()) {
            out.append("  ")
                    .append(title)
                    .append(" ".repeat(9 - title.length()))
                    .append("  ");
            out.append(prefixes.stream().map(Prefix::toString).collect(Collectors.joining(", ")));
            out.append(more).append('\n');
        }
    }

    // Events

    /**
     * Prints why an event happened.
     *
     * @param reason the reason
     * @return a part of a sentence, in lower case
     */
    public String of(Reason reason) {
        Objects.requireNonNull(reason, "reason");
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
        if (reason instanceof Reason.NameChanged changed) {
            return "it was called `" + changed.from() + "` before, and is called `" + changed.to() + "` now";
        }
        if (reason instanceof Reason.OwnerChanged changed) {
            return "it belonged to " + owner(changed.from()) + " before, and belongs to " + owner(changed.to())
                    + " now";
        }
        if (reason instanceof Reason.KeyChanged) {
            return "it has another host key";
        }
        if (reason instanceof Reason.UsersChanged changed) {
            return users(changed);
        }
        return reason instanceof Reason.Reported ? "it was reported" : ofSession(reason);
    }

    private static String owner(Owner owner) {
        if (owner instanceof Owner.OfUser user) {
            return "user `" + user.id() + "`";
        }
        return owner instanceof Owner.Tagged tagged ? listed(tagged.tags(), tag -> "`" + tag + "`") : "";
    }

    private static String users(Reason.UsersChanged changed) {
        return Stream.of(
                        users("added", changed.added()),
                        users("changed", changed.changed()),
                        users("removed", changed.removed()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String users(String what, Collection<UserId> users) {
        return users.isEmpty() ? "" : what + ": " + listed(users, user -> "`" + user + "`");
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

    // Approval

    /**
     * Prints whether a node may carry a prefix, and why.
     *
     * @param verdict the verdict
     * @return for example {@code yes, by the policy: key `10.0.0.0/8`, approver `tag:router`}
     */
    public String of(Verdict verdict) {
        Objects.requireNonNull(verdict, "verdict");
        if (verdict instanceof Verdict.AlreadyApproved approved) {
            return "yes, " + of(approved.approval());
        }
        if (verdict instanceof Verdict.ApprovedByPolicy approved) {
            return "not yet, but the policy approves it: " + place(approved.approver());
        }
        boolean taken = verdict instanceof Verdict.Denied || verdict instanceof Verdict.Withdrawn;
        return (taken ? "no, " : "no; ") + lack(verdict);
    }

    /**
     * Prints what keeps a prefix from being approved, or on whose word it is.
     *
     * @param verdict the verdict
     * @return for example {@code no key of `autoApprovers.routes` covers it, and no administrator approved it}
     */
    public String reason(Verdict verdict) {
        Objects.requireNonNull(verdict, "verdict");
        if (verdict instanceof Verdict.AlreadyApproved approved) {
            return of(approved.approval());
        }
        return verdict instanceof Verdict.ApprovedByPolicy approved ? of(approved.approver()) : lack(verdict);
    }

    /** What keeps a prefix from being approved. */
    String lack(Verdict verdict) {
        if (verdict instanceof Verdict.Denied denied) {
            return "denied by `" + denied.denial().by() + "`"
                    + at(denied.denial().at()) + "; only an administrator's approval lifts that";
        }
        if (verdict instanceof Verdict.Withdrawn lost) {
            return "its approval went when it was withdrawn; it was approved " + of(lost.approval());
        }
        if (verdict instanceof Verdict.NoApproverNamesNode unnamed) {
            return "no approver under " + Texts.join(unnamed.keys()) + " in `autoApprovers.routes` names this node";
        }
        if (verdict instanceof Verdict.NoExitNodeApproverNamesNode unnamed) {
            String listed = unnamed.listed().stream()
                    .map(selector -> "`" + selector.text() + "`")
                    .collect(Collectors.joining(", "));
            return "none of " + listed + " in `autoApprovers.exitNode` names this node";
        }
        return verdict instanceof Verdict.NoExitNodeApprover
                ? "`autoApprovers` has no `exitNode`, and no administrator approved it"
                : "no key of `autoApprovers.routes` covers it, and no administrator approved it";
    }

    /**
     * Prints on whose word a prefix is approved.
     *
     * @param approval the approval
     * @return for example {@code by `ada` at 2026-01-01T00:00:00Z}
     */
    public String of(Approval approval) {
        Objects.requireNonNull(approval, "approval");
        return of(approval.by()) + at(approval.at());
    }

    private String at(Instant time) {
        return times ? " at " + time : "";
    }

    private String of(Approver by) {
        if (by instanceof Approver.Administrator administrator) {
            return "by `" + administrator.actor() + "`";
        }
        if (by instanceof Approver.AutoApprover approver) {
            return "by the policy: " + place(approver);
        }
        return by instanceof Approver.Import imported ? "by an import from `" + imported.source() + "`" : "";
    }

    private String place(Approver.AutoApprover by) {
        if (by instanceof Approver.RouteApprover approver) {
            return "key `" + approver.key() + "`, approver `"
                    + approver.selector().text() + "`"
                    + line(policy.lineOfRouteApprover(approver.key(), approver.selector()));
        }
        Selector selector = ((Approver.ExitNodeApprover) by).selector();
        return "`exitNode`, approver `" + selector.text() + "`" + line(policy.lineOfExitNodeApprover(selector));
    }

    private static String line(OptionalInt line) {
        return line.isPresent() ? ", line " + line.getAsInt() : "";
    }

    // Election

    /**
     * Prints what an election came to.
     *
     * @param outcome the outcome
     * @return for example {@code berlin-a, the only candidate}
     */
    public String of(Outcome outcome) {
        Objects.requireNonNull(outcome, "outcome");
        if (outcome instanceof Outcome.Elected elected) {
            boolean alone = elected.why() instanceof Win.OnlyCandidate;
            return name(elected.winner()) + ", " + (alone ? "the only candidate" : of(elected.why()));
        }
        return outcome instanceof Outcome.Kept kept
                ? name(kept.last()) + " is kept, though no candidate is left"
                : "no candidate is left";
    }

    /**
     * Prints why a candidate is the primary.
     *
     * @param win the reason
     * @return for example {@code is the only candidate}
     */
    public String of(Win win) {
        Objects.requireNonNull(win, "win");
        if (win instanceof Win.Stays) {
            return "had it before and nothing moved it";
        }
        if (win instanceof Win.OnlyCandidate) {
            return "is the only candidate";
        }
        return win instanceof Win.FailsBack back
                ? "takes it back from " + name(back.incumbent())
                : "goes before the other candidates";
    }

    /**
     * Prints why a candidate is not the primary.
     *
     * @param loss the reason
     * @return for example {@code berlin-a had it before}
     */
    public String of(Loss loss) {
        Objects.requireNonNull(loss, "loss");
        String winner = name(loss.winner());
        if (loss instanceof Loss.InGrace) {
            return "in its grace, gets nothing new";
        }
        if (loss instanceof Loss.WorseClass worse) {
            return word(worse.ownClass()) + ", while " + winner + " is " + word(worse.betterClass());
        }
        if (loss instanceof Loss.IncumbentStays) {
            return winner + " had it before";
        }
        if (loss instanceof Loss.NotYetStable waiting) {
            return "waits until " + waiting.eligibleAt() + " to take it back";
        }
        if (loss instanceof Loss.LowerPriority lower) {
            return "priority " + lower.priority() + ", " + winner + " has " + lower.higherPriority();
        }
        if (loss instanceof Loss.RegisteredLater later) {
            return times
                    ? "registered at " + later.registeredAt() + ", " + winner + " at " + later.earlier()
                    : winner + " registered earlier";
        }
        return winner + " has the lower number";
    }

    // Views

    /**
     * Prints why a viewer has a route of a peer, or does not.
     *
     * @param answer the answer
     * @param viewer the viewer whose answer it is
     * @return for example {@code no rule lets laptop reach it there}
     */
    public String of(RouteAnswer answer, NodeId viewer) {
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(viewer, "viewer");
        if (answer instanceof Withheld withheld) {
            return of(withheld.reason(), viewer);
        }
        return answer instanceof RouteAnswer.Given given ? of(given.why(), viewer, given.peer()) : "";
    }

    /**
     * Prints why a viewer gets a route.
     *
     * @param why the reason
     * @param viewerId the viewer
     * @param peer the node that carries the route for it
     * @return for example {@code grants[0] lets laptop reach it there}
     */
    public String of(RouteAnswer.Why why, NodeId viewerId, NodeId peer) {
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(viewerId, "viewerId");
        Objects.requireNonNull(peer, "peer");
        String viewer = name(viewerId);
        if (why instanceof RouteAnswer.Admitted admitted) {
            return of(admitted.rule()) + " lets " + viewer + " reach it there";
        }
        if (why instanceof RouteAnswer.PublicDestination part) {
            return of(part.rule()) + " is for " + part.destination()
                    + ": a public destination goes to every exit node, also where a subnet route carries it";
        }
        return why instanceof RouteAnswer.ReturnPath back
                ? of(back.rule()) + " lets it reach " + viewer + " or what is behind it, and this is the way back"
                : viewer + " has the prefix too, and " + name(peer) + " is its primary";
    }

    /**
     * Prints why a viewer does not get a route.
     *
     * @param reason the reason
     * @param viewerId the viewer
     * @return for example {@code no rule lets laptop reach it there}
     */
    public String of(Withheld.Reason reason, NodeId viewerId) {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(viewerId, "viewerId");
        String viewer = name(viewerId);
        if (reason instanceof Withheld.OwnRoute) {
            return "it is a route of " + viewer + " itself";
        }
        if (reason instanceof Withheld.NotAdmitted) {
            return "no rule lets " + viewer + " reach it there";
        }
        if (reason instanceof Withheld.SteeredElsewhere steered) {
            return of(steered.rule()) + " leads " + viewer + " elsewhere"
                    + steered.carrier().map(carrier -> ", to " + name(carrier)).orElse("");
        }
        if (reason instanceof Withheld.SteeredNowhere steered) {
            return of(steered.rule()) + " leads " + viewer + " through nodes with "
                    + listed(steered.via(), tag -> "`" + tag + "`") + " only, and no such node has it";
        }
        if (reason instanceof Withheld.SteeringLifted lifted) {
            return of(lifted.via()) + " leads " + viewer + " here, but " + of(lifted.plain())
                    + " lets it reach the prefix without `via`, so that the primary carries it, "
                    + name(lifted.carrier());
        }
        if (reason instanceof Withheld.NotCarrier not) {
            return name(not.carrier())
                    + (not.why() == Withheld.Precedence.PRIMARY
                            ? " carries it, the primary"
                            : " carries it, the first to which rules lead " + viewer);
        }
        return reason instanceof Withheld.Unserved
                ? "no node that may carry it for " + viewer + " can do so now"
                : "it is not both advertised and approved there";
    }

    // Rules

    /**
     * Prints an entry of the policy by its place, its line, and what it says.
     *
     * @param rule the entry
     * @return for example {@code grants[0], line 12 (group:staff → intranet tcp:443)}
     */
    public String of(RuleId rule) {
        Objects.requireNonNull(rule, "rule");
        if (rule.section() == RuleId.Section.DEFAULT) {
            return "a policy without rules";
        }
        if (!knowsPolicy) {
            return "`" + rule + "`";
        }
        String said = rule.section() == RuleId.Section.GRANTS
                ? at(policy.grants().orElse(List.of()), rule.index(), RoutingText::said)
                : at(policy.acls().orElse(List.of()), rule.index(), RoutingText::said);
        return rule.toString(policy) + (said.isEmpty() ? "" : " (" + said + ")");
    }

    private static <T> String at(List<T> rules, int index, Function<T, String> text) {
        return index < rules.size() ? text.apply(rules.get(index)) : "";
    }

    private static String said(Grant grant) {
        String via = grant.via().isEmpty() ? "" : " via " + listed(grant.via(), Object::toString);
        String ip = grant.ip().isEmpty() || grant.ip().equals(List.of(Traffic.ALL))
                ? ""
                : " " + listed(grant.ip(), Traffic::toString);
        return listed(grant.sources(), Selector::text) + " → " + listed(grant.destinations(), Selector::text) + ip
                + via;
    }

    private static String said(AclRule rule) {
        return listed(rule.sources(), Selector::text)
                + " → "
                + listed(rule.destinations(), to -> to.selector().text() + ":" + listed(to.ports(), Object::toString))
                + rule.protocol().map(protocol -> " " + protocol).orElse("");
    }

    /** The first few of some values, and how many there are beside them. */
    static <T> String listed(Collection<T> values, Function<T, String> text) {
        String first = values.stream().limit(LISTED).map(text).collect(Collectors.joining(", "));
        return values.size() > LISTED ? first + " and " + (values.size() - LISTED) + " more" : first;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
