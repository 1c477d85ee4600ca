package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.Objects;

/**
 * A {@link RouteController} was closed, or lost its scheduler, before it could store a submission or read the store.
 *
 * <p>Nothing of the submission was or will be applied.
 */
public final class ControllerClosedException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the tailnet.
     *
     * @param tailnet the tailnet of the controller
     */
    public ControllerClosedException(TailnetId tailnet) {
        this(tailnet, "the submission was not stored; submit it to another controller");
    }

    private ControllerClosedException(TailnetId tailnet, String consequence) {
        super("the controller of tailnet `" + Objects.requireNonNull(tailnet, "tailnet") + "` is closed: "
                + consequence);
    }

    static ControllerClosedException ofRefresh(TailnetId tailnet) {
        return new ControllerClosedException(
                tailnet, "the store was not read for the refresh; refresh another controller");
    }

    static ControllerClosedException ofListener(TailnetId tailnet) {
        return new ControllerClosedException(tailnet, "the listener was not added; add it to another controller");
    }
}
