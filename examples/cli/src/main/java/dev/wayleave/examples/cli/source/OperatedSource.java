package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A tailnet that can be changed, and that remembers what happened: a server's, or a database's. */
public interface OperatedSource extends Source {

    /** Approves exactly these prefixes of a node, and returns what that changed, in words. */
    String approveOnly(NodeId node, Collection<Prefix> prefixes);

    /**
     * Begins a drain, which ends at a time, or when it is ended; returns its events and the remarks on it, in words.
     */
    List<String> drain(NodeId node, @Nullable Instant until, boolean forced);

    /** Ends a drain; returns its events and the remarks on it, in words. */
    List<String> undrain(NodeId node);

    /** Replaces the policy by one without problems. */
    void setPolicy(RoutingPolicy policy);

    /**
     * The newest events that match, the oldest of them first.
     *
     * @param most how many, 1 to 1,000
     * @param node only what is about this node, if it is named
     * @param prefix only what is about this prefix, if it is named
     */
    List<HistoryEntry> past(int most, @Nullable NodeId node, @Nullable Prefix prefix);

    /**
     * Hands over what happens after what {@link #past} returned, until the thread is interrupted.
     *
     * @param notes takes what the operator should know, such as a lost connection
     */
    void follow(Consumer<HistoryEntry> each, Consumer<String> notes);

    /** Waits between two looks; false if the thread is interrupted. */
    static boolean waited(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The tailnet has to be one that can be changed. */
    static OperatedSource of(Source source) {
        if (source instanceof OperatedSource operated) {
            return operated;
        }
        throw new BadInput(
                source instanceof ApiSource
                        ? "another control plane is only read: name a server by --server, or a database by --db"
                        : "a file is one moment of a tailnet: name a server by --server, or a database by --db");
    }
}
