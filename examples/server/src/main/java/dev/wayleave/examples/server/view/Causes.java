package dev.wayleave.examples.server.view;

import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cause of each change of a primary, from the events of the same step: the node that failed, with how and
 * when that was noticed and how long its grace was; else a drain, a report of health, a lost approval or another
 * policy.
 */
final class Causes {

    /** The grace of each node that is in grace. */
    private final Map<NodeId, Grace> graces = new HashMap<>();

    /** The last event of the step about each subject: a step of many routes has many events. */
    private final Map<Subject, StepEvent> step = new HashMap<>();

    private int taken;
    private @Nullable StoredEvent last;

    /** The node and the prefix that an event is about. */
    private record Subject(@Nullable NodeId node, @Nullable Prefix prefix) {

        static final Subject TAILNET = new Subject(null, null);

        static Subject of(StoredEvent event) {
            return new Subject(event.node().orElse(null), event.prefix().orElse(null));
        }
    }

    /** An event, and how many events of its step came before it. */
    private record StepEvent(int number, StoredEvent event) {}

    /** The grace of a node: the time at which it lost its session, with the event. */
    private record Grace(Instant since, RouteEvent.NodeInGrace event) {}

    /**
     * Takes the next event, and returns what led to it if it is about a primary.
     *
     * @param grace how long a node has after its session; a step may notice a silence later than it counts
     */
    Optional<String> of(StoredEvent stored, Names names, Duration grace) {
        if (last == null
                || !last.at().equals(stored.at())
                || !last.position().revision().equals(stored.position().revision())) {
            step.clear();
            taken = 0;
        }
        last = stored;
        RouteEvent event = stored.event();
        if (event instanceof RouteEvent.OfElection election) {
            return cause(stored, election, names);
        }
        step.put(Subject.of(stored), new StepEvent(taken++, stored));
        if (event instanceof RouteEvent.NodeInGrace lost) {
            boolean isSilence = lost.reason() instanceof Reason.SessionSilent;
            graces.put(lost.node(), new Grace(isSilence ? lost.until().minus(grace) : stored.at(), lost));
        } else if (event instanceof RouteEvent.NodeOnline online) {
            graces.remove(online.node());
        } else if (event instanceof RouteEvent.NodeRemoved removed) {
            graces.remove(removed.node());
        }
        return Optional.empty();
    }

    private Optional<String> cause(StoredEvent stored, RouteEvent.OfElection election, Names names) {
        NodeId before = stored.previousNode().orElse(null);
        NodeId now = stored.node().orElse(null);
        return about(before, election.prefix())
                .or(() -> about(now, election.prefix()))
                .map(found -> text(found.event(), names))
                .or(() -> lossOfFitness(stored, names))
                .or(() -> Optional.ofNullable(step.get(Subject.TAILNET)).map(found -> text(found.event(), names)));
    }

    /** A report of health, or a key that expired: they have no event but that of the election. */
    private static Optional<String> lossOfFitness(StoredEvent stored, Names names) {
        return stored.event() instanceof RouteEvent.PrimaryMoved moved
                ? moved.lossText(names).map(text -> text + (isReported(moved) ? by(stored) : ""))
                : Optional.empty();
    }

    /** Whether a report was the cause: a key expires by itself, also in the step of a command. */
    private static boolean isReported(RouteEvent.PrimaryMoved moved) {
        return moved.outcome() instanceof Outcome.Elected elected
                && elected.losers().stream()
                        .anyMatch(loser -> loser.node().equals(moved.from())
                                && loser instanceof Loss.WorseClass worse
                                && worse.ownClass() == CandidateClass.UNHEALTHY);
    }

    /** The last event of the step about a node, or about its route of the prefix. */
    private Optional<StepEvent> about(@Nullable NodeId node, Prefix prefix) {
        return node == null
                ? Optional.empty()
                : Stream.of(new Subject(node, null), new Subject(node, prefix))
                        .map(step::get)
                        .filter(Objects::nonNull)
                        .max(Comparator.comparingInt(StepEvent::number));
    }

    private String text(StoredEvent found, Names names) {
        Grace grace = found.node().map(graces::get).orElse(null);
        if (grace != null && found.event() instanceof RouteEvent.NodeOffline) {
            return grace.event().lossText(names, grace.since());
        }
        return found.event().text(names) + by(found);
    }

    /** The actor whose submission led to an event, if the text of the event does not name the actor. */
    private static String by(StoredEvent stored) {
        return stored.event().namesActor()
                ? ""
                : stored.actor().map(actor -> ", by `" + actor + "`").orElse("");
    }
}
