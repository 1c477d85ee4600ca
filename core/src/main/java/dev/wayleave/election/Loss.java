package dev.wayleave.election;

import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import java.time.Instant;
import java.util.Objects;

/**
 * The one reason why a candidate is not the primary: the first step of the election at which it fell behind the winner.
 *
 * <p>The steps, in their order, are the members of this type.
 */
public sealed interface Loss extends NamedKind {

    /**
     * Prints why the candidate lost.
     *
     * @param names how texts call nodes and entries of the policy
     * @return for example {@code berlin-a had it before}
     */
    String text(Names names);

    /** {@return the candidate that lost} */
    NodeId node();

    /** {@return the candidate that won} */
    NodeId winner();

    /**
     * It is in its grace and did not have the prefix, and another candidate is out of grace or had the prefix.
     *
     * @param node the candidate that lost
     * @param winner the candidate that won
     */
    @Kind("in-grace")
    record InGrace(NodeId node, NodeId winner) implements Loss {

        public InGrace {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(winner, "winner");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "in its grace, gets nothing new";
        }
    }

    /**
     * It is of a worse class than the winner.
     *
     * @param node the candidate that lost
     * @param ownClass its class
     * @param winner the candidate that won
     * @param betterClass the winner's class
     */
    @Kind("worse-class")
    record WorseClass(NodeId node, CandidateClass ownClass, NodeId winner, CandidateClass betterClass) implements Loss {

        public WorseClass {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(ownClass, "ownClass");
            Objects.requireNonNull(winner, "winner");
            Objects.requireNonNull(betterClass, "betterClass");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "it " + ownClass.text() + ", while " + names.node(winner) + " " + betterClass.text();
        }
    }

    /**
     * The winner had the prefix before, is of the same class, and there is no fail-back.
     *
     * @param node the candidate that lost
     * @param winner the incumbent
     */
    @Kind("incumbent-stays")
    record IncumbentStays(NodeId node, NodeId winner) implements Loss {

        public IncumbentStays {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(winner, "winner");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(winner) + " had it before";
        }
    }

    /**
     * It goes before the winner in the order, but has not been stable for as long as fail-back asks.
     *
     * @param node the candidate that lost
     * @param winner the incumbent, or one that went back to its place before
     * @param eligibleAt when it will have been
     */
    @Kind("not-yet-stable")
    record NotYetStable(NodeId node, NodeId winner, Instant eligibleAt) implements Loss {

        public NotYetStable {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(winner, "winner");
            Objects.requireNonNull(eligibleAt, "eligibleAt");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "waits until " + eligibleAt + " to take it back";
        }
    }

    /**
     * Its priority is lower than the winner's.
     *
     * @param node the candidate that lost
     * @param priority its priority
     * @param winner the candidate that won
     * @param higherPriority the winner's priority
     */
    @Kind("lower-priority")
    record LowerPriority(NodeId node, int priority, NodeId winner, int higherPriority) implements Loss {

        public LowerPriority {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(winner, "winner");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "priority " + priority + ", " + names.node(winner) + " has " + higherPriority;
        }
    }

    /**
     * It registered after the winner, whose priority is the same.
     *
     * @param node the candidate that lost
     * @param registeredAt when it registered, or {@link Node#REGISTRATION_UNKNOWN}
     * @param winner the candidate that won
     * @param earlier when the winner registered
     */
    @Kind("registered-later")
    record RegisteredLater(NodeId node, Instant registeredAt, NodeId winner, Instant earlier) implements Loss {

        public RegisteredLater {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(registeredAt, "registeredAt");
            Objects.requireNonNull(winner, "winner");
            Objects.requireNonNull(earlier, "earlier");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return names.showsTimes()
                    ? "registered at " + time(registeredAt) + ", " + names.node(winner) + " at " + time(earlier)
                    : names.node(winner) + " registered earlier";
        }

        /** To the millisecond, unless the two times are of one. */
        private String time(Instant time) {
            if (time.equals(Node.REGISTRATION_UNKNOWN)) {
                return "an unknown time";
            }
            return Texts.time(registeredAt).equals(Texts.time(earlier)) ? time.toString() : Texts.time(time);
        }
    }

    /**
     * Its number is higher than the winner's, and all criteria before that are equal.
     *
     * @param node the candidate that lost
     * @param winner the candidate that won
     */
    @Kind("higher-id")
    record HigherId(NodeId node, NodeId winner) implements Loss {

        public HigherId {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(winner, "winner");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(winner) + " has the lower number";
        }
    }
}
