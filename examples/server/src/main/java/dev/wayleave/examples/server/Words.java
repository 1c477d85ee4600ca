package dev.wayleave.examples.server;

import dev.wayleave.NodeState;
import dev.wayleave.Reason;
import dev.wayleave.RouteEvent;
import dev.wayleave.RoutingState;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.mesh.NodeId;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says in English what happened and why, with the names of nodes. It decides nothing. */
final class Words {

    private final RoutingState state;
    private final RoutingState before;

    /** With the nodes that there are, and those that there were. */
    Words(RoutingState state, RoutingState before) {
        this.state = state;
        this.before = before;
    }

    Words(RoutingState state) {
        this(state, state);
    }

    /** The name of a node, also of one that is gone. */
    String name(NodeId node) {
        return state.node(node)
                .or(() -> before.node(node))
                .map(NodeState::facts)
                .map(facts -> facts.name())
                .orElse("node " + node);
    }

    /** What happened, in a sentence. */
    String of(RouteEvent event) {
        String node = event.node().map(this::name).orElse("");
        String prefix = event.prefix().map(Object::toString).orElse("");
        if (event instanceof RouteEvent.Advertised) {
            return node + " advertises " + prefix;
        }
        if (event instanceof RouteEvent.Withdrawn) {
            return node + " no longer advertises " + prefix;
        }
        if (event instanceof RouteEvent.Approved) {
            return prefix + " is approved on " + node;
        }
        if (event instanceof RouteEvent.ApprovalPending) {
            return prefix + " on " + node + " waits for approval";
        }
        if (event instanceof RouteEvent.Revoked) {
            return prefix + " is no longer approved on " + node;
        }
        if (event instanceof RouteEvent.Denied) {
            return prefix + " is denied on " + node;
        }
        if (event instanceof RouteEvent.Elected elected) {
            return name(elected.nodeId()) + " carries " + prefix;
        }
        if (event instanceof RouteEvent.Moved moved) {
            return prefix + " moved from " + name(moved.from()) + " to " + name(moved.to());
        }
        if (event instanceof RouteEvent.Unserved unserved) {
            return "nobody carries " + prefix
                    + unserved.last()
                            .map(last -> ", which " + name(last) + " had")
                            .orElse("");
        }
        if (event instanceof RouteEvent.Kept kept) {
            return name(kept.last()) + " keeps " + prefix + " in name";
        }
        return aboutNode(event, node);
    }

    private static String aboutNode(RouteEvent event, String node) {
        if (event instanceof RouteEvent.NodeOnline) {
            return node + " is online";
        }
        if (event instanceof RouteEvent.NodeInGrace grace) {
            return node + " lost its session, and keeps what it carries until " + grace.until();
        }
        if (event instanceof RouteEvent.NodeOffline) {
            return node + " is offline";
        }
        if (event instanceof RouteEvent.NodeRemoved) {
            return node + " is removed";
        }
        if (event instanceof RouteEvent.DrainBegun drain) {
            return node + " is being drained"
                    + drain.until().map(until -> " until " + until).orElse("");
        }
        if (event instanceof RouteEvent.DrainEnded) {
            return node + " is no longer being drained";
        }
        if (event instanceof RouteEvent.PolicyReplaced) {
            return "the policy is another one";
        }
        return event instanceof RouteEvent.SettingsChanged ? "the settings are others" : kind(event) + " " + node;
    }

    /** The name of the kind of event. */
    static String kind(RouteEvent event) {
        return event.getClass().getSimpleName();
    }

    /** Why it happened. */
    String of(Reason reason) {
        if (reason instanceof Reason.ByApproval by) {
            return of(by.approval());
        }
        if (reason instanceof Reason.ByDenial by) {
            return "by `" + by.denial().by() + "`";
        }
        if (reason instanceof Reason.NotApproved not) {
            return of(not.verdict());
        }
        if (reason instanceof Reason.TakenAway away) {
            return "by `" + away.by() + "`";
        }
        if (reason instanceof Reason.ByElection by) {
            return of(by.outcome());
        }
        return aboutTime(reason);
    }

    private static String aboutTime(Reason reason) {
        if (reason instanceof Reason.NoLongerAdvertised) {
            return "the node no longer advertises it";
        }
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
            return "it is ephemeral, and gone since " + idle.since();
        }
        if (reason instanceof Reason.DeadlinePassed passed) {
            return "it was to end at " + passed.until();
        }
        return reason instanceof Reason.Reported ? "it was reported" : reason.toString();
    }

    /** Why a route is approved, or is not. */
    String of(Verdict verdict) {
        if (verdict instanceof Verdict.AlreadyApproved approved) {
            return "approved " + of(approved.approval());
        }
        if (verdict instanceof Verdict.Denied denied) {
            return "denied by `" + denied.denial().by() + "` at "
                    + denied.denial().at() + "; only an administrator's approval lifts that";
        }
        if (verdict instanceof Verdict.Withdrawn) {
            return "the node stopped advertising it once; an administrator has to approve it anew";
        }
        if (verdict instanceof Verdict.ApprovedByPolicy approved) {
            return "not yet approved, but the policy does so " + of(approved.approver());
        }
        if (verdict instanceof Verdict.NoApproverNamesNode unnamed) {
            return "no approver under " + quoted(unnamed.keys()) + " in `autoApprovers.routes` names this node";
        }
        if (verdict instanceof Verdict.NoExitNodeApproverNamesNode) {
            return "no approver in `autoApprovers.exitNode` names this node";
        }
        return verdict instanceof Verdict.NoExitNodeApprover
                ? "`autoApprovers` has no `exitNode`, and nobody approved it"
                : "no key of `autoApprovers.routes` covers it, and nobody approved it";
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
        return by instanceof Approver.Import imported ? "by an import from `" + imported.source() + "`" : by.toString();
    }

    /** Who carries a prefix, and why. */
    String of(Outcome outcome) {
        if (outcome instanceof Outcome.Elected elected) {
            return name(elected.winner()) + " " + of(elected.why());
        }
        return outcome instanceof Outcome.Kept kept
                ? "no candidate is left; " + name(kept.last()) + " is kept"
                : "no candidate is left";
    }

    String of(Win win) {
        if (win instanceof Win.Stays) {
            return "had it before, and nothing moved it";
        }
        if (win instanceof Win.OnlyCandidate) {
            return "is the only candidate";
        }
        return win instanceof Win.FailsBack back
                ? "takes it back from " + name(back.incumbent())
                : "goes before the other candidates";
    }

    /** Why a candidate is not the primary. */
    String of(Loss loss) {
        String winner = name(loss.winner());
        if (loss instanceof Loss.InGrace) {
            return "its session went down a moment ago, and " + winner + " can have the prefix";
        }
        if (loss instanceof Loss.WorseClass worse) {
            return "it is " + word(worse.ownClass()) + ", " + winner + " is " + word(worse.betterClass());
        }
        if (loss instanceof Loss.IncumbentStays) {
            return winner + " had the prefix before and is no less fit";
        }
        if (loss instanceof Loss.NotYetStable waiting) {
            return "it waits until " + waiting.eligibleAt() + " to take it back from " + winner;
        }
        if (loss instanceof Loss.LowerPriority lower) {
            return "its priority is " + lower.priority() + ", that of " + winner + " is " + lower.higherPriority();
        }
        return loss instanceof Loss.RegisteredLater ? winner + " registered earlier" : winner + " has the lower number";
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String quoted(Collection<?> values) {
        return values.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }
}
