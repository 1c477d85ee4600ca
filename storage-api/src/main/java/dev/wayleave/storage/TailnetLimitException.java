package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.Objects;

/**
 * {@link Tailnets} cannot load one more tailnet: a limit is reached, and each loaded tailnet is in use or has sessions.
 * Nothing of a submission to it is stored.
 */
public final class TailnetLimitException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** The quantity that the limit counts. */
    public enum Limit {
        /** Loaded tailnets. */
        TAILNETS,
        /** The nodes of all loaded tailnets. */
        NODES
    }

    /** The quantity that the limit counts. */
    private final Limit limit;

    /** The largest number that may be loaded. */
    private final int most;

    /**
     * Names the limit.
     *
     * @param tailnet the tailnet that is not loaded
     * @param limit what the limit counts
     * @param most how many may be loaded
     */
    public TailnetLimitException(TailnetId tailnet, Limit limit, int most) {
        super("tailnet `" + Objects.requireNonNull(tailnet, "tailnet") + "` is not loaded, because at most " + most
                + (Objects.requireNonNull(limit, "limit") == Limit.NODES ? " nodes of tailnets" : " tailnets")
                + " are loaded at once, and none of the loaded tailnets is idle; raise the limit, or let another"
                + " process serve some tailnets");
        this.limit = limit;
        this.most = most;
    }

    /** {@return what the limit counts} */
    public Limit limit() {
        return limit;
    }

    /** {@return how many may be loaded} */
    public int most() {
        return most;
    }
}
