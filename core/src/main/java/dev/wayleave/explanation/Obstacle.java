package dev.wayleave.explanation;

import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Verdict;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.visibility.Withheld;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** A reason why traffic does not pass: a rule, a route or an address is missing, or a rule is in the way. */
public sealed interface Obstacle extends NamedKind {

    /**
     * Prints what is missing, or what is in the way.
     *
     * @param names how texts call nodes and entries of the policy
     * @param question the traffic that does not pass
     * @return for example {@code a rule that lets tcp 22 from laptop in at berlin-a}
     */
    String text(Names names, TrafficQuestion question);

    /** {@return what a list of reasons puts before the text of this one, for example {@code missing}} */
    default String title() {
        return "missing";
    }

    /** The viewer has no address of the destination's family, so that it cannot send there. */
    @Kind("no-address-of-family")
    record NoAddressOfFamily() implements Obstacle {
        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "an " + QuestionText.family(question.destination()) + " address of the sender";
        }
    }

    /**
     * No rule lets the viewer and the node that has the address see each other.
     *
     * @param node the node that has the address
     */
    @Kind("not-seen")
    record NotSeen(NodeId node) implements Obstacle {
        public NotSeen {
            Objects.requireNonNull(node, "node");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "a rule that lets " + names.node(question.viewer()) + " reach " + names.node(node);
        }
    }

    /**
     * The viewer has a way, and no rule lets this traffic in at its end.
     *
     * @param hop a {@link Hop.Peer}, a {@link Hop.Router} or an {@link Hop.ExitNode}
     */
    @Kind("no-rule-at")
    record NoRuleAt(Hop hop) implements Obstacle {
        public NoRuleAt {
            Objects.requireNonNull(hop, "hop");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return text(names, question, List.of(hop));
        }

        /** The same of several ways, in one line. */
        static String text(Names names, TrafficQuestion question, Collection<Hop> hops) {
            return "a rule that lets " + QuestionText.traffic(question) + " from "
                    + QuestionText.sender(question, names) + " in at "
                    + Texts.first(
                            hops.stream()
                                    .flatMap(hop -> hop.node().stream())
                                    .distinct()
                                    .toList(),
                            names::node);
        }
    }

    /**
     * A node carries a route to the address, and the viewer does not get it.
     *
     * @param holder the node on which the route is effective
     * @param prefix the subnet or exit route
     * @param reason why the viewer does not get it
     */
    @Kind("route-withheld")
    record RouteWithheld(NodeId holder, Prefix prefix, Withheld.Reason reason) implements Obstacle {
        public RouteWithheld {
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return prefix + " through " + names.node(holder) + ": " + reason.text(names, question.viewer());
        }

        @Override
        public String title() {
            return prefix.isExitRoute() ? "no exit" : "no route";
        }
    }

    /**
     * A node advertises a route to the address, which is not approved.
     *
     * @param node the node
     * @param prefix the subnet or exit route
     * @param verdict what keeps the policy from approving it
     */
    @Kind("not-approved")
    record NotApproved(NodeId node, Prefix prefix, Verdict verdict) implements Obstacle {
        public NotApproved {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(verdict, "verdict");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "approval of " + prefix + " at " + names.node(node) + ": " + verdict.textIfAdvertised(names);
        }
    }

    /**
     * No node advertises a route to the address, and no node has it.
     *
     * @param exitNode whether an exit node would do, because the destination is on the public internet
     */
    @Kind("no-route")
    record NoRoute(boolean exitNode) implements Obstacle {
        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "a node that advertises a route there" + (exitNode ? ", or offers itself as an exit node" : "");
        }
    }

    /**
     * The viewer is a router of this 4via6 site. It translates what arrives from the tailnet, and cannot use the
     * addresses of its own site.
     *
     * @param site the site, and the IPv4 addresses that the destination stands for
     */
    @Kind("own-site")
    record OwnSite(Via6 site) implements Obstacle {
        public OwnSite {
            Objects.requireNonNull(site, "site");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "a way round: " + names.node(question.viewer()) + " is a router of site " + site.site()
                    + " itself, and cannot use the addresses of its own site";
        }
    }

    /**
     * A plain rule overrides the rule with {@code via}: traffic that the latter would let in at one router goes to
     * another node, because the plain rule gives the viewer an equal or narrower prefix there.
     *
     * @param via the rule with {@code via}
     * @param router the router at which it lets this traffic in
     * @param plain the rule, without {@code via}, because of which the viewer sees the other node or has its route
     * @param carrier the other node
     */
    @Kind("via-overridden")
    record ViaOverridden(RuleId via, NodeId router, RuleId plain, NodeId carrier) implements Obstacle {
        public ViaOverridden {
            Objects.requireNonNull(via, "via");
            Objects.requireNonNull(router, "router");
            Objects.requireNonNull(plain, "plain");
            Objects.requireNonNull(carrier, "carrier");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return via.text(names) + " would let it in at " + names.node(router) + ", but " + plain.text(names)
                    + ", which has no via, leads " + names.node(question.viewer()) + " to " + names.node(carrier);
        }

        @Override
        public String title() {
            return "via";
        }
    }
}
