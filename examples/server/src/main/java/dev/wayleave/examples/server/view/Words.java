package dev.wayleave.examples.server.view;

import dev.wayleave.RoutingState;
import dev.wayleave.approval.Verdict;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.Locale;
import java.util.Optional;

/** Says in English what happened, with the names of nodes; the library says why. It decides nothing. */
public final class Words {

    private final Names names;

    /** With the nodes that there are, and those that there were. */
    Words(RoutingState state, RoutingState before) {
        this.names = state.names(before);
    }

    public Words(RoutingState state) {
        this(state, state);
    }

    /** The name of a node, also of one that is gone. */
    public String name(NodeId node) {
        return names.node(node);
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
            case "route-advertised" -> node + " advertises " + prefix;
            case "route-withdrawn" -> node + " no longer advertises " + prefix;
            case "route-approved" -> prefix + " is approved on " + node;
            case "approval-pending" -> prefix + " on " + node + " waits for approval";
            case "route-revoked" -> prefix + " is no longer approved on " + node;
            case "route-denied" -> prefix + " is denied on " + node;
            case "primary-elected" -> node + " carries " + prefix;
            case "primary-moved" -> prefix + " moved from " + from.orElse("another node") + " to " + node;
            case "prefix-unserved" ->
                "no node carries " + prefix
                        + from.map(last -> ", which " + last + " had").orElse("");
            case "primary-kept" -> node + " keeps " + prefix + " in name";
            case "node-online" -> node + " is online";
            case "node-in-grace" -> node + " lost its session, and keeps what it carries during its grace";
            case "node-offline" -> node + " is offline";
            case "node-removed" -> node + " is removed";
            case "drain-started" -> node + " is being drained";
            case "drain-ended" -> node + " is no longer being drained";
            case "policy-replaced" -> "the policy changed";
            case "node-renamed" -> node + " has a new name";
            case "node-owner-changed" -> node + " has another owner";
            case "node-key-changed" -> node + " has a new key";
            case "users-changed" -> "the users are replaced";
            case "policy-text-changed" -> "the policy is written in other words, and says the same";
            case "clock-stepped" -> "the clock of the control plane was stepped";
            case "settings-changed" -> "the settings changed";
            default -> (kind + " " + node + " " + prefix).strip();
        };
    }

    /** With the entries of the policy. */
    public Names names() {
        return names;
    }

    /** Why a route is approved, or is not. */
    public String of(Verdict verdict) {
        return (verdict instanceof Verdict.AlreadyApproved ? "approved " : "") + verdict.text(names);
    }

    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
