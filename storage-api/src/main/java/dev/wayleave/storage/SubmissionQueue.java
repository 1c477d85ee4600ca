package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.time.DateTimeException;
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
 * The submissions that are not answered yet. Safe for use by several threads; no call blocks.
 *
 * <p>Taking a batch removes nothing: only an answer does. So a batch whose commit failed is taken again, together with
 * newer submissions.
 *
 * <p>Each session has one place for its single keep-alives, however many arrive. While a keep-alive is taken and not
 * answered, a second place holds the newer ones.
 */
final class SubmissionQueue {

    private final TailnetId tailnet;
    private final int limit;
    private final int sessionLimit;
    private final Set<PendingSubmission> ordinary = new LinkedHashSet<>();
    private final Map<SessionKey, KeepAlive> keepAlives = new LinkedHashMap<>();
    private @Nullable Refresh refresh;
    private long places;
    private @Nullable Ending ending;

    /** How much of the steps of the clock the waiting keep-alives have followed: as much as the published state. */
    private Duration followed;

    SubmissionQueue(TailnetId tailnet, int limit, int sessionLimit, Duration followed) {
        this.followed = followed;
        this.tailnet = tailnet;
        this.limit = limit;
        this.sessionLimit = sessionLimit;
    }

    /** Why the queue takes nothing any more; makes one exception for each caller. */
    record Ending(
            Supplier<WayleaveException> ofSubmission,
            Supplier<WayleaveException> ofRefresh,
            Supplier<WayleaveException> ofListener) {

        /** The controller was closed by its host. */
        static Ending closed(TailnetId tailnet) {
            return new Ending(
                    () -> new ControllerClosedException(tailnet),
                    () -> ControllerClosedException.ofRefresh(tailnet),
                    () -> ControllerClosedException.ofListener(tailnet));
        }

        /** The controller cannot go on. */
        static Ending failed(Supplier<WayleaveException> cause) {
            return new Ending(cause, cause, cause);
        }
    }

    /** One answer for all calls before the store is read. */
    record Refresh(CompletableFuture<Snapshot> answer, CompletionStage<Snapshot> stage) {}

    private record SessionKey(NodeId node, SessionId session) {}

    private static final class KeepAlive {
        private @Nullable PendingSubmission taken;
        private @Nullable PendingSubmission fresh;
    }

    /** Returns the stage of the answer, or throws the exception that refuses the submission at once. */
    synchronized CompletionStage<Receipt> add(
            Submission submission, @Nullable Revision expected, HostClock.Reading arrived) {
        if (ending != null) {
            throw ending.ofSubmission().get();
        }
        Submission stamped = stamped(submission, arrived);
        if (expected == null && PendingSubmission.isKeepAlive(stamped)) {
            Command.KeepAlive heard = (Command.KeepAlive) stamped.commands().get(0);
            return heard(stamped, heard).stage();
        }
        if (ordinary.size() >= limit) {
            throw new QueueFullException(tailnet, limit);
        }
        PendingSubmission added = new PendingSubmission(stamped, expected, places++);
        ordinary.add(added);
        return added.stage();
    }

