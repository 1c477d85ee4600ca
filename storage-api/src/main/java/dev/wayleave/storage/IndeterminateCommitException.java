package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * It is unknown for good whether a submission was stored.
 *
 * <p>The store broke in the middle of the commit. When it could be read again, other processes had written more often
 * than its log has commits; or the controller was closed before it could be read. All of the submission is stored, or
 * nothing of it. The caller looks at {@link RouteController#current}, and submits it again if it is still wanted.
 */
public final class IndeterminateCommitException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** The revision on top of which the commit was sent. */
    private final Revision expected;

    /** The revision that was found afterwards. */
    private final transient @Nullable Revision found;

    /**
     * Names the revisions before and after the commit.
     *
     * @param tailnet the tailnet of the submission
     * @param expected the revision on top of which the commit was sent
     * @param found the revision that was found afterwards; null if the store could not be read
     */
    public IndeterminateCommitException(TailnetId tailnet, Revision expected, @Nullable Revision found) {
        super("it is not known whether a submission to tailnet `" + Objects.requireNonNull(tailnet, "tailnet")
                + "` was stored on top of revision "
                + Objects.requireNonNull(expected, "expected")
                + ": "
                + (found == null
                        ? "the store could not be read before the controller was closed"
                        : "revision " + found + " was found afterwards")
                + "; look at the state, and submit it again if it is still wanted");
        this.expected = expected;
        this.found = found;
    }

    /** {@return the revision on top of which the commit was sent: the one that was published then} */
    public Revision expected() {
        return expected;
    }

    /** {@return the revision that was found afterwards; empty if the store could not be read before the close} */
    public Optional<Revision> found() {
        return Optional.ofNullable(found);
    }
}
