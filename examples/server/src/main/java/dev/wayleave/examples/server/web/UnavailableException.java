package dev.wayleave.examples.server.web;

/** Something that is needed to answer cannot be reached now: the asker should try again later. */
public class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the cause, for the log: the answer does not have it. */
    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
