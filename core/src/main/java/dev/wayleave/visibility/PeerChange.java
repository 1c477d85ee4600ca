package dev.wayleave.visibility;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.Objects;
import java.util.SortedSet;

/** A change of one peer of a viewer. Kinds may be added in a minor version. */
public sealed interface PeerChange extends NamedKind {

    /** {@return the number of the peer} */
    NodeId peer();

    /**
     * The viewer sees a node that it did not see.
     *
     * @param peer the node
     * @param reason the rule because of which they see each other
     */
    @Kind("peer-added")
    record Added(NodeId peer, RuleId reason) implements PeerChange {

        public Added {
            Objects.requireNonNull(peer, "peer");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The viewer no longer sees a node.
     *
     * @param peer the node
     * @param reason what became of it
     */
    @Kind("peer-removed")
    record Removed(NodeId peer, Loss reason) implements PeerChange {

        public Removed {
            Objects.requireNonNull(peer, "peer");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** The reason why a peer is gone. */
    sealed interface Loss extends NamedKind permits NodeRemoved, NoRule {

        /**
         * Prints the reason.
         *
         * @param names how texts call nodes, and entries of the policy as it was
         * @return for example {@code the node is removed}
         */
        String text(Names names);
    }

    /** The tailnet no longer has the node. */
    @Kind("node-removed")
    record NodeRemoved() implements Loss {
        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the node is removed";
        }
    }

    /**
     * No rule makes the two see each other any more.
     *
     * @param before the rule because of which they did, under the policy as it was: the {@link Added#reason} of that
     *     time
     * @param ended what took it away
     */
    @Kind("no-rule")
    record NoRule(RuleId before, EndCause ended) implements Loss {

        public NoRule {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(ended, "ended");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return before.text(names) + " no longer connects them: "
                    + switch (ended) {
                        case POLICY_REPLACED -> "the policy, the users or the settings changed";
                        case VIEWER_CHANGED -> "the owner, tags, addresses or routes of the viewer changed";
                        case PEER_CHANGED -> "the owner, tags, addresses or routes of the peer changed";
                        case BOTH_CHANGED -> "the owners, tags, addresses or routes of both changed";
                    };
        }
    }

    /** The change that took away the rule between two nodes. */
    enum EndCause {
        /** The policy, the users or the settings changed. */
        POLICY_REPLACED,
        /**
         * The rule no longer concerns the viewer: its owner, tags, addresses or routes changed, or those of nodes
         * behind it.
         */
        VIEWER_CHANGED,
        /** The rule no longer concerns the peer. */
        PEER_CHANGED,
        /** The rule concerns neither of them any more. */
        BOTH_CHANGED
    }

    /**
     * A peer that the viewer saw and still sees has changed.
     *
     * @param peer the node
     * @param facts what changed about it, at least one fact
     */
    @Kind("peer-changed")
    record Changed(NodeId peer, SortedSet<NodeFact> facts) implements PeerChange {

        /**
         * Copies the facts.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Changed {
            Objects.requireNonNull(peer, "peer");
            facts = Copies.sortedSet(facts, "facts");
            if (facts.isEmpty()) {
                throw new IllegalArgumentException("peer " + peer + " has changed in no fact");
            }
        }
    }
}
