package dev.wayleave.examples.server.view;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.examples.server.web.EventStream;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.visibility.ViewChanges;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The streams that tell nodes what they see: the whole view at first, then every difference. Safe for use by several
 * threads; sending does not block.
 *
 * <p>A stream begins, and a publication is sent, under one lock: no difference falls between the first view and the
 * next.
 */
public final class ViewStreams {

    /** Whose stream it is, and of which session it is the connection, if of any. */
    private record Viewer(NodeId node, Optional<SessionId> session) {}

    private final Map<EventStream, Viewer> streams = new HashMap<>();
    private @Nullable PublishedViews published;

    /** Takes what is published when everything begins: nothing was sent before. */
    public synchronized void start(Snapshot snapshot) {
        published = new PublishedViews(snapshot, RoutingViews.of(snapshot.state()));
    }

    /** What is published, and the views of it. */
    public record PublishedViews(Snapshot snapshot, RoutingViews views) {}

    public synchronized PublishedViews published() {
        if (published == null) {
            throw new IllegalStateException("nothing is published yet");
        }
        return published;
    }

    /** Sends to each viewer what changed for it, and nothing else. */
    public synchronized void tell(Publication publication) {
        PublishedViews last = published();
        if (publication.after().equals(last.snapshot())) {
            // published while everything began
            return;
        }
        RoutingViews next = next(last.views(), publication);
        ViewChanges changes = next.changesSince(last.views());
        published = new PublishedViews(publication.after(), next);
        RoutingState before = publication.before().state();
        for (Map.Entry<EventStream, Viewer> entry : streams.entrySet()) {
            tell(entry.getKey(), entry.getValue(), changes, before, publication.after());
        }
    }

    /** The views after a publication: where it says what it touched, only that is computed. */
    private static RoutingViews next(RoutingViews views, Publication publication) {
        RoutingState state = publication.after().state();
        return publication
                .touched()
                .map(touched ->
                        views.after(new Step(state, List.of(), publication.events(), RowChanges.none(), touched)))
                .orElseGet(() -> views.with(state));
    }

    private static void tell(
            EventStream stream, Viewer viewer, ViewChanges changes, RoutingState before, Snapshot after) {
        NodeId node = viewer.node();
        if (after.state().node(node).isEmpty()) {
            stream.send(() -> EventStream.message("removed", Json.object().put("node", node.value())));
            stream.end();
            return;
        }
        changes.of(node)
                .ifPresent(change -> stream.send(() -> EventStream.message(
                        "change",
                        new ViewDocuments(after.state(), before)
                                .change(after.revision().value(), node, change))));
        NodeState now = after.state().node(node).get();
        // a silent session is still the node's, and may be heard again while the grace lasts
        boolean over = !viewer.session().equals(now.session()) || now.liveness() == Liveness.OFFLINE;
        if (viewer.session().isPresent() && over) {
            stream.cut();
        }
    }

    /**
     * Begins a stream.
     *
     * @param session the session whose connection it is, and with which it ends
     */
    public synchronized Runnable begin(EventStream stream, NodeId node, Optional<SessionId> session) {
        Snapshot now = published().snapshot();
        RoutingViews seen = published().views();
        if (now.state().node(node).isEmpty()) {
            stream.end();
            return () -> {};
        }
        stream.send(() -> EventStream.message(
                "view", new ViewDocuments(now.state()).view(now.revision().value(), seen, node)));
        streams.put(stream, new Viewer(node, session));
        return () -> forget(stream);
    }

    private synchronized void forget(EventStream stream) {
        streams.remove(stream);
    }
}
