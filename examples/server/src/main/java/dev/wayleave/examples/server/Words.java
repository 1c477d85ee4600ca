package dev.wayleave.examples.server;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingText;
import dev.wayleave.approval.Verdict;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in English what happened, with the names of nodes; {@link RoutingText} says why. It decides nothing. */
final class Words {

    private static final Pattern NODE = Pattern.compile("`[^`]*`|\\bnode ([1-9]\\d{0,17})\\b");

    private final RoutingText text;

    /** With the nodes that there are, and those that there were. */
    Words(RoutingState state, RoutingState before) {
        this.text = RoutingText.of(state, before);
    }

    Words(RoutingState state) {
        this(state, state);
    }

    /** The name of a node, also of one that is gone. */
    String name(NodeId node) {
        return text.name(node);
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
            case "NodeRenamed" -> node + " has a new name";
            case "NodeOwnerChanged" -> node + " has another owner";
            case "NodeRekeyed" -> node + " has a new key";
            case "UsersReplaced" -> "the users are replaced";
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

    /** What to print reasons with. */
    RoutingText text() {
        return text;
    }

    /** Why a route is approved, or is not. */
    String of(Verdict verdict) {
        return (verdict instanceof Verdict.AlreadyApproved ? "approved " : "") + text.reason(verdict);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
