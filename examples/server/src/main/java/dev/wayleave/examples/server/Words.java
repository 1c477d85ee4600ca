package dev.wayleave.examples.server;

import dev.wayleave.NodeState;
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
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says in English what happened and why, with the names of nodes. It decides nothing. */
final class Words {

    private static final Pattern NODE = Pattern.compile("`[^`]*`|\\bnode ([1-9]\\d{0,17})\\b");

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

    /**
     * What happened, in a sentence made of what the event table keeps, so that it is the same after a restart.
     *
     * @param kind the name of the kind of event
     * @param node the name of the node that it is about
     * @param prefix the prefix that it is about
     * @param from the name of the primary before
     */
    static String sentence(String kind, String node, String prefix, Optional<String> from) {
        return switch (kind) {
            case "Advertised" -> node + " advertises " + prefix;
            case "Withdrawn" -> node + " no longer advertises " + prefix;
            case "Approved" -> prefix + " is approved on " + node;
            case "ApprovalPending" -> prefix + " on " + node + " waits for approval";
            case "Revoked" -> prefix + " is no longer approved on " + node;
            case "Denied" -> prefix + " is denied on " + node;
            case "Elected" -> node + " carries " + prefix;
            case "Moved" -> prefix + " moved from " + from.orElse("another node") + " to " + node;
            case "Unserved" ->
                "nobody carries " + prefix
                        + from.map(last -> ", which " + last + " had").orElse("");
            case "Kept" -> node + " keeps " + prefix + " in name";
            case "NodeOnline" -> node + " is online";
            case "NodeInGrace" -> node + " lost its session, and keeps what it carries during its grace";
            case "NodeOffline" -> node + " is offline";
            case "NodeRemoved" -> node + " is removed";
            case "DrainBegun" -> node + " is being drained";
            case "DrainEnded" -> node + " is no longer being drained";
            case "PolicyReplaced" -> "the policy is another one";
            case "PolicyRewritten" -> "the policy is written in other words, and says the same";
            case "ClockStepped" -> "the clock of the control plane was stepped";
            case "SettingsChanged" -> "the settings are others";
            default -> (kind + " " + node + " " + prefix).strip();
        };
    }

    /** A reason of the library with the names of the nodes, where it has their numbers; what is in backticks stays. */
    static String named(String reason, Function<NodeId, String> names) {
        return NODE.matcher(reason)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1) == null
                                ? match.group()
                                : names.apply(new NodeId(Long.parseLong(match.group(1))))));
    }

    /** The name of the kind of event. */
    static String kind(RouteEvent event) {
        return event.getClass().getSimpleName();
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