    private PendingSubmission heard(Submission submission, Command.KeepAlive heard) {
        SessionKey session = new SessionKey(heard.node(), heard.session());
        if (keepAlives.size() >= sessionLimit && !keepAlives.containsKey(session)) {
            throw new QueueFullException(tailnet, sessionLimit);
        }
        KeepAlive ofSession = keepAlives.computeIfAbsent(session, key -> new KeepAlive());
        PendingSubmission fresh = ofSession.fresh;
        if (fresh == null) {
            fresh = new PendingSubmission(submission, null, places++);
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
                                heard.at().map(at -> moved(at, ahead.negated())).orElse(arrived.on(followed))));
    }

    /** The published state followed a step of the clock: waiting keep-alives move along, and keep their age. */
    synchronized void stepClock(Duration by) {
        followed = followed.plus(by);
        UnaryOperator<Submission> moved = submission -> withKeepAlives(
                submission, heard -> heardAt(heard, moved(heard.at().orElseThrow(), by)));
        ordinary.forEach(waiting -> waiting.replace(moved));
        for (KeepAlive ofSession : keepAlives.values()) {
            if (ofSession.taken != null) {
                ofSession.taken.replace(moved);
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

    /** Adds a duration; a result beyond the range of {@link Instant} becomes its end. */
    private static Instant moved(Instant at, Duration by) {
        try {
            return at.plus(by);
        } catch (DateTimeException | ArithmeticException e) {
            return by.isNegative() ? Instant.MIN : Instant.MAX;
        }
    }

    /**
     * {@return all that wait; with a limit, or where a submission that expects a revision comes later, the first
     * ordinary submissions and no single keep-alive}
     *
     * <p>A submission that expects a revision is always the first of its batch: what comes before it may change the
     * revision.
     */
    synchronized Batch take(int most) {
        List<PendingSubmission> all = new ArrayList<>();
        for (PendingSubmission waiting : ordinary) {
            if (all.size() == most || (waiting.expectedOrNull() != null && !all.isEmpty())) {
                break;
            }
            all.add(waiting);
        }
        int taken = all.size();
        boolean part = taken < ordinary.size() || (most < Integer.MAX_VALUE && !ordinary.isEmpty());
        if (!part) {
            keepAlives.values().forEach(ofSession -> all.add(take(ofSession)));
            all.sort(Comparator.comparing((PendingSubmission waiting) -> waiting.expectedOrNull() == null)
                    .thenComparingLong(PendingSubmission::place));
        }
        return new Batch(all, all.stream().map(PendingSubmission::submission).toList(), taken, part);
    }

    private static PendingSubmission take(KeepAlive ofSession) {
        PendingSubmission taken = ofSession.taken;
        PendingSubmission fresh = ofSession.fresh;
        if (taken == null && fresh != null) {
            ofSession.fresh = null;
            ofSession.taken = fresh;
            return fresh;
        }
        if (taken == null) {
            throw new IllegalStateException("an empty place");
        }
        if (fresh != null) {
            taken.heardAgain(fresh.submission(), fresh.place());
        }
        return taken;
    }

    /** Removes submissions that are answered now. */
    synchronized void remove(List<PendingSubmission> answered) {
        Set<PendingSubmission> keepAlivesToo = new LinkedHashSet<>(answered);
        keepAlivesToo.removeIf(ordinary::remove);
        if (!keepAlivesToo.isEmpty()) {
            keepAlives.values().removeIf(ofSession -> {
                if (ofSession.taken != null && keepAlivesToo.contains(ofSession.taken)) {
                    ofSession.taken = null;
                }
                return ofSession.taken == null && ofSession.fresh == null;
            });
        }
    }

    /** {@return the ordinary submissions that met at least so many conflicts} */
    synchronized List<PendingSubmission> withConflicts(int atLeast) {
        return ordinary.stream().filter(waiting -> waiting.conflicts >= atLeast).toList();
    }

    /** Throws if nothing is published any more. */
    synchronized void requireOpen() {
        if (ending != null) {
            throw ending.ofListener().get();
        }
    }

    synchronized CompletionStage<Snapshot> addRefresh() {
        if (ending != null) {
            throw ending.ofRefresh().get();
        }
        Refresh waiting = refresh;
        if (waiting == null) {
            CompletableFuture<Snapshot> answer = new CompletableFuture<>();
            waiting = new Refresh(answer, answer.minimalCompletionStage());
            refresh = waiting;
        }
        return waiting.stage();
    }

    synchronized Optional<CompletableFuture<Snapshot>> takeRefresh() {
        Refresh taken = refresh;
        refresh = null;
        return Optional.ofNullable(taken).map(Refresh::answer);
    }

    synchronized boolean isEmpty() {
        return ordinary.isEmpty() && keepAlives.isEmpty() && refresh == null;
    }

    synchronized int size() {
        return ordinary.size() + keepAlives.size();
    }

    /** Refuses submissions from now on, and returns the reason: the first one that was given. */
    @CanIgnoreReturnValue
    synchronized Ending seal(Ending reason) {
        if (ending == null) {
            ending = reason;
        }
        return ending;
    }

    /** Removes and returns all submissions. */
    synchronized List<PendingSubmission> empty() {
        List<PendingSubmission> left = new ArrayList<>(ordinary);
        for (KeepAlive ofSession : keepAlives.values()) {
            if (ofSession.taken != null) {
                left.add(ofSession.taken);
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
