package dev.wayleave.storage;

import dev.wayleave.Submission;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A submission that waits for its answer. What changes in it is guarded by its inbox, or belongs to the loop. */
final class Unanswered {

    private final CompletableFuture<Receipt> answer = new CompletableFuture<>();
    private final CompletionStage<Receipt> stage = answer.minimalCompletionStage();

    private Submission submission;
    private long place;

    /** How many conflicts it has met; the loop's. */
    int conflicts;

    Unanswered(Submission submission, long place) {
        this.submission = submission;
        this.place = place;
    }

    /** For a keep-alive: a later one of the same session stands for it. */
    void replaceBy(Submission later, long laterPlace) {
        submission = later;
        place = laterPlace;
    }

    void replaceBy(Unanswered later) {
        replaceBy(later.submission, later.place);
    }

    Submission submission() {
        return submission;
    }

    long place() {
        return place;
    }

    CompletionStage<Receipt> stage() {
        return stage;
    }

    void complete(Receipt receipt) {
        answer.complete(receipt);
    }

    void fail(Exception cause) {
        answer.completeExceptionally(cause);
    }
}
