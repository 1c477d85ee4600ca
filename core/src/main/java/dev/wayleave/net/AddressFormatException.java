package dev.wayleave.net;

import java.util.Optional;

/**
 * Says that a text is no address, prefix, range or 4via6 name, and what was probably meant.
 *
 * <p>Immutable, like every exception but for its stack trace.
 */
public final class AddressFormatException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST_QUOTE = 80;

    private final String text;
    private final String reason;

    @SuppressWarnings("serial") // never serialised: the class is an exception only by inheritance
    private final Optional<String> suggestion;

    AddressFormatException(String what, String text, String reason, Optional<String> suggestion) {
        super("`" + abbreviated(text) + "` is not " + what + ": " + reason
                + suggestion.map(meant -> "; write `" + meant + "`").orElse(""));
        this.text = text;
        this.reason = reason;
        this.suggestion = suggestion;
    }

    /**
     * Returns the text as the caller gave it, however long.
     *
     * @return the refused text
     */
    public String text() {
        return text;
    }

    /**
     * Returns what was wrong with the text, in a few words without the text itself.
     *
     * @return the reason, lower case, without a final stop
     */
    public String reason() {
        return reason;
    }

    /**
     * Returns the strict spelling of what the text most probably meant, if it can be guessed.
     *
     * @return for example {@code 10.0.0.0/8} for {@code 10.0.0.1/8}
     */
    public Optional<String> suggestion() {
        return suggestion;
    }

    private static String abbreviated(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }
}
