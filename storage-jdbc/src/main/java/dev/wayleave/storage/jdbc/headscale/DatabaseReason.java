package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.command.Problem;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Names;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A finding of an import about the database or the tailnet as a whole. */
public sealed interface DatabaseReason extends ImportFinding.Reason {

    /**
     * The file is in WAL mode, and the second file with the latest changes is missing. If Headscale was stopped before
     * the file was copied or read, nothing is missing.
     *
     * @param log the second file
     */
    record LatestChangesMissing(String log) implements DatabaseReason {
        @Override
        public String kind() {
            return "latest-changes-missing";
        }

        public LatestChangesMissing {
            Objects.requireNonNull(log, "log");
        }

        @Override
        public ImportFinding.Degree degree() {
            return ImportFinding.Degree.WARNING;
        }

        @Override
        public String message() {
            return "there is no file `" + log
                    + "`, which holds the latest changes while Headscale runs: they are missing,"
                    + " unless Headscale was stopped first";
        }
    }

    /**
     * SQLite's integrity check finds the file damaged. Rows may be missing or wrong without any other finding.
     *
     * @param found the message of the check
     */
    record FileDamaged(String found) implements DatabaseReason {
        @Override
        public String kind() {
            return "file-damaged";
        }

        public FileDamaged {
            Objects.requireNonNull(found, "found");
        }

        @Override
        public String message() {
            return "the file is damaged, and rows may be missing: SQLite's integrity check says `" + found
                    + "`; import from a backup, or compare the counts";
        }
    }

    /**
     * A table is left over from an upgrade that did not finish; it was not read.
     *
     * @param rows how many rows it holds
     */
    record LeftOver(int rows) implements DatabaseReason {
        @Override
        public String kind() {
            return "left-over";
        }

        @Override
        public String message() {
            return "the table with " + rows + (rows == 1 ? " row" : " rows")
                    + " is left over from an upgrade: not read";
        }
    }

    /**
     * The tailnet refused users, policy or overlay: nothing is imported.
     *
     * @param problems the reasons
     */
    record TailnetRefused(List<Problem> problems) implements DatabaseReason {
        @Override
        public String kind() {
            return "tailnet-refused";
        }

        /** Copies the problems. */
        public TailnetRefused {
            problems = Copies.list(problems, "problems");
        }

        @Override
        public ImportFinding.Degree degree() {
            return ImportFinding.Degree.BLOCKING;
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
