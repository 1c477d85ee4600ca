package dev.wayleave.examples.cli.agent;

import dev.wayleave.examples.cli.source.ControlPlane;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server of a node, or the replicas of one tailnet, of which the node has a session with one. For one thread. */
final class Servers {

    private final List<ControlPlane> all;
    private int place;

    /** The key of the node; null before it is registered. */
    private @Nullable String key;

    /** The number of times in a row that the key was refused. */
    private int refusals;

    Servers(List<ControlPlane> all) {
        this.all = List.copyOf(all);
    }

    ControlPlane now() {
        ControlPlane server = all.get(place);
        return key == null ? server : server.with(key);
    }

    void registered(String own) {
        key = own;
    }

    boolean areSeveral() {
        return all.size() > 1;
    }

    /** The next request goes to the next server. */
    void moveOn() {
        place = (place + 1) % all.size();
    }

    /** {@return whether another server may know the key that this one refused: a new key takes a second to be known} */
    boolean mayKnowKey() {
        return key != null && areSeveral() && ++refusals <= 2 * all.size();
    }

    void keyIsKnown() {
        refusals = 0;
    }
}
