package dev.wayleave.net;

import dev.wayleave.internal.Texts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text is not an address, prefix, range or 4via6 name. The message has the cause, and what was probably meant.
 *
 * <p>Immutable, except for its stack trace, as every exception is. The message is printable ASCII and of bounded length
 * for any text: long texts are cut, other characters are escaped as {@code \u00e9}.
 */
public final class AddressFormatException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** The refused text, whole. */
    private final String text;

    /** The fault of the text. */
    private final String reason;

    /** The strict spelling of what was meant, or null if it cannot be guessed. */
    private final @Nullable String suggestion;

    AddressFormatException(String what, String text, String reason, @Nullable Object suggestion) {
        super(Texts.quoted(text) + " is not " + what + ": " + reason
                + (suggestion == null ? "" : "; write `" + suggestion + "`"));
        this.text = text;
        this.reason = reason;
        this.suggestion = suggestion == null ? null : suggestion.toString();
    }

    /** {@return the text as the caller gave it, however long} */
    public String text() {
        return text;
    }

    /** {@return what was wrong, in a few lower-case words without the text and without a final stop} */
    public String reason() {
        return reason;
    }

    /**
     * {@return the strict spelling of what the text most probably meant, such as {@code 10.0.0.0/8} for
     * {@code 10.0.0.1/8}; always accepted where the text was refused; empty if it cannot be guessed}
     */
    public Optional<String> suggestion() {
        return Optional.ofNullable(suggestion);
    }
}
