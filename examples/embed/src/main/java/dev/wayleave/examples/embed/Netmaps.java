package dev.wayleave.examples.embed;

import dev.wayleave.json.NetmapWriter;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.storage.PublishedViews;
import dev.wayleave.storage.ViewListener;
import dev.wayleave.storage.ViewPublication;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Sends each machine its netmap when it connects, and then every change of it. The host's serial goes with it. */
final class Netmaps implements ViewListener {

    private final NetmapWriter writer;
    private final BiConsumer<NodeId, String> send;
    private final Set<NodeId> connected = new TreeSet<>();
    private @Nullable PublishedViews published;

    /** With the serials of machines, and the host's own way to send. */
    Netmaps(Map<NodeId, String> serials, BiConsumer<NodeId, String> send) {
        this.writer = new NetmapWriter(
                (viewer, node) -> Map.of("HostSerial", Objects.requireNonNullElse(serials.get(node), "")));
        this.send = send;
    }

    @Override
    public synchronized void started(PublishedViews whole) {
        published = whole;
        connected.forEach(this::sendWhole);
    }

    @Override
    public synchronized void published(ViewPublication publication) {
        published = publication.after();
        for (NodeId viewer : publication.changes().viewers()) {
            if (connected.contains(viewer)) {
                writer.difference(publication.after().views(), publication.changes(), viewer)
                        .ifPresent(netmap -> send.accept(viewer, netmap));
            }
        }
    }

    /**
     * A machine connected: no change falls between this netmap and the next difference. One that is published in a
     * moment only gets everything by its first difference.
     */
    synchronized void connected(NodeId viewer) {
        connected.add(viewer);
        sendWhole(viewer);
    }

    /** The last connection of a machine broke: nothing is written for it any more. */
    synchronized void disconnected(NodeId viewer) {
        connected.remove(viewer);
    }

    private void sendWhole(NodeId viewer) {
        if (published != null) {
            writer.full(published.views(), viewer).ifPresent(netmap -> send.accept(viewer, netmap));
        }
    }
}
