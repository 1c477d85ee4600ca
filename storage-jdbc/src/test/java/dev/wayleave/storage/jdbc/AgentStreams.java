package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.storage.PublishedEvent;
import dev.wayleave.storage.PublishedViews;
import dev.wayleave.storage.ViewListener;
import dev.wayleave.storage.ViewPublication;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a process of the tests prints without a question: the events that it publishes, and to each agent its routes –
 * {@code whole}, then what {@code changed} – until the session of the agent is {@code lost}.
 */
final class AgentStreams implements ViewListener {

    /** The sessions of the nodes that have a stream. Guarded by this, as all fields. */
    private final Map<NodeId, String> sessions = new TreeMap<>();

    private @Nullable PublishedViews last;

    synchronized void begin(NodeId node, String session) {
        sessions.put(node, session);
        if (last != null) {
            whole(node, last);
        }
    }

    synchronized void end(NodeId node) {
        sessions.remove(node);
    }

    /** Ends the streams of all nodes: the process may have no sessions any more. */
    synchronized void endAll() {
        sessions.forEach((node, session) -> SharedProcess.say("lost " + node + " " + session));
        sessions.clear();
    }

    @Override
    public synchronized void started(PublishedViews views) {
        if (last == null || sessions.isEmpty()) {
            SharedProcess.say("open " + views.revision());
        }
        last = views;
        sessions.keySet().forEach(node -> whole(node, views));
    }

    private static void whole(NodeId node, PublishedViews views) {
        String routes = views.views().viewer(node).stream()
                .flatMap(viewer -> viewer.routes().entrySet().stream())
                .flatMap(peer -> peer.getValue().primary().stream().map(prefix -> " " + prefix + "@" + peer.getKey()))
                .collect(Collectors.joining());
        SharedProcess.say("whole " + node + " " + views.revision() + routes);
    }

    @Override
    public synchronized void published(ViewPublication publication) {
        last = publication.after();
        String events = publication.events().stream()
                .filter(event -> event.position().isPresent())
                .map(AgentStreams::text)
                .collect(Collectors.joining(" "));
        if (!events.isEmpty()) {
            SharedProcess.say("events " + events + " .");
        }
        publication.changes().changes().forEach(change -> changed(change, publication.after()));
        sessions.entrySet().removeIf(entry -> isLost(entry.getKey(), entry.getValue(), publication.after()));
    }

    private static String text(PublishedEvent event) {
        return event.position().orElseThrow() + "=" + event.event().kind();
    }

    private void changed(ViewChange change, PublishedViews after) {
        List<RouteChange> routes = change.routes();
        String viewers = routes.isEmpty()
                ? ""
                : change.viewers().stream()
                        .filter(sessions::containsKey)
                        .map(NodeId::toString)
                        .collect(Collectors.joining(","));
        if (!viewers.isEmpty()) {
            SharedProcess.say("changed " + viewers + " " + after.revision()
                    + routes.stream().map(AgentStreams::text).collect(Collectors.joining()));
        }
    }

    private static String text(RouteChange change) {
        if (change instanceof RouteChange.Gained gained) {
            return " " + gained.prefix() + "@-@" + gained.to();
        }
        if (change instanceof RouteChange.Moved moved) {
            return " " + moved.prefix() + "@" + moved.from() + "@" + moved.to();
        }
        return " " + change.prefix() + "@" + ((RouteChange.Lost) change).from() + "@-";
    }

    private static boolean isLost(NodeId node, String session, PublishedViews after) {
        boolean isCurrent = after.views()
                .state()
                .node(node)
                .flatMap(state -> state.session())
                .map(SessionId::toString)
                .filter(session::equals)
                .isPresent();
        if (!isCurrent) {
            SharedProcess.say("lost " + node + " " + session);
        }
        return !isCurrent;
    }
}
