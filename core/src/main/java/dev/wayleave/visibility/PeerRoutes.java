package dev.wayleave.visibility;

import dev.wayleave.internal.Copies;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.stream.Stream;

/**
 * The routes that a viewer may send to one peer.
 *
 * @param primary the subnet routes that the peer carries for this viewer, in order; what the control protocol calls the
 *     peer's primary routes
 * @param exit the peer's exit routes, if the viewer may use them
 */
public record PeerRoutes(List<Prefix> primary, List<Prefix> exit) {

    /** No routes at all. */
    public static final PeerRoutes NONE = new PeerRoutes(List.of(), List.of());

    public PeerRoutes {
        primary = Copies.list(primary, "primary");
        exit = Copies.list(exit, "exit");
    }

    /** {@return whether the viewer reaches the own addresses of the peer at most} */
    public boolean isEmpty() {
        return primary.isEmpty() && exit.isEmpty();
    }

    /**
     * {@return subnet and exit routes together; in their order; with the peer's own addresses they are its allowed
     * addresses}
     */
    public List<Prefix> all() {
        return exit.isEmpty()
                ? primary
                : Stream.concat(primary.stream(), exit.stream()).sorted().toList();
    }
}
