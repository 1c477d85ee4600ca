package dev.wayleave.examples.server.view;

import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.storage.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What led to each change of a primary, from the events of the same step: the node that failed, with how and when that
 * was noticed and how long its grace was; else a drain, a lost approval or another policy. Used by one thread.
 */
final class Causes {

    /** Which grace each node is in, and since when. */
    private final Map<NodeId, Grace> graces = new HashMap<>();

    private final List<StoredEvent> step = new ArrayList<>();

    /** When a node lost its session, and how. */
    private record Grace(Instant since, RouteEvent.NodeInGrace event) {}

    /**
     * Takes the next event, and returns what led to it if it is about a primary.
     *
     * @param grace how long a node has after its session; a step may notice a silence later than it counts
     */
    Optional<String> of(StoredEvent stored, Names names, Duration grace) {
        boolean isSameStep = !step.isEmpty()
                && step.get(0).at().equals(stored.at())
                && step.get(0).position().revision().equals(stored.position().revision());
        if (!isSameStep) {
            step.clear();
        }
        RouteEvent event = stored.event();
        if (event instanceof RouteEvent.OfElection election) {
            return cause(stored, election, names);
        }
        step.add(stored);
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
        return about(before, election)
                .or(() -> about(now, election))
                .or(() -> last(other -> other.node().isEmpty() && other.prefix().isEmpty()))
                .map(found -> text(found, names));
    }

    private Optional<StoredEvent> about(@Nullable NodeId node, RouteEvent.OfElection election) {
        return node == null
                ? Optional.empty()
                : last(other -> other.node().equals(Optional.of(node))
                        && other.prefix().map(election.prefix()::equals).orElse(true));
    }

    private Optional<StoredEvent> last(Predicate<StoredEvent> wanted) {
        return step.stream().filter(wanted).reduce((earlier, later) -> later);
    }

    private String text(StoredEvent found, Names names) {
        Grace grace = found.node().map(graces::get).orElse(null);
        if (grace != null && found.event() instanceof RouteEvent.NodeOffline) {
            return failure(grace, names) + "; grace of "
                    + Duration.between(grace.since(), grace.event().until()).toSeconds() + " s until "
                    + grace.event().until();
        }
        String text = found.event().text(names);
        return found.actor()
                .map(actor -> "`" + actor + "`")
                .filter(actor -> !text.contains(actor))
                .map(actor -> text + ", by " + actor)
                .orElse(text);
    }

    private static String failure(Grace grace, Names names) {
        String node = names.node(grace.event().node());
        return grace.event().reason() instanceof Reason.SessionSilent silent
                ? node + " was last heard at " + silent.lastHeard() + "; silent for "
                        + Duration.between(silent.lastHeard(), grace.since()).toSeconds() + " s"
                : grace.event().reason() instanceof Reason.SessionDown
                        ? "the session of " + node + " ended at " + grace.since()
                        : grace.event().text(names);
    }
}
