package dev.wayleave.examples.server.view;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.examples.server.web.EventStream;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.storage.PublishedViews;
import dev.wayleave.storage.ViewListener;
import dev.wayleave.storage.ViewPublication;
import dev.wayleave.visibility.ViewChanges;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The streams that send nodes their views: the whole view at first, then every difference.
 *
 * <p>A stream begins, and a publication is sent, under one lock: no difference falls between the first view and the
 * next.
 */
public final class ViewStreams implements ViewListener {

    /** Whose stream it is, and of which session it is the connection, if of any. */
    private record Viewer(NodeId node, @Nullable SessionId sessionOrNull) {

        Optional<SessionId> session() {
            return Optional.ofNullable(sessionOrNull);
        }
    }

    private final Map<EventStream, Viewer> streams = new HashMap<>();
    private @Nullable PublishedViews published;

    @Override
    public synchronized void started(PublishedViews whole) {
        published = whole;
        streams.forEach((stream, viewer) -> {
            if (whole.views().state().node(viewer.node()).isPresent()) {
                sendWhole(stream, viewer.node(), whole);
            }
        });
    }

    /** The views that are published. */
    public synchronized PublishedViews published() {
        if (published == null) {
            throw new IllegalStateException("nothing is published yet");
        }
        return published;
    }

    /** Sends to each viewer what changed for it, and nothing else. */
    @Override
    public synchronized void published(ViewPublication publication) {
        published = publication.after();
        // one for all streams: what it knows of names is found once
        ViewDocuments documents = new ViewDocuments(
                publication.after().views().state(),
                publication.before().views().state());
        for (Map.Entry<EventStream, Viewer> entry : streams.entrySet()) {
            send(entry.getKey(), entry.getValue(), publication.changes(), documents, publication.after());
        }
    }

    private static void send(
            EventStream stream, Viewer viewer, ViewChanges changes, ViewDocuments documents, PublishedViews after) {
        NodeId node = viewer.node();
        RoutingState state = after.views().state();
        if (state.node(node).isEmpty()) {
            stream.send(() -> EventStream.message("removed", Json.object().put("node", node.value())));
            stream.end();
            return;
        }
        changes.of(node)
                .ifPresent(change -> stream.send(() -> EventStream.message(
                        "change", documents.change(after.revision().value(), node, change))));
        NodeState now = state.node(node).get();
        // a silent session is still the node's, and may be heard again while the grace lasts
        boolean over = !viewer.session().equals(now.session()) || now.liveness() == Liveness.OFFLINE;
        if (viewer.session().isPresent() && over) {
            stream.cut();
        }
    }

    /** Ends the connections of sessions: this process has none any more. */
    public synchronized void endSessions() {
        streams.forEach((stream, viewer) -> {
            if (viewer.session().isPresent()) {
                stream.cut();
            }
        });
    }

    /**
     * Begins a stream.
     *
     * @param session the session whose connection it is, and with which it ends; null if it is of none
     */
    public synchronized Runnable begin(EventStream stream, NodeId node, @Nullable SessionId session) {
        PublishedViews now = published();
        RoutingState state = now.views().state();
        if (state.node(node).isEmpty()) {
            stream.end();
            return () -> {};
        }
        sendWhole(stream, node, now);
        streams.put(stream, new Viewer(node, session));
        return () -> forget(stream);
    }

    private static void sendWhole(EventStream stream, NodeId node, PublishedViews now) {
        RoutingState state = now.views().state();
        stream.send(() -> EventStream.message(
                "view", new ViewDocuments(state).view(now.revision().value(), now.views(), node)));
    }

    private synchronized void forget(EventStream stream) {
        streams.remove(stream);
    }
}
