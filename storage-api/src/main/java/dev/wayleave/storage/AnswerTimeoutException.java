package dev.wayleave.storage;

import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.util.Objects;

/**
 * No answer to a submission came in time. The submission still waits or is being stored, and cannot be withdrawn: it
 * may still be applied.
 */
public final class AnswerTimeoutException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param timeout how long the caller waited
     */
    public AnswerTimeoutException(Duration timeout) {
        super("no answer within " + Objects.requireNonNull(timeout, "timeout")
                + ": the submission may still be applied, so ask for the state before you submit it again");
    }
}
