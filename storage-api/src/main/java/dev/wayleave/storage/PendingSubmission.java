package dev.wayleave.storage;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A submission that waits for its answer. The queue guards its fields, but {@link #conflicts} is the loop's. */
final class PendingSubmission {

    private final CompletableFuture<Receipt> answer = new CompletableFuture<>();
    private final CompletionStage<Receipt> stage = answer.minimalCompletionStage();

    private final @Nullable Revision expectedOrNull;
    private final Instant arrived;
    private Submission submission;
    private long place;

    /** The number of its commits that met a conflict. */
    int conflicts;

    PendingSubmission(Submission submission, @Nullable Revision expectedOrNull, long place, Instant arrived) {
        this.submission = submission;
        this.expectedOrNull = expectedOrNull;
        this.place = place;
        this.arrived = arrived;
    }

    /** {@return the only revision on whose durable state it may be applied; null for any} */
    @Nullable
    Revision expectedOrNull() {
        return expectedOrNull;
    }

    /** Compares the revision that it expects with another one: less than 0 if it is older; 0 if it expects none. */
    int comparedTo(Revision revision) {
        return expectedOrNull == null ? 0 : expectedOrNull.compareTo(revision);
    }

    /**
     * Merges another keep-alive of the same session into this one: the later time counts, in the newer place.
     */
    void heardAgain(Submission other, long newerPlace) {
        if (!at(other).isBefore(at(submission))) {
            submission = other;
        }
        place = newerPlace;
    }

    /** Replaces the submission. Its answer goes to the same caller. */
    void replace(UnaryOperator<Submission> change) {
        submission = change.apply(submission);
    }

    private static Instant at(Submission keepAlive) {
        return ((Command.KeepAlive) keepAlive.commands().get(0)).at().orElseThrow();
    }

    boolean isKeepAlive() {
        return isKeepAlive(submission);
    }

    static boolean isKeepAlive(Submission submission) {
        return submission.commands().size() == 1 && submission.commands().get(0) instanceof Command.KeepAlive;
    }

    Submission submission() {
        return submission;
    }

    long place() {
        return place;
    }

    /** {@return when it arrived, without the steps of the clock; of merged keep-alives the first one} */
    Instant arrived() {
        return arrived;
    }

    CompletionStage<Receipt> stage() {
        return stage;
    }

    void complete(Receipt receipt) {
        answer.complete(receipt);
    }

    void fail(Throwable cause) {
        answer.completeExceptionally(cause);
    }
}
