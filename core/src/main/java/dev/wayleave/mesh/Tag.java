package dev.wayleave.mesh;

import dev.wayleave.internal.Texts;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A label such as {@code tag:router} that a node may carry in place of an owning user.
 *
 * <p>Ordered by text.
 *
 * @param value the whole text: {@code tag:}, then a letter, then letters, digits and hyphens; at most 255 characters
 */
public record Tag(String value) implements Comparable<Tag> {

    private static final Pattern VALID = Pattern.compile("tag:[a-zA-Z][a-zA-Z0-9-]*");

    /**
     * Checks the text, which the host's code vouches for: one that is not of the form is a mistake in the code. Texts
     * from outside go through {@link #tryParse}, or are in a policy, whose reader reports them with their places.
     *
     * @throws IllegalArgumentException if it is not of the form above
     */
    public Tag {
        Objects.requireNonNull(value, "value");
        if (!isValid(value)) {
            throw new IllegalArgumentException(Texts.quoted(value)
                    + " is not a tag: write `tag:` and a name of letters, digits and hyphens that begins with a"
                    + " letter");
        }
    }

    /**
     * Returns whether a text is a tag.
     *
     * @param text any text
     * @return true if the constructor accepts it
     */
    public static boolean isValid(String text) {
        Objects.requireNonNull(text, "text");
        return text.length() <= NameRules.LONGEST_NAME && VALID.matcher(text).matches();
    }

    /**
     * Reads a text from outside.
     *
     * @param text any text
     * @return the tag, or empty if the text is none
     */
    public static Optional<Tag> tryParse(String text) {
        Objects.requireNonNull(text, "text");
        return isValid(text) ? Optional.of(new Tag(text)) : Optional.empty();
    }

    @Override
    public int compareTo(Tag other) {
        Objects.requireNonNull(other, "other");
        return value.compareTo(other.value);
    }

    /** {@return the whole text, for example {@code tag:router}} */
    @Override
    public String toString() {
        return value;
    }
}
