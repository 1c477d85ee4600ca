package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The submissions that are not answered yet. No call blocks.
 *
 * <p>Taking a batch removes nothing: only an answer does. So a batch whose commit failed is taken again, together with
 * newer submissions.
 *
 * <p>Each session has one place for its single keep-alives, however many arrive; the place is that of the last one. A
 * second place holds the newer ones while the first is fixed: while the keep-alive in it is taken and not answered, or
 * while it waits before a submission that may end a batch.
 *
 * <p>Safe for use by several threads.
 */
final class SubmissionQueue {

    /** No limit of a batch. */
    static final int ALL = Integer.MAX_VALUE;

    private final TailnetId tailnet;
    private final int limit;
    private final int sessionLimit;
    private final Set<PendingSubmission> ordinary = new LinkedHashSet<>();
    private final Map<SessionKey, WaitingKeepAlives> keepAlives = new LinkedHashMap<>();
    private @Nullable Refresh refresh;
    private long places;

    /** The place of the last submission that expects a revision. */
    private long lastExpecting = -1;

    private @Nullable CloseCause endCause;

    /** The part of the clock's steps that the waiting keep-alives have followed: as much as the published state. */
    private Duration followed;

    SubmissionQueue(TailnetId tailnet, int limit, int sessionLimit, Duration followed) {
        this.followed = followed;
        this.tailnet = tailnet;
        this.limit = limit;
        this.sessionLimit = sessionLimit;
    }

    /** The reason why the queue takes no more submissions; makes one exception for each caller. */
    record CloseCause(
            Supplier<WayleaveException> ofSubmission,
            Supplier<WayleaveException> ofRefresh,
            Supplier<WayleaveException> ofListener) {

        /** The controller was closed by its host. */
        static CloseCause closed(TailnetId tailnet) {
            return new CloseCause(
                    () -> new ControllerClosedException(tailnet),
                    () -> ControllerClosedException.ofRefresh(tailnet),
                    () -> ControllerClosedException.ofListener(tailnet));
        }

        /** The controller cannot go on. */
        static CloseCause failed(Supplier<WayleaveException> cause) {
            return new CloseCause(cause, cause, cause);
        }
    }

    /**
     * One answer for all calls before the store is read.
     *
     * @param wantedOrNull the latest revision that the callers know of: once it is published, the store need not be
     *     read; null if a caller knows of none
     */
    record Refresh(
            CompletableFuture<Snapshot> answer,
            CompletionStage<Snapshot> stage,
            @Nullable Revision wantedOrNull) {

        boolean needsRead(Revision published) {
            return wantedOrNull == null || wantedOrNull.compareTo(published) > 0;
        }

        private Refresh and(@Nullable Revision wanted) {
            boolean isLater = wanted == null || (wantedOrNull != null && wantedOrNull.compareTo(wanted) < 0);
            return isLater ? new Refresh(answer, stage, wanted) : this;
        }
    }

    private record SessionKey(NodeId node, SessionId session) {}

    /** Returns the stage of the answer, or throws the exception that refuses the submission at once. */
    synchronized CompletionStage<Receipt> add(
            Submission submission, @Nullable Revision expected, HostClock.Reading arrived) {
        if (endCause != null) {
            throw endCause.ofSubmission().get();
        }
        Submission stamped = stamped(submission, arrived);
        if (expected == null && PendingSubmission.isKeepAlive(stamped)) {
            Command.KeepAlive heard = (Command.KeepAlive) stamped.commands().get(0);
            return heard(stamped, heard, arrived.now()).stage();
        }
        if (ordinary.size() >= limit) {
            throw new QueueFullException(tailnet, limit);
        }
        PendingSubmission added = new PendingSubmission(stamped, expected, places++, arrived.now());
        if (expected != null) {
            lastExpecting = added.place();
        }
        ordinary.add(added);
        return added.stage();
    }

    private PendingSubmission heard(Submission submission, Command.KeepAlive heard, Instant arrived) {
        SessionKey session = new SessionKey(heard.node(), heard.session());
        if (keepAlives.size() >= sessionLimit && !keepAlives.containsKey(session)) {
            throw new QueueFullException(tailnet, sessionLimit);
        }
        WaitingKeepAlives ofSession = keepAlives.computeIfAbsent(session, key -> new WaitingKeepAlives());
        PendingSubmission fresh = ofSession.fresh;
        if (fresh != null && ofSession.fixed == null && fresh.place() < lastExpecting) {
            ofSession.fixed = fresh;
            fresh = null;
        }
        if (fresh == null) {
            fresh = new PendingSubmission(submission, null, places++, arrived);
            ofSession.fresh = fresh;
        } else {
            fresh.heardAgain(submission, places++);
        }
        return fresh;
    }

