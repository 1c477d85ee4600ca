package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.Withheld;
import java.util.Objects;

/**
 * The reason why a viewer would lose a peer or a route.
 *
 * <p>Kinds may be added in a minor version.
 */
public sealed interface LossCause extends NamedKind {

    /**
     * Prints the cause.
     *
     * @param before how texts call nodes, and entries of the policy as it is
     * @param after how texts call nodes, and entries of the policy as it would be
     * @return what follows after "because", for example {@code grants[3], line 14, no longer names `group:dev`}
     */
    String text(Names before, Names after);

    /**
     * The policy would change, and with it the entry that gave it.
     *
     * @param rule the entry of the old policy that gave it, numbered by the old policy
     * @param fate what the new policy does to the entry
     */
    @Kind("rule-changed")
    record RuleChanged(RuleId rule, RuleFate fate) implements LossCause {

        public RuleChanged {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(fate, "fate");
        }

        @Override
        public String text(Names before, Names after) {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
            return rule.text(before) + " " + fate.text();
        }
    }

    /**
     * The entry that gave it stays in the policy, and no longer covers the two nodes.
     *
     * @param rule the entry
     * @param ended what would take it away
     */
    @Kind("rule-ended")
    record RuleEnded(RuleId rule, PeerChange.EndCause ended) implements LossCause {

        public RuleEnded {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(ended, "ended");
        }

        @Override
        public String text(Names before, Names after) {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
            return rule.text(before) + endedText();
        }

        private String endedText() {
            return switch (ended) {
                case VIEWER_CHANGED -> " no longer covers the viewer, whose owner, tags, addresses or routes change";
                case PEER_CHANGED -> " no longer covers the peer, whose owner, tags, addresses or routes change";
                case BOTH_CHANGED -> " no longer covers the two nodes, whose owners, tags, addresses or routes change";
                case POLICY_REPLACED ->
                    " no longer covers the two nodes, because users, settings or other nodes change";
            };
        }
    }

    /** The tailnet would no longer have the node. */
    @Kind("node-gone")
    record NodeGone() implements LossCause {

        @Override
        public String text(Names before, Names after) {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
            return "the node is removed";
        }
    }

    /**
     * The node would not carry the route for the viewer any more.
     *
     * @param reason why the viewer would not get it from there; its entries are those of the policy as it would be
     */
    @Kind("route-withheld")
    record RouteWithheld(Withheld.Reason reason) implements LossCause {

        /** Stands for each of the viewers in texts: no control plane counts its nodes so far. */
        private static final NodeId VIEWER = new NodeId(Long.MAX_VALUE);

        public RouteWithheld {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String text(Names before, Names after) {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
            if (reason instanceof Withheld.NotEffective) {
                return "it is no longer both advertised and approved there";
            }
            if (reason instanceof Withheld.Unserved) {
                return "no node can carry it any more";
            }
            return reason.text(after.withNodes(node -> node.equals(VIEWER) ? "the viewer" : after.node(node)), VIEWER);
        }
    }
}
