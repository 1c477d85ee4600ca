package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Nobody can tell any more whether a submission was stored.
 *
 * <p>The store broke in the middle of its commit, and when it could be read again, others had written more than once
 * since; or the controller was closed before it could be read. All of the submission is stored, or nothing. Whoever
 * handed it in looks at {@link RouteController#current} and hands it in again if it is still wanted.
 */
public final class IndeterminateCommitException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** The revision on top of which it was sent. */
    private final Revision expected;

    /** The revision that was found afterwards. */
    private final transient @Nullable Revision found;

    /**
     * Says between which revisions it was lost.
     *
     * @param tailnet whose submission it was
     * @param expected the revision on top of which it was sent
     * @param found the revision that was found afterwards; null if the store could not be read
     */
    public IndeterminateCommitException(TailnetId tailnet, Revision expected, @Nullable Revision found) {
        super("nobody can tell whether a submission to tailnet `" + Objects.requireNonNull(tailnet, "tailnet")
                + "` was stored on top of revision "
                + Objects.requireNonNull(expected, "expected")
                + ": "
                + (found == null
                        ? "the store could not be read before the controller was closed"
                        : "revision " + found + " was found afterwards")
                + "; look at the state, and hand it in again if it is still wanted");
        this.expected = expected;
        this.found = found;
    }

    /**
     * Returns the revision on top of which it was sent.
     *
     * @return the revision that was published then
     */
    public Revision expected() {
        return expected;
    }

    /**
     * Returns the revision that was found afterwards.
     *
     * @return empty if the store could not be read before the controller was closed
     */
    public Optional<Revision> found() {
        return Optional.ofNullable(found);
    }
}
