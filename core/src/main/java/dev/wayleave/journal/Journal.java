package dev.wayleave.journal;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.json.Json;
import dev.wayleave.json.engine.CommandText;
import dev.wayleave.json.engine.RowsText;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The history of a tailnet as lines of text, from which every state and every event can be had again.
 *
 * <p>Pure functions, safe for use by several threads; nothing blocks. Each line is a JSON object:
 *
 * <pre>
 *   {"wayleaveJournal":2,"at":…,"tailnet":…,"settings":{…},"policy":…,"users":[…],"nodes":[…],"routes":[…]}
 *   {"at":…,"submissions":[{"actor":…,"commands":[{"do":"advertise-routes","node":7,"prefixes":[…]}]}]}
 *   {"digest":…}
 * </pre>
 *
 * <p>The first has the format version and the rows that the journal begins with; it may come again, where a host
 * started anew. The next have one step each, in their order. A digest may stand anywhere: replay fails if the state
 * differs.
 *
 * <p>Recording is for hosts that call {@link Routing#step} themselves, by {@link Recorder} in its place or by the lines
 * that {@link #begin} and {@link #step} give. The route controller of the storage module takes its steps by itself,
 * some of them anew after a conflict, and hands them to no journal.
 */
public final class Journal {

    /** The format version that this library writes. It reads format 1 too, whose commands have other names. */
    public static final int FORMAT = 2;

    private static final String FORMAT_FIELD = "wayleaveJournal";

    private Journal() {}

    /**
     * Returns the line with which a journal begins: what is stored of a tailnet, and when it was read.
     *
     * @param rows the rows that {@link RoutingState#restore} takes
     * @param now the time that it takes
     * @return one line without a line feed
     */
    public static String begin(StateRows rows, Instant now) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(now, "now");
        return Json.write(new Json.ObjectText()
                .with(FORMAT_FIELD, FORMAT)
                .with("at", now)
                .with("tailnet", rows.tailnet().tailnet())
                .with("settings", new Json.Text(rows.tailnet().settings().toJson()))
                .with("policy", rows.tailnet().policy().text())
                .with("users", rows.users().stream().map(RowsText::user).toList())
                .with("nodes", rows.nodes().stream().map(RowsText::node).toList())
                .with("routes", rows.routes().stream().map(RowsText::route).toList())
                .map());
    }

    /**
     * Returns the line of one step.
     *
     * @param submissions what was handed in
     * @param now the time of the step
     * @return one line without a line feed
     */
    public static String step(List<Submission> submissions, Instant now) {
        Copies.refuseNull(submissions, "submissions");
        Objects.requireNonNull(now, "now");
        Json.ObjectText text = new Json.ObjectText().with("at", now);
        return Json.write(text.withIf(
                        !submissions.isEmpty(),
                        "submissions",
                        submissions.stream().map(Journal::submission).toList())
                .map());
    }

    /**
     * Returns the line that holds a replay to a state.
     *
     * @param state the state at this point
     * @return one line without a line feed
     */
    public static String digest(RoutingState state) {
        Objects.requireNonNull(state, "state");
        return Json.write(new Json.ObjectText().with("digest", state.digest()).map());
    }

    private static Map<String, Object> submission(Submission submission) {
        return new Json.ObjectText()
                .with("actor", submission.actor())
                .with("correlationId", submission.correlationId())
                .with(
                        "commands",
                        submission.commands().stream().map(CommandText::map).toList())
                .map();
    }

    /**
     * Takes steps and writes each down before it is taken.
     *
     * <p>For one thread. Whatever the sink throws comes through, and the step is not taken.
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
         * @param submissions what was handed in
         * @param now the time
         * @return what follows
         */
        public Step step(List<Submission> submissions, Instant now) {
            Copies.refuseNull(submissions, "submissions");
            Objects.requireNonNull(now, "now");
            lines.accept(Journal.step(submissions, now));
            Step step = Routing.step(state, submissions, now);
            state = step.next();
            return step;
        }

        /** Writes down what the state is, so that a replay can be held to it. */
        public void checkpoint() {
            lines.accept(digest(state));
        }

        /**
         * {@return the state that the last step led to}
         */
        public RoutingState state() {
            return state;
        }
    }

    /**
     * Where a replay ended.
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
     * Is told what a replay comes by, while it happens.
     *
     * <p>Called by the thread that replays; what it throws ends the replay and comes through.
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
         * @param step what followed; the time of the step is that of {@link Step#next()}
         */
        void stepped(Step step);
    }

    /**
     * Takes all steps of a journal again.
     *
     * @param lines its lines, without line feeds, which are looked at once; empty ones are passed over
     * @return where it ended
     * @throws StoredTextException if a line is malformed, the journal is of another format or has no beginning, or a
     *     state has another digest than the journal says; its message names the line
     */
    public static Replay replay(Iterable<String> lines) {
        return replay(lines, null, step -> {});
    }

    /**
     * Takes the steps of a journal again, up to a time.
     *
     * @param lines its lines, without line feeds, which are looked at once; empty ones are passed over
     * @param until the time of the last step to take. The first later one ends the replay, also where a clock was
     *     stepped back afterwards
     * @return where it ended
     * @throws StoredTextException as for {@link #replay(Iterable)}
     */
    public static Replay replay(Iterable<String> lines, Instant until) {
        Objects.requireNonNull(until, "until");
        return replay(lines, until, step -> {});
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
        Replaying replaying = new Replaying(until, follower);
        Iterator<String> each = lines.iterator();
        boolean goesOn = true;
        for (int number = 1; goesOn && each.hasNext(); number++) {
            String line = Objects.requireNonNull(each.next(), "lines must not hold null");
            goesOn = line.isBlank() || replaying.take("line " + number, line, !each.hasNext());
        }
        return replaying.end();
    }

    /** A replay that is going on. */
    private static final class Replaying {

        private final @Nullable Instant until;
        private final Follower follower;
        private final List<RouteEvent> events = new ArrayList<>();
        private @Nullable RoutingState state;
        private int steps;
        private Function<Json.Fields, Command> commands = CommandText::read;

        Replaying(@Nullable Instant until, Follower follower) {
            this.until = until;
            this.follower = follower;
        }

        /** False if the line, and all that follow, are later than what was asked for. */
        boolean take(String what, String line, boolean last) {
            Json.Fields fields;
            try {
                fields = Json.readObject(what, line);
            } catch (StoredTextException e) {
                // where a host stopped while it was writing
                throw last
                        ? new StoredTextException(
                                e.getMessage() + "; it is the last line: if it was cut short, take it away", e)
                        : e;
            }
            RoutingState from = state;
            if (fields.has(FORMAT_FIELD)) {
                return begin(fields);
            }
            if (from == null) {
                throw new StoredTextException(what + ": a journal begins with a line that has `" + FORMAT_FIELD + "`");
            }
            if (fields.has("digest")) {
                check(fields, from);
                return true;
            }
            return step(from, fields);
        }

        private boolean begin(Json.Fields fields) {
            commands = commands(fields);
            Instant at = fields.instant("at");
            if (state != null && isTooLate(at)) {
                return false;
            }
            RoutingState restored = read(fields, each -> RoutingState.restore(rows(each), at));
            state = restored;
            follower.begins(restored);
            return true;
        }

        private boolean step(RoutingState from, Json.Fields fields) {
            Instant at = fields.instant("at");
            if (isTooLate(at)) {
                return false;
            }
            Step step = Routing.step(from, read(fields, each -> submissions(each, commands)), at);
            state = step.next();
            steps++;
            events.addAll(step.events());
            follower.stepped(step);
            return true;
        }

        private boolean isTooLate(Instant at) {
            return until != null && at.isAfter(until);
        }

        Replay end() {
            RoutingState last = state;
            if (last == null) {
                throw new StoredTextException(
                        "the journal is empty: it begins with a line that has `" + FORMAT_FIELD + "`");
            }
            return new Replay(last, steps, events);
        }
    }

    /** What the values themselves refuse is refused under the name of the line. */
    private static <T> T read(Json.Fields fields, Function<Json.Fields, T> reader) {
        try {
            return reader.apply(fields);
        } catch (IllegalArgumentException | ContradictingRowsException e) {
            throw new StoredTextException(fields.what() + ": " + e.getMessage(), e);
        }
    }

    /** The reader of commands of the format that a journal says it has. */
    private static Function<Json.Fields, Command> commands(Json.Fields fields) {
        long format = fields.number(FORMAT_FIELD);
        if (format == FORMAT) {
            return CommandText::read;
        }
        if (format == 1) {
            return CommandText::readFormat1;
        }
        throw new StoredTextException(
                fields.what() + ": format `" + format + "` is unknown: this version reads formats 1 and " + FORMAT);
    }

    private static void check(Json.Fields fields, RoutingState state) {
        String expected = fields.required("digest");
        fields.end();
        String actual = state.digest();
        if (!actual.equals(expected)) {
            throw new StoredTextException(fields.what() + ": the state has the digest `" + actual + "`, not `"
                    + expected + "`: the journal was changed, or written by a version that decides otherwise");
        }
    }

    private static StateRows rows(Json.Fields fields) {
        TailnetRow tailnet = new TailnetRow(
                fields.read("tailnet", TailnetId::new),
                fields.readObject("settings", RoutingSettings::parse),
                fields.read("policy", CommandText::policy));
        StateRows rows = new StateRows(
                tailnet,
                fields.objects("users").stream().map(RowsText::user).toList(),
                fields.objects("nodes").stream().map(RowsText::node).toList(),
                fields.objects("routes").stream().map(RowsText::route).toList());
        fields.end();
        return rows;
    }

    private static List<Submission> submissions(Json.Fields fields, Function<Json.Fields, Command> reader) {
        List<Submission> submissions = new ArrayList<>();
        for (Json.Fields each : fields.objects("submissions")) {
            submissions.add(new Submission(
                    each.read("actor", Actor::new),
                    each.text("correlationId").orElse(null),
                    each.objects("commands").stream().map(reader).toList()));
            each.end();
        }
        fields.end();
        return submissions;
    }
}
