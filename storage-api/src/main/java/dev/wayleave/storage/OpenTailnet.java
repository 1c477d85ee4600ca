package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.TailnetId;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A tailnet of {@link Tailnets} that stays loaded while it is used: until {@link #close}. For a connection of a node, a
 * page of an administrator, or a program that follows a tailnet.
 *
 * <p>If the tailnet is deleted, unloaded by the host, or taken over by another process, submissions are answered with
 * the reason, and the host opens it anew.
 */
public final class OpenTailnet implements AutoCloseable {

    private final TailnetSlots slots;
    private final TailnetSlot slot;
    private final RouteController controller;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    OpenTailnet(TailnetSlots slots, TailnetSlot slot, RouteController controller) {
        this.slots = slots;
        this.slot = slot;
        this.controller = controller;
    }

    /** {@return the host's key of the tailnet} */
    public TailnetId tailnet() {
        return slot.tailnet;
    }

    /**
     * Queues a submission, as {@link RouteController#submit(Submission)} does.
     *
     * @param submission commands that are applied all or not at all
     * @return the receipt, once the answer is stored
     */
    public CompletionStage<Receipt> submit(Submission submission) {
        Objects.requireNonNull(submission, "submission");
        return isClosed.get() ? closed() : controller.submit(submission);
    }

    /**
     * Queues a submission that is applied only to a revision, as
     * {@link RouteController#submit(Submission, Revision)} does.
     *
     * @param submission commands that are applied all or not at all
     * @param expected the revision that the caller decided on
     * @return the receipt, once the answer is stored
     */
    public CompletionStage<Receipt> submit(Submission submission, Revision expected) {
        Objects.requireNonNull(submission, "submission");
        Objects.requireNonNull(expected, "expected");
        return isClosed.get() ? closed() : controller.submit(submission, expected);
    }

    private <T> CompletionStage<T> closed() {
        return CompletableFuture.failedStage(new ControllerClosedException(slot.tailnet));
    }

    /** {@return the newest published snapshot, whose durable part is stored} Costs one volatile read. */
    public Snapshot current() {
        return controller.current();
    }

    /** {@return as {@link RouteController#isStale}} */
    public boolean isStale() {
        return controller.isStale();
    }

    /**
     * Reads the store, as {@link RouteController#refresh()} does.
     *
     * @return the snapshot that is published then
     */
    public CompletionStage<Snapshot> refresh() {
        return isClosed.get() ? closed() : controller.refresh();
    }

    /**
     * Adds a listener, as {@link RouteController#addListener} does. It stays until it is removed or the tailnet is
     * unloaded, and keeps nothing loaded.
     *
     * @param listener the listener
     * @throws ControllerClosedException if the tailnet is not loaded any more
     */
    public void addListener(PublicationListener listener) {
        controller.addListener(listener);
    }

    /**
     * Removes a listener, as {@link RouteController#removeListener} does.
     *
     * @param listener the listener
     * @return whether it was one
     */
    @CanIgnoreReturnValue
    public boolean removeListener(PublicationListener listener) {
        return controller.removeListener(listener);
    }

    /** Ends the use: the tailnet is unloaded once it is idle. Does not block. A second call does nothing. */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            slots.letGo(slot);
        }
    }
}
