package dev.wayleave.examples.cli.source;

import dev.wayleave.net.Prefix;

/**
 * A value of an API's document that is not taken as it is there.
 *
 * @param kind what the record is: {@code node}
 * @param id the number of the record
 * @param change the member of the record, and what becomes of it
 */
public record Correction(String kind, String id, Change change) {

    /** The effect of a correction on a value. */
    public sealed interface Change {

        /** {@return the member of the record} */
        String member();

        /** {@return what is there, and how it is read, to follow the record} */
        String words();
    }

    /**
     * The value is left out.
     *
     * @param text the value
     * @param cause why it cannot be read
     */
    public record LeftOut(String member, String text, String cause) implements Change {
        @Override
        public String words() {
            return "`" + member + "` has `" + text + "`: " + cause + "; left out";
        }
    }

    /**
     * A prefix is read without the bits after its length.
     *
     * @param text the value
     * @param prefix the prefix without them
     */
    public record HostBits(String member, String text, Prefix prefix) implements Change {
        @Override
        public String words() {
            return "`" + member + "` has `" + text + "`, with bits after its length: read as `" + prefix + "`";
        }
    }

    /**
     * Another value replaces one that cannot be read.
     *
     * @param cause why it cannot be read
     * @param by the other value
     */
    public record Replaced(String member, String cause, String by) implements Change {
        @Override
        public String words() {
            return "`" + member + "` " + cause + ": `" + by + "` replaces it";
        }
    }

    /** {@return the record: {@code node 7}} */
    public String subject() {
        return kind + " " + id;
    }

    /** {@return record and change in one line} */
    public String message() {
        return subject() + ": " + change.words();
    }
}
