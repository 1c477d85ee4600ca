package dev.wayleave.net;

/**
 * The root of every exception that this library throws on purpose.
 *
 * <p>Each subclass is named after the fact that it reports and carries that fact as data. Messages are in lower case,
 * quote the caller's input in backticks, put a cause after a colon and say what to do. What is not a
 * {@code WayleaveException} is a mistake in the calling code (a null, an index out of bounds) or in this library.
 *
 * <p>This class is in {@code net} because all packages may use {@code net}.
 */
public abstract class WayleaveException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception with a message that follows the rules above.
     *
     * @param message what was wrong, where, and what to do
     */
    protected WayleaveException(String message) {
        super(message);
    }

    /**
     * Creates the exception with a message and the failure that led to it.
     *
     * @param message what was wrong, where, and what to do
     * @param cause the failure underneath
     */
    protected WayleaveException(String message, Throwable cause) {
        super(message, cause);
    }
}
