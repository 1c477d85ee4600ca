package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.command.Problem;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A finding of an import about a row of any table, or about a value in it. */
public sealed interface RowReason extends ImportFinding.Reason {

    /**
     * A value cannot be read, and is left out.
     *
     * @param column the column
     * @param text its value
     * @param cause why it cannot be read, in lower case
     */
    record Unreadable(String column, String text, String cause) implements RowReason {
        @Override
        public String kind() {
            return "unreadable";
        }

        public Unreadable {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public String message() {
            return "`" + column + "` holds `" + text + "`: " + cause + "; left out";
        }
    }

    /**
     * A prefix has bits set after its length. It is imported without them.
     *
     * @param column the column
     * @param text its value
     * @param prefix the imported prefix
     */
    record HostBits(String column, String text, Prefix prefix) implements RowReason {
        @Override
        public String kind() {
            return "host-bits";
        }

        public HostBits {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public String message() {
            return "`" + column + "` holds `" + text + "`, which has host bits set: imported as `" + prefix + "`";
        }
    }

    /**
     * A required value is missing or cannot be used, and is replaced.
     *
     * @param column the column
     * @param cause why it cannot be used, in lower case
     * @param by the value that replaces it
     */
    record Replaced(String column, String cause, String by) implements RowReason {
        @Override
        public String kind() {
            return "replaced";
        }

        public Replaced {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(by, "by");
        }

        @Override
        public String message() {
            return "`" + column + "` " + cause + ": `" + by + "` replaces it";
        }
    }

    /** The reason why a row is not imported. */
    enum NoRow {
        /** It is marked as deleted. */
        DELETED("is marked as deleted"),
        /** It has no positive id. */
        WITHOUT_ID("has no positive id"),
        /** An earlier row has the same id. */
        SAME_ID("has the id of an earlier row");

        private final String words;

        NoRow(String words) {
            this.words = words;
        }
    }

    /**
     * A row is left out, with all its values.
     *
     * @param reason the reason
     */
    record RowLeftOut(NoRow reason) implements RowReason {
        @Override
        public String kind() {
            return "row-left-out";
        }

        public RowLeftOut {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String message() {
            return "the row " + reason.words + ": left out";
        }
    }

    /**
     * The tailnet refused the commands that a row led to: nothing of the row is imported.
     *
     * @param problems the reasons
     */
    record Refused(List<Problem> problems) implements RowReason {
        @Override
        public String kind() {
            return "refused";
        }

        /** Copies the problems. */
        public Refused {
            problems = Copies.list(problems, "problems");
        }

        @Override
        public String message() {
            return "refused: "
                    + problems.stream()
                            .map(problem -> problem.text(Names.NUMBERS))
                            .collect(Collectors.joining("; "));
        }
    }
}
