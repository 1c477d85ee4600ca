package dev.wayleave.examples.server.web;

/** Something that is needed to answer cannot be reached now: the asker should try again later. */
public class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what is the matter, for the log: the asker is not told. */
    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
