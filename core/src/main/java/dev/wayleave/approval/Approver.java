package dev.wayleave.approval;

import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NameRules;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;
import java.util.Objects;

/**
 * On whose word a route was approved.
 *
 * <p>Immutable and safe for use by several threads.
 */
public sealed interface Approver {

    /**
     * An administrator approved it by hand.
     *
     * @param actor who
     */
    record Administrator(Actor actor) implements Approver {

        /**
         * Refuses null.
         *
         * @param actor who
         */
        public Administrator {
            Objects.requireNonNull(actor, "actor");
        }
    }

    /** The policy's section {@code autoApprovers} approved it on the administrator's behalf. */
    sealed interface AutoApprover extends Approver {

        /**
         * Returns the entry of the policy's list that names the node.
         *
         * @return a user, group, tag or autogroup
         */
        Selector selector();
    }

    /**
     * A key under {@code autoApprovers.routes} covers the route and lists an approver that names the node.
     *
     * @param key the prefix that the policy wrote; the route itself or a wider one
     * @param selector the entry of its list
     */
    record RouteApprover(Prefix key, Selector selector) implements AutoApprover {

        /**
         * Refuses null.
         *
         * @param key the prefix that the policy wrote; the route itself or a wider one
         * @param selector the entry of its list
         */
        public RouteApprover {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(selector, "selector");
        }
    }

    /**
     * {@code autoApprovers.exitNode} lists an approver that names the node.
     *
     * @param selector the entry of the list
     */
    record ExitNodeApprover(Selector selector) implements AutoApprover {

        /**
         * Refuses null.
         *
         * @param selector the entry of the list
         */
        public ExitNodeApprover {
            Objects.requireNonNull(selector, "selector");
        }
    }

    /**
     * It was approved elsewhere and taken over from there.
     *
     * @param source where from: the host's own text, 1 to 200 characters
     */
    record Import(String source) implements Approver {

        /**
         * Checks the text.
         *
         * @param source 1 to 200 characters
         * @throws IllegalArgumentException if it has a {@link NameRules#flaw}
         */
        public Import {
            Objects.requireNonNull(source, "source");
            NameRules.check("import source", source, NameRules.LONGEST_KEY);
        }
    }
}
