package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;

/**
 * A {@link RouteController} was closed, or lost its executor, before it could store a submission.
 *
 * <p>Nothing of the submission was or will be applied.
 */
public final class ControllerClosedException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the tailnet.
     *
     * @param tailnet whose controller was closed
     */
    public ControllerClosedException(TailnetId tailnet) {
        super("the controller of tailnet `" + tailnet
                + "` is closed: the submission was not stored; hand it to another");
    }
}
