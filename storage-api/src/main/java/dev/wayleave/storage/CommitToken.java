package dev.wayleave.storage;

import java.util.Objects;
import java.util.UUID;

/**
 * The mark that a commit leaves beside its revision, by which its sender recognises it afterwards.
 *
 * <p>No two commits may carry the same token: a random UUID will do.
 *
 * @param value 1 to 64 characters of ASCII
 */
public record CommitToken(String value) {

    private static final int LONGEST = 64;

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it is empty, longer, or has another character
     */
    public CommitToken {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty() || value.length() > LONGEST || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "commit token `" + value + "` is not a visible ASCII text of 1 to " + LONGEST + " characters");
        }
    }

    /** {@return a new token that no other commit has: a random UUID} */
    public static CommitToken random() {
        return new CommitToken(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
