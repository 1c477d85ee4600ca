package dev.wayleave.examples.cli.text;

import java.util.List;

/** The server refused the request. */
public final class RefusedException extends BadInput {

    private static final long serialVersionUID = 1L;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private final int status;

    public RefusedException(int status, String message, List<Problem> problems) {
        super(message, problems);
        this.status = status;
    }

    /** Whether the same may be asked again later. */
    public boolean mayPass() {
        return status == TOO_MANY || status >= SERVER_ERROR;
    }
}
