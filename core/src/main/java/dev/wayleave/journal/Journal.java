package dev.wayleave.journal;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.json.Json;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.json.engine.Codecs;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.StateRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The history of a tailnet as lines of text, from which every state and every event can be had again.
 *
 * <p>Each line is a JSON object, with rows and submissions as {@link RoutingJson} writes them:
 *
 * <pre>
 *   {"wayleaveJournal":3,"at":…,"rows":{"tailnet":{…},"users":[…],"nodes":[…],"routes":[…]}}
 *   {"at":…,"submissions":[{"actor":…,"commands":[{"kind":"advertise-routes","node":7,"prefixes":[…]}]}]}
 *   {"policyTestsFailed":true}
 *   {"digest":…}
 * </pre>
 *
 * <p>The first has the format version and the rows that the journal begins with; it may come again, where a host
 * started anew. The next have one step each, in their order. A step in which a policy was refused because of its own
 * tests is followed by a line that records the refusal; in any other step, a replay takes policies whether or not their
 * tests pass. A digest may come after any step: replay fails if the state differs.
 *
 * <p>Recording is for hosts that call {@link Routing#step} themselves, by {@link Recorder} in its place or by the lines
 * that {@link #begin}, {@link #step} and {@link #refusal} give. The route controller of the storage module takes its
 * steps by itself, some of them anew after a conflict, and hands them to no journal.
 */
public final class Journal {

    /** The format version that this library writes, and the only one that it reads: 3. */
    public static final int FORMAT = 3;

    private static final String FORMAT_FIELD = "wayleaveJournal";
    private static final String REFUSAL_FIELD = "policyTestsFailed";

    private static final Codecs CODECS = Codecs.with(StartLine.class, StepLine.class, Refusal.class, Checkpoint.class);

    private Journal() {}

    /**
     * Returns the line with which a journal begins: what is stored about a tailnet, and when it was read.
     *
     * @param rows the rows that {@link RoutingState#restore} takes
     * @param now the time that it takes
     * @return one line without a line feed
     */
    public static String begin(StateRows rows, Instant now) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(now, "now");
        return CODECS.text(StartLine.class, new StartLine(FORMAT, now, rows));
    }

    /**
     * Returns the line of one step.
     *
     * @param submissions what was submitted
     * @param now the time of the step
     * @return one line without a line feed
     */
    public static String step(List<Submission> submissions, Instant now) {
        Copies.refuseNull(submissions, "submissions");
        Objects.requireNonNull(now, "now");
        return CODECS.text(StepLine.class, new StepLine(now, submissions));
    }

    /**
     * Returns the line that follows that of a step in which a policy was refused because of its own tests.
     *
     * @param step what followed from the step
     * @return one line without a line feed; empty if no policy was refused so
     */
    public static Optional<String> refusal(Step step) {
        Objects.requireNonNull(step, "step");
        boolean refused = step.results().stream()
                .anyMatch(result -> result instanceof SubmissionResult.Refused refusal
                        && refusal.problems().stream().anyMatch(Problem.PolicyTestFailed.class::isInstance));
        return refused ? Optional.of(CODECS.text(Refusal.class, new Refusal(true))) : Optional.empty();
    }

    /**
     * Returns the line that holds a replay to a state.
     *
     * @param state the state at this point
     * @return one line without a line feed
     */
    public static String digest(RoutingState state) {
        Objects.requireNonNull(state, "state");
        return CODECS.text(Checkpoint.class, new Checkpoint(state.digest()));
    }

    /** A line with the stored rows. */
    private record StartLine(int wayleaveJournal, Instant at, StateRows rows) {}

    /** A line with the submissions. */
    private record StepLine(Instant at, List<Submission> submissions) {}

    /** A line for a policy that was refused in the step before because of its own tests. */
    private record Refusal(boolean policyTestsFailed) {}

    /** A line with the digest of the state that must be reached. */
    private record Checkpoint(String digest) {}

    /**
     * Takes steps and writes each down before it is taken.
     *
     * <p>For one thread. An exception of the sink is thrown to the caller, and the step is not taken.
     */
    public static final class Recorder {

        private final Consumer<String> lines;
        private RoutingState state;

        /**
         * Begins a journal.
         *
         * @param rows what is stored
         * @param now the time
         * @param lines where each line goes, without a line feed
         */
        public Recorder(StateRows rows, Instant now, Consumer<String> lines) {
            Objects.requireNonNull(rows, "rows");
            Objects.requireNonNull(now, "now");
            Objects.requireNonNull(lines, "lines");
            this.lines = lines;
            this.state = RoutingState.restore(rows, now);
            lines.accept(begin(rows, now));
        }

        /**
         * Takes a step from the state that the last one led to.
         *
         * @param submissions what was submitted
         * @param now the time
         * @return what follows
         */
        public Step step(List<Submission> submissions, Instant now) {
            Copies.refuseNull(submissions, "submissions");
            Objects.requireNonNull(now, "now");
            lines.accept(Journal.step(submissions, now));
            Step step = Routing.step(state, submissions, now);
            refusal(step).ifPresent(lines);
            state = step.next();
            return step;
        }

        /** Writes down what the state is, so that a replay can be held to it. */
        public void checkpoint() {
            lines.accept(digest(state));
        }

        /** {@return the state that the last step led to} */
        public RoutingState state() {
            return state;
        }
    }

    /**
     * The result of a replay.
     *
     * @param state the last state
     * @param steps how many steps led to it
     * @param events what happened in them, in their order
     */
    public record Replay(RoutingState state, int steps, List<RouteEvent> events) {

        /** Copies the events. */
        public Replay {
            Objects.requireNonNull(state, "state");
            events = Copies.list(events, "events");
        }
    }

    /**
     * Receives each beginning and each step of a replay, while it runs.
     *
     * <p>Called by the thread that replays; what it throws ends the replay, and the caller of the replay gets it.
     */
    public interface Follower {

        /**
         * A journal begins, or a host started anew from what was stored.
         *
         * @param state what was restored
         */
        default void begins(RoutingState state) {
            Objects.requireNonNull(state, "state");
        }

        /**
         * A step was taken again.
         *
         * @param submissions what was submitted, in the order of the results of the step
         * @param step what followed; the time of the step is that of {@link Step#next()}
         */
        void stepped(List<Submission> submissions, Step step);
    }

    /**
     * Takes all steps of a journal again.
     *
     * @param lines its lines, without line feeds, which are looked at once; empty ones are passed over
     * @return where it ended
     * @throws StoredTextException if a line is malformed, the journal is of another format or has no beginning, or a
     *     state has another digest than the journal has; its message names the line
     */
    public static Replay replay(Iterable<String> lines) {
        return replay(lines, null, (submissions, step) -> {});
    }

    /**
     * Takes the steps of a journal again, up to a time.
     *
     * @param lines its lines, without line feeds, which are looked at once; empty ones are passed over
     * @param until the time of the last step to take. The first later one ends the replay, even if a clock was stepped
     *     back afterwards
     * @return where it ended
     * @throws StoredTextException as for {@link #replay(Iterable)}
     */
    public static Replay replay(Iterable<String> lines, Instant until) {
        Objects.requireNonNull(until, "until");
        return replay(lines, until, (submissions, step) -> {});
    }

    /**
     * Takes the steps of a journal again, and hands each to a follower.
     *
     * @param lines its lines, without line feeds, which are looked at once; empty ones are passed over
     * @param until as for {@link #replay(Iterable, Instant)}; null for all steps
     * @param follower is called for each step
     * @return where it ended
     * @throws StoredTextException as for {@link #replay(Iterable)}
     */
    public static Replay replay(Iterable<String> lines, @Nullable Instant until, Follower follower) {
        Objects.requireNonNull(lines, "lines");
        Objects.requireNonNull(follower, "follower");
        ReplayRun run = new ReplayRun(until, follower);
        Iterator<String> each = lines.iterator();
        boolean goesOn = true;
        for (int number = 1; goesOn && each.hasNext(); number++) {
            String line = Objects.requireNonNull(each.next(), "lines must not hold null");
            goesOn = line.isBlank() || run.take("line " + number, line, !each.hasNext());
        }
        return run.end();
    }

    /** A replay that is going on. */
    private static final class ReplayRun {

        private final @Nullable Instant until;
        private final Follower follower;
        private final List<RouteEvent> events = new ArrayList<>();
        private @Nullable RoutingState state;
        private int steps;

        /** A step that is not yet taken: the next line may record that a policy was refused in it. */
        private @Nullable StepLine pending;

        ReplayRun(@Nullable Instant until, Follower follower) {
            this.until = until;
            this.follower = follower;
        }

        /** False if the line, and all that follow, are later than what was asked for. */
        boolean take(String what, String line, boolean last) {
            Map<String, Object> fields;
            try {
                fields = Json.readTree(what, line);
            } catch (StoredTextException e) {
                takePending(false);
                // where a host stopped while it was writing
                throw last
                        ? new StoredTextException(
                                e.getMessage() + "; it is the last line: if it was cut short, take it away", e)
                        : e;
            }
            boolean isRefusal = fields.containsKey(REFUSAL_FIELD);
            if (isRefusal && pending == null) {
                throw new StoredTextException(what + ": `" + REFUSAL_FIELD + "` comes after the line of a step");
            }
            takePending(isRefusal && CODECS.read(Refusal.class, what, fields).policyTestsFailed);
            if (isRefusal) {
                return true;
            }
            RoutingState from = state;
            if (fields.containsKey(FORMAT_FIELD)) {
                refuseOtherFormats(what, fields.get(FORMAT_FIELD));
                return begin(what, CODECS.read(StartLine.class, what, fields));
            }
            if (from == null) {
                throw new StoredTextException(what + ": a journal begins with a line that has `" + FORMAT_FIELD + "`");
            }
            if (fields.containsKey("digest")) {
                check(what, CODECS.read(Checkpoint.class, what, fields), from);
                return true;
            }
            StepLine next = CODECS.read(StepLine.class, what, fields);
            if (isTooLate(next.at)) {
                return false;
            }
            pending = next;
            return true;
        }

        private boolean begin(String what, StartLine line) {
            if (state != null && isTooLate(line.at)) {
                return false;
            }
            RoutingState restored;
            try {
                restored = RoutingState.restore(line.rows, line.at);
            } catch (IllegalArgumentException | ContradictingRowsException e) {
                throw new StoredTextException(what + ": " + e.getMessage(), e);
            }
            state = restored;
            follower.begins(restored);
            return true;
        }

        private void takePending(boolean refused) {
            StepLine line = pending;
            if (line == null) {
                return;
            }
            pending = null;
            RoutingState from = Objects.requireNonNull(state);
            Step step = refused
                    ? Routing.step(from, line.submissions, line.at)
                    : Routing.replay(from, line.submissions, line.at);
            state = step.next();
            steps++;
            events.addAll(step.events());
            follower.stepped(line.submissions, step);
        }

        private boolean isTooLate(Instant at) {
            return until != null && at.isAfter(until);
        }

        Replay end() {
            takePending(false);
            RoutingState last = state;
            if (last == null) {
                throw new StoredTextException(
                        "the journal is empty: it begins with a line that has `" + FORMAT_FIELD + "`");
            }
            return new Replay(last, steps, events);
        }
    }

    private static void refuseOtherFormats(String what, Object format) {
        if (!format.equals((long) FORMAT)) {
            throw new StoredTextException(what + ": format `" + format + "` cannot be read: this version reads format "
                    + FORMAT + "; formats 1 and 2 were written before the first release");
        }
    }

    private static void check(String what, Checkpoint checkpoint, RoutingState state) {
        String actual = state.digest();
        if (!actual.equals(checkpoint.digest)) {
            throw new StoredTextException(what + ": the state has the digest `" + actual + "`, not `"
                    + checkpoint.digest + "`: the journal was changed, or written by a version that decides otherwise");
        }
    }
}
