package dev.wayleave.storage;

import dev.wayleave.Submission;
import java.util.concurrent.CompletionStage;

/**
 * The one loop that takes what is queued, decides, commits and publishes, for one tailnet.
 *
 * <pre>
 *   submit ──► queue ──► step ──► nothing to store? ───────────────► publish ──► receipts, listeners
 *     ▲                   ▲          │                                  ▲
 *     │ refused if full   │          └──► commit ──► committed ─────────┘
 *                         │                 ├─────► conflict: load, decide again
 *                         └─────────────────┴─────► unknown: load, compare the token
 * </pre>
 */
public interface RouteController extends AutoCloseable {

    /**
     * Hands a submission in. Does not block.
     *
     * @param submission what shall be done, all or nothing
     * @return what became of it, once that is stored
     */
    CompletionStage<Receipt> submit(Submission submission);

    /**
     * Returns what is published now: one volatile read.
     *
     * @return the newest snapshot whose durable part is stored
     */
    Snapshot current();

    @Override
    void close();
}
