package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Kinds;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Names;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.Withheld;
import java.util.Objects;

/**
 * Why a viewer would lose a peer or a route.
 *
 * <p>Immutable and safe for use by several threads. Kinds may be added in a minor version.
 */
public sealed interface LossCause {

    /**
     * {@return the stable name of the kind in lower-case words with hyphens, for example {@code rule-changed}}
     */
    default String kind() {
        return Kinds.of(this);
    }

    /**
     * Prints the cause.
     *
     * @param before how texts call nodes, and entries of the policy as it is
     * @param after how texts call nodes, and entries of the policy as it would be
     * @return what follows after "because", for example {@code grants[3], line 14, no longer names `group:dev`}
     */
    String text(Names before, Names after);

    /**
     * The policy would be another one.
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
     * The policy stays, and the entry that gave it no longer concerns the two nodes.
     *
     * @param rule the entry
     * @param ended what would take it away
     */
    @Kind("rule-ended")
    record RuleEnded(RuleId rule, PeerChange.Ended ended) implements LossCause {

        public RuleEnded {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(ended, "ended");
        }

        @Override
        public String text(Names before, Names after) {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
            return rule.text(before) + " no longer concerns them: " + Texts.word(ended);
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
     * The route itself would change: nothing carries it, or another node for this viewer.
     *
     * @param reason why the viewer would not get it
     */
    @Kind("route-withheld")
    record RouteWithheld(Withheld.Reason reason) implements LossCause {

        public RouteWithheld {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String text(Names before, Names after) {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
            return reason instanceof Withheld.NotEffective
                    ? "it is no longer both advertised and approved there"
                    : reason instanceof Withheld.Unserved
                            ? "no node can carry it any more"
                            : reason instanceof Withheld.NotAdmitted
                                    ? "no rule lets them reach it there"
                                    : "the route goes another way";
        }
    }
}
