package dev.wayleave.examples.cli.report;

import dev.wayleave.foresight.LintCode;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The advice to an operator about the routes at a control plane, by its product. {@code NODE}, {@code NAME} and {@code
 * ROUTES} stand for a node's number, its name, and the whole list of its routes.
 *
 * @param notServed about a prefix that no node carries although a router is online
 * @param refresh about a carrier that cannot be one
 * @param offline about a prefix of which every router is offline
 * @param otherPrimary about a carrier that the rules do not elect
 * @param approval how the routes of a node are approved
 * @param exitNode about a node that has one exit route without the other
 * @param expiry about a key that expired, or expires soon
 */
record Remedies(
        String notServed,
        String refresh,
        String offline,
        String otherPrimary,
        String approval,
        String exitNode,
        String expiry) {

    private static final String EXPLAINED = "ask `wayleave explain` why the rules elect another router";

    private static final Remedies HEADSCALE = new Remedies(
            "have one of the routers connect again (`tailscale down`, `tailscale up`): Headscale elects it, unless its"
                    + " probes find it unhealthy, which its log says",
            "have the router connect again, or restart Headscale, which then elects anew",
            "bring one of them online (`tailscale status` on it says what is wrong), or have another node advertise the"
                    + " prefix, and approve it there by `headscale nodes approve-routes`",
            EXPLAINED + "; Headscale keeps a primary while it is online: `tailscale down` and `tailscale up` on NAME"
                    + " move the prefix",
            "headscale nodes approve-routes --identifier NODE --routes ROUTES",
            "run `tailscale set --advertise-exit-node` on NAME, then headscale nodes approve-routes --identifier NODE"
                    + " --routes ROUTES",
            "run `tailscale up --force-reauth` on NAME, or, from Headscale 0.29 on, let its key never expire:"
                    + " headscale nodes expire --identifier NODE --disable");

    private static final Remedies TAILSCALE = new Remedies(
            "have one of the routers connect again (`tailscale down`, `tailscale up`)",
            "have the router connect again (`tailscale down`, `tailscale up`)",
            "bring one of them online (`tailscale status` on it says what is wrong), or have another device advertise"
                    + " the prefix, and approve it on the Machines page (Edit route settings)",
            EXPLAINED,
            "approve the routes of NAME, number NODE, on the Machines page (Edit route settings); the whole list is"
                    + " ROUTES",
            "run `tailscale set --advertise-exit-node` on NAME, then choose Use as exit node on the Machines page (Edit"
                    + " route settings)",
            "run `tailscale up --force-reauth` on NAME, or choose Disable key expiry on the Machines page");

    private static final Remedies WAYLEAVE = new Remedies(
            "restart the control plane",
            "restart the control plane",
            "bring one of them online, or have another node advertise the prefix, and approve it there by"
                    + " `wayleave nodes approve-routes`",
            EXPLAINED,
            "wayleave nodes approve-routes --identifier NODE --routes ROUTES",
            "have NAME advertise both exit routes, then wayleave nodes approve-routes --identifier NODE"
                    + " --routes ROUTES",
            "have NAME register with a new key, or without an expiry");

    /** By the product of the control plane; for any other text those of Wayleave. */
    static Remedies of(String product) {
        return switch (product) {
            case "headscale" -> HEADSCALE;
            case "tailscale" -> TAILSCALE;
            default -> WAYLEAVE;
        };
    }

    /** About a route that waits for an approval; the prefixes are the node's routes with each that waits. */
    String waiting(NodeId node, String name, Collection<Prefix> prefixes) {
        return filled(approval, node, name, prefixes) + " (run it last: the list replaces the earlier one, and has"
                + " each of its routes that waits; or let `autoApprovers` of the policy name the node, or stop"
                + " advertising it)";
    }

    /** About approvals that are missing; the prefixes are all that the node then has. */
    String approve(NodeId node, String name, Collection<Prefix> prefixes) {
        return filled(approval, node, name, prefixes);
    }

    /** About a carrier that the rules do not elect. */
    String otherPrimary(String name) {
        return otherPrimary.replace("NAME", "`" + name + "`");
    }

    /** The remedy for a node with a finding of lint; that of lint itself where no product has a way of its own. */
    String lint(LintCode code, NodeId node, String name, Collection<Prefix> prefixes) {
        return switch (code) {
            case HALF_EXIT_NODE -> filled(exitNode, node, name, prefixes);
            case KEY_EXPIRED, KEY_EXPIRES_SOON -> filled(expiry, node, name, prefixes);
            default -> code.advice();
        };
    }

    private static String filled(String text, NodeId node, String name, Collection<Prefix> prefixes) {
        return text.replace("ROUTES", prefixes.stream().map(Prefix::toString).collect(Collectors.joining(",")))
                .replace("NODE", node.toString())
                .replace("NAME", "`" + name + "`");
    }
}
