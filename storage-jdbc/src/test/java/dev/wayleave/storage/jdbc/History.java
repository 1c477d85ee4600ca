package dev.wayleave.storage.jdbc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What several processes of one machine asked of one tailnet, and when they were answered: checks whether all of it
 * could have happened one after the other, each between its question and its answer.
 *
 * <p>Revisions give the order, so that nothing is searched: a command is answered with the revision that its commit
 * made, a read with the revision that it saw. The order is that of a single copy if no operation that began after the
 * end of another comes before it, and if each revision has one content.
 */
final class History {

    /**
     * One question and its answer.
     *
     * @param who the process
     * @param isWrite whether it made a commit; otherwise it read
     * @param changesRows whether its commit changed a row
     * @param begun when it was asked, in steady nanoseconds of the machine
     * @param ended when it was answered
     * @param revision the revision of the answer
     * @param rows a hash of the rows that it showed; null if it showed none
     */
    record Operation(
            String who,
            boolean isWrite,
            boolean changesRows,
            long begun,
            long ended,
            long revision,
            @Nullable String rows) {

        /** Rows that were loaded at any time: they show what a revision has, and nothing about its order. */
        static Operation ofLoad(long revision, String rows) {
            return new Operation("load", false, false, Long.MIN_VALUE, Long.MAX_VALUE, revision, rows);
        }
    }

    private History() {}

    /** {@return what no single copy of the tailnet could have answered, in words; nothing if it is linearizable} */
    static List<String> contradictions(List<Operation> operations) {
        List<String> contradictions = contradictedOrder(operations);
        contradictions.addAll(contradictedRows(operations));
        return contradictions;
    }

    /**
     * Each revision has one content, whichever process shows it; and a commit that changed a row made another content
     * than the revision before it has.
     */
    private static List<String> contradictedRows(List<Operation> operations) {
        List<String> contradictions = new ArrayList<>();
        Map<Long, Operation> shown = new HashMap<>();
        for (Operation operation : operations) {
            if (operation.rows() == null) {
                continue;
            }
            Operation other = shown.putIfAbsent(operation.revision(), operation);
            if (other != null && !operation.rows().equals(other.rows())) {
                contradictions.add(operation + " shows other rows than " + other);
            }
        }
        for (Operation operation : operations) {
            Operation made = shown.get(operation.revision());
            Operation before = shown.get(operation.revision() - 1);
            if (operation.changesRows()
                    && made != null
                    && before != null
                    && Objects.equals(made.rows(), before.rows())) {
                contradictions.add(made + " shows the rows of " + before + ", which " + operation + " changed");
            }
        }
        return contradictions;
    }

    private static List<String> contradictedOrder(List<Operation> operations) {
        List<Operation> byBegin = new ArrayList<>(operations);
        byBegin.sort(Comparator.comparingLong(Operation::begun));
        List<Operation> byEnd = new ArrayList<>(operations);
        byEnd.sort(Comparator.comparingLong(Operation::ended));
        List<String> contradictions = new ArrayList<>();
        Operation newest = null;
        int next = 0;
        for (Operation operation : byBegin) {
            for (; next < byEnd.size() && byEnd.get(next).ended() < operation.begun(); next++) {
                Operation over = byEnd.get(next);
                // of one revision: a write before a read of it
                newest = newest == null || over.revision() > newest.revision() ? over : newest;
            }
            if (newest == null) {
                continue;
            }
            boolean isLate = operation.isWrite()
                    ? operation.revision() <= newest.revision()
                    : operation.revision() < newest.revision();
            if (isLate) {
                contradictions.add(operation + " began after the end of " + newest);
            }
        }
        return contradictions;
    }
}
