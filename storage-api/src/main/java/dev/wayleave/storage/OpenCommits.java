package dev.wayleave.storage;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The commits that the store may hold beyond the published revision: commits on that revision of which it is not known
 * whether they were written, and commits of other writers. While anything is open, the loop reads the store before it
 * decides.
 */
final class OpenCommits {

    /** A commit that is sent is one of them until its outcome is dealt with. */
    private final List<Decision> inDoubt = new ArrayList<>();

    /** Whether a conflict showed that another process may have written. */
    private boolean isOutdated;

    /** Whether a commit in doubt was found written, and other processes commit before it can be confirmed. */
    private boolean isOvertaken;

    boolean isEmpty() {
        return inDoubt.isEmpty();
    }

    int size() {
        return inDoubt.size();
    }

    /** {@return whether the store has to be read} */
    boolean needRead() {
        return isOutdated || !inDoubt.isEmpty();
    }

    /** {@return whether other processes commit first, and no commit of this one may still be written} */
    boolean isContended() {
        return isOvertaken || (isOutdated && inDoubt.isEmpty());
    }

    /** {@return whether the next turn has to confirm a commit that was found written, under the lock} */
    boolean isOvertaken() {
        return isOvertaken;
    }

    void overtaken() {
        isOvertaken = true;
    }

    void add(Decision sent) {
        inDoubt.add(sent);
    }

    /** The commit that was sent last is not written. */
    void removeLast() {
        inDoubt.remove(inDoubt.size() - 1);
    }

    /** A new revision is published: no commit on the old one can be written any more. */
    void clear() {
        inDoubt.clear();
        isOvertaken = false;
    }

    void conflicted() {
        isOutdated = true;
    }

    /** The store was read, and its revision is published. */
    void caughtUp() {
        isOutdated = false;
        isOvertaken = false;
    }

    Optional<Decision> withToken(CommitToken token) {
        return inDoubt.stream()
                .filter(decision -> decision.commit().token().equals(token))
                .findFirst();
    }

    /** {@return what the commits in doubt would answer} */
    Set<PendingSubmission> submissions() {
        Set<PendingSubmission> all = new LinkedHashSet<>();
        inDoubt.forEach(decision -> all.addAll(decision.batch().all()));
        return all;
    }
}
