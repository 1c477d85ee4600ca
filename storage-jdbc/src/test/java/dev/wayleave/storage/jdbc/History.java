package dev.wayleave.storage.jdbc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What several processes of one machine asked of one tailnet, and when they were answered: checks whether all of it
 * could have happened one after the other, each between its question and its answer.
 *
 * <p>Revisions give the order, so that nothing is searched: a command is answered with the revision that its commit
 * made, a read with the revision that it saw. The order is that of a single copy if no operation that began after the
 * end of another comes before it.
 */
final class History {

    /**
     * One question and its answer.
     *
     * @param who the process
     * @param isWrite whether it made a commit; otherwise it read
     * @param begun when it was asked, in steady nanoseconds of the machine
     * @param ended when it was answered
     * @param revision the revision of the answer
     */
    record Operation(String who, boolean isWrite, long begun, long ended, long revision) {}

    private History() {}

    /** {@return what contradicts the order of the revisions, in words; nothing if the history is linearizable} */
    static List<String> contradictions(List<Operation> operations) {
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