    /**
     * Stamps keep-alives with the time of their arrival, on the clock that the published state follows. The time of the
     * step may be much later.
     */
    private Submission stamped(Submission submission, HostClock.Reading arrived) {
        Duration ahead = arrived.steps().minus(followed);
        return withKeepAlives(
                submission,
                heard -> heard.at().isPresent() && ahead.isZero()
                        ? heard
                        : heardAt(
                                heard,
                                heard.at()
                                        .map(at -> Instants.plus(at, ahead.negated()))
                                        .orElse(arrived.on(followed))));
    }

    /** The published state followed a step of the clock: waiting keep-alives move along, and keep their age. */
    synchronized void stepClock(Duration by) {
        followed = followed.plus(by);
        UnaryOperator<Submission> moved = submission -> withKeepAlives(
                submission, heard -> heardAt(heard, Instants.plus(heard.at().orElseThrow(), by)));
        ordinary.forEach(waiting -> waiting.replace(moved));
        for (WaitingKeepAlives ofSession : keepAlives.values()) {
            if (ofSession.fixed != null) {
                ofSession.fixed.replace(moved);
            }
            if (ofSession.fresh != null) {
                ofSession.fresh.replace(moved);
            }
        }
    }

    private static Submission withKeepAlives(Submission submission, UnaryOperator<Command.KeepAlive> change) {
        if (submission.commands().stream().noneMatch(Command.KeepAlive.class::isInstance)) {
            return submission;
        }
        List<Command> commands = new ArrayList<>(submission.commands().size());
        for (Command command : submission.commands()) {
            commands.add(command instanceof Command.KeepAlive heard ? change.apply(heard) : command);
        }
        return new Submission(submission.actor(), submission.correlationId().orElse(null), commands);
    }

    private static Command.KeepAlive heardAt(Command.KeepAlive heard, Instant at) {
        return new Command.KeepAlive(heard.node(), heard.session(), at);
    }

    /**
     * Returns the next batch: all that wait, up to a submission that expects a revision. Such a submission is always
     * the first of its batch: what comes before it may change the revision. A batch that leaves out submissions has the
     * keep-alives that came before them, and its time ends before they arrived: the keep-alive of a node whose time
     * runs out may be among them.
     *
     * @param most how many ordinary submissions; fewer than {@link #ALL} for a probe
     * @param before take only what came before this one, which was answered already; null for all
     * @param published the published revision: one that expects another revision, and came after the outdated ones were
     *     refused, waits for the next turn
     */
    synchronized Batch take(int most, @Nullable PendingSubmission before, Revision published) {
        List<PendingSubmission> all = new ArrayList<>();
        PendingSubmission left = before;
        for (PendingSubmission waiting : ordinary) {
            if (before != null && waiting.place() > before.place()) {
                break;
            }
            boolean mustBeFirst = waiting.expectedOrNull() != null;
            if (all.size() == most || (mustBeFirst && (!all.isEmpty() || waiting.comparedTo(published) != 0))) {
                left = waiting;
                break;
            }
            all.add(waiting);
        }
        int taken = all.size();
        boolean isProbe = most < ALL && taken > 0;
        Instant until = isProbe ? Instant.MIN : takeKeepAlives(left, all);
        all.sort(Comparator.comparing((PendingSubmission waiting) -> waiting.expectedOrNull() == null)
                .thenComparingLong(PendingSubmission::place));
        return new Batch(all, all.stream().map(PendingSubmission::submission).toList(), taken, isProbe, until);
    }

    /** Adds the keep-alives before a submission that is left out. Returns the latest time of the step. */
    private Instant takeKeepAlives(@Nullable PendingSubmission left, List<PendingSubmission> all) {
        long end = left == null ? Long.MAX_VALUE : left.place();
        Instant arrived = left == null ? Instant.MAX : left.arrived();
        for (WaitingKeepAlives ofSession : keepAlives.values()) {
            PendingSubmission taken = ofSession.takeBefore(end);
            if (taken != null) {
                all.add(taken);
            }
            Instant later = ofSession.arrivedFrom(end);
            arrived = later.isBefore(arrived) ? later : arrived;
        }
        return left == null ? arrived : Instants.plus(arrived, followed.minusMillis(1));
    }

