package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.Objects;

/** {@link Tailnets} were asked for a tailnet that is not stored. Nothing of a submission to it is stored. */
public final class UnknownTailnetException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the tailnet.
     *
     * @param tailnet the tailnet that is not stored
     */
    public UnknownTailnetException(TailnetId tailnet) {
        super("there is no tailnet `" + Objects.requireNonNull(tailnet, "tailnet") + "`: create it first");
    }
}