    /** {@return the place of the next submission: all that wait come before it} */
    synchronized long nextPlace() {
        return places;
    }

    /**
     * {@return those that cannot be applied to the revision that they expect: an older one than the published one, or a
     * later one where no submission comes before them}
     *
     * @param published the published revision
     * @param read the place of the first submission that came after the store was read: the store may have more for it
     */
    synchronized List<PendingSubmission> outdated(Revision published, long read) {
        List<PendingSubmission> outdated = new ArrayList<>();
        boolean isFirst = true;
        for (PendingSubmission waiting : ordinary) {
            boolean isLater = isFirst && waiting.place() < read && waiting.comparedTo(published) > 0;
            if (isLater || waiting.comparedTo(published) < 0) {
                outdated.add(waiting);
            } else {
                isFirst = false;
            }
        }
        return outdated;
    }

    /** {@return the next submission to apply, if it came after a read and expects a later revision; null if not} */
    synchronized @Nullable PendingSubmission unread(Revision published, long read) {
        return ordinary.stream()
                .filter(waiting -> waiting.comparedTo(published) >= 0)
                .findFirst()
                .filter(next -> next.place() >= read && next.comparedTo(published) > 0)
                .orElse(null);
    }

    /** Removes submissions that are answered now. */
    synchronized void remove(List<PendingSubmission> answered) {
        Set<PendingSubmission> keepAlivesToo = new LinkedHashSet<>(answered);
        keepAlivesToo.removeIf(ordinary::remove);
        if (!keepAlivesToo.isEmpty()) {
            keepAlives.values().removeIf(ofSession -> {
                if (ofSession.fixed != null && keepAlivesToo.contains(ofSession.fixed)) {
                    ofSession.fixed = null;
                }
                return ofSession.fixed == null && ofSession.fresh == null;
            });
        }
    }

    /** {@return the ordinary submissions that met at least so many conflicts} */
    synchronized List<PendingSubmission> withConflicts(int atLeast) {
        return ordinary.stream().filter(waiting -> waiting.conflicts >= atLeast).toList();
    }

    /** Adds a listener before the queue is sealed, or throws: what is added before that is started. */
    synchronized void addListener(Listeners listeners, PublicationListener listener) {
        if (endCause != null) {
            throw endCause.ofListener().get();
        }
        listeners.add(listener);
    }

    /** Asks for a read of the store, unless a revision is published by then; null to read it in any case. */
    synchronized CompletionStage<Snapshot> addRefresh(@Nullable Revision wanted) {
        if (endCause != null) {
            throw endCause.ofRefresh().get();
        }
        Refresh waiting = refresh;
        if (waiting == null) {
            CompletableFuture<Snapshot> answer = new CompletableFuture<>();
            waiting = new Refresh(answer, answer.minimalCompletionStage(), wanted);
        }
        refresh = waiting.and(wanted);
        return waiting.stage();
    }

    /** The store could not be followed yet: the callers of a refresh that was taken get the answer of the next one. */
    synchronized void returnRefresh(Refresh taken) {
        Refresh newer = refresh;
        if (newer == null) {
            refresh = taken;
            return;
        }
        refresh = newer.and(taken.wantedOrNull());
        var unused = newer.answer().whenComplete((snapshot, failure) -> {
            if (failure == null) {
                taken.answer().complete(snapshot);
            } else {
                taken.answer().completeExceptionally(failure);
            }
        });
    }

    synchronized Optional<Refresh> takeRefresh() {
        Refresh taken = refresh;
        refresh = null;
        return Optional.ofNullable(taken);
    }

    synchronized boolean isEmpty() {
        return ordinary.isEmpty() && keepAlives.isEmpty() && refresh == null;
    }

    synchronized int size() {
        return ordinary.size() + keepAlives.size();
    }

    /** Refuses submissions from now on, and returns the reason: the first one that was given. */
    @CanIgnoreReturnValue
    synchronized CloseCause seal(CloseCause reason) {
        if (endCause == null) {
            endCause = reason;
        }
        return endCause;
    }

    /** Removes and returns all submissions. */
    synchronized List<PendingSubmission> empty() {
        List<PendingSubmission> left = new ArrayList<>(ordinary);
        for (WaitingKeepAlives ofSession : keepAlives.values()) {
            if (ofSession.fixed != null) {
                left.add(ofSession.fixed);
            }
            if (ofSession.fresh != null) {
                left.add(ofSession.fresh);
            }
        }
        ordinary.clear();
        keepAlives.clear();
        return left;
    }
}
