package dev.wayleave.storage;

import dev.wayleave.command.ClockStepDetector;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * The routes of many tailnets in one process: a {@link RouteController} for each tailnet that is needed, over one
 * store, one timer and one executor of the host.
 *
 * <pre>
 *                       submit, current, open
 *   not loaded ──────────────────────────────────────► loaded ──► the tailnet's controller
 *        ▲  └── its next deadline comes ──────────────────▲ │
 *        └── no call for a period, no session, ───────────┴─┘
 *            no deadline within a period; or another tailnet needs the room
 * </pre>
 *
 * <p><b>Loads.</b> A call for a tailnet that is not loaded loads it, and waits; calls that come meanwhile wait with it
 * and are served in their order. If it cannot be loaded, only these calls are refused, with the reason; the next call
 * tries again. Where another process owns a tailnet, they are refused with {@link FencedException} as soon as a renewal
 * of that process's lease was seen, and wait for the end of the lease otherwise. No thread is blocked meanwhile.
 *
 * <p><b>Unloaded tailnets.</b> Of a tailnet that was unloaded, its revision and the time of its next deadline are
 * remembered: a key that expires or a drain that ends loads it in time. Nodes see the same as if it had stayed loaded;
 * only reports about the health of offline nodes are forgotten. A tailnet that this process has not loaded since it
 * started has no deadline here: see {@link #loadStored}.
 *
 * <p><b>Limits.</b> {@link TailnetsBuilder#loadedTailnets} and {@link TailnetsBuilder#loadedNodes} bound the memory. A
 * tailnet with sessions is never unloaded for another tailnet.
 *
 * <p><b>Fairness.</b> Each load and each turn of a tailnet is a task of its own on the executor, and few loads run at
 * once: a tailnet with many submissions, or many tailnets that are loaded, hold up a turn of another tailnet by few
 * tasks.
 *
 * <p><b>Several processes.</b> One process has the sessions of a tailnet, or several share all tailnets: see
 * {@link TailnetsBuilder#shared}.
 *
 * <p>Tailnets share nothing: equal prefixes, node numbers and host keys in two of them never meet.
 *
 * <p>Only {@link #close} blocks. Stages complete on threads that run loops: see {@link RouteController#submit}.
 */
public final class Tailnets implements AutoCloseable {

    private static final QuietLog LOG = QuietLog.of(Tailnets.class);

    private final TailnetsBuilder settings;
    private final SharedTimer timer;
    private final HostClock clock;
    private final TailnetTable table;

    /** The sum of all steps of the clock at the last tick. Ticks run one after the other. */
    private Duration steps;

    Tailnets(TailnetsBuilder settings) {
        this.settings = settings;
        this.timer = new SharedTimer(settings.scheduler, settings.steadyNanos);
        this.clock = settings.hostClock();
        this.table = new TailnetTable(settings, timer, clock);
        this.steps = clock.read().steps();
        try {
            timer.set(untilTick(), this::tick);
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "the scheduler takes no work for the tailnets: " + e + "; give them one that is not shut down", e);
        }
        table.start();
    }

    /**
     * Starts the options of tailnets, each with a controller while it is needed.
     *
     * @param store the store that keeps the tailnets
     * @param scheduler has one timer for all tailnets, and runs their loops unless an
     *     {@linkplain TailnetsBuilder#executor executor} is given. The host shuts it down after the tailnets are closed
     * @param clock the wall clock; usually {@link InstantSource#system}
     * @return a builder
     */
    public static TailnetsBuilder builder(RoutingStore store, ScheduledExecutorService scheduler, InstantSource clock) {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(clock, "clock");
        return new TailnetsBuilder(store, scheduler, clock);
    }

    // ---- the clock

    private Duration untilTick() {
        Duration half = settings.idlePeriod.dividedBy(2);
        return half.compareTo(ClockStepDetector.WINDOW) < 0 ? half : ClockStepDetector.WINDOW;
    }

    /** Reads the clock for all tailnets, and unloads those that are idle. */
    private void tick() {
        if (table.slots().isClosed()) {
            return;
        }
        try {
            Duration now = clock.read().steps();
            Duration step = now.minus(steps);
            if (!step.isZero()) {
                steps = now;
                LOG.warn("the clock of all tailnets was stepped by {}: running timers move along", step);
                table.clockStepped();
            }
            table.unloadIdle();
        } catch (Throwable e) {
            LOG.error("the clock failed: it is read again soon", e);
        }
        timer.keep(untilTick(), this::tick);
    }

    // ---- calls

    /** Uses a tailnet that is loaded. */
    @FunctionalInterface
    private interface Use<T> {

        /** {@return whether the caller goes on to use the tailnet} */
        boolean of(TailnetSlot slot, RouteController controller, CompletableFuture<T> answer);
    }

    /** Loads a tailnet if need be, and uses it. If it cannot be loaded, the answer is the reason. */
    private <T> CompletableFuture<T> visit(TailnetId tailnet, boolean takesOver, Use<T> use) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        table.visit(
                tailnet,
                new TailnetVisit() {
                    @Override
                    public boolean loaded(TailnetSlot slot, RouteController controller) {
                        return use.of(slot, controller, answer);
                    }

                    @Override
                    public void refused(WayleaveException cause) {
                        answer.completeExceptionally(cause);
                    }
                },
                takesOver);
        return answer;
    }

    private <T> CompletionStage<T> call(TailnetId tailnet, Function<RouteController, CompletionStage<T>> question) {
        CompletableFuture<T> answered = visit(tailnet, false, (slot, controller, answer) -> {
            forward(question.apply(controller), answer);
            return false;
        });
        return answered.minimalCompletionStage();
    }

    static <T> void forward(CompletionStage<T> given, CompletableFuture<T> answer) {
        var unused = given.whenComplete((result, failure) -> {
            if (failure == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    /**
     * Queues a submission to a tailnet, and loads it if need be. Does not block.
     *
     * @param tailnet the host's key of the tailnet
     * @param submission commands that are applied all or not at all
     * @return as {@link RouteController#submit(Submission)}; or {@link UnknownTailnetException},
     *     {@link TailnetLimitException}, {@link FencedException}, or another reason why the tailnet could not be
     *     loaded: nothing of the submission is stored then
     */
    public CompletionStage<Receipt> submit(TailnetId tailnet, Submission submission) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(submission, "submission");
        return call(tailnet, controller -> controller.submit(submission));
    }

    /**
     * Queues a submission that is applied only if nothing changed since the caller looked.
     *
     * @param tailnet the host's key of the tailnet
     * @param submission commands that are applied all or not at all
     * @param expected the revision that the caller decided on
     * @return as {@link #submit(TailnetId, Submission)} and {@link RouteController#submit(Submission, Revision)}
     */
    public CompletionStage<Receipt> submit(TailnetId tailnet, Submission submission, Revision expected) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(submission, "submission");
        Objects.requireNonNull(expected, "expected");
        return call(tailnet, controller -> controller.submit(submission, expected));
    }

    /**
     * Returns the newest published snapshot of a tailnet, which is loaded if need be. Does not block.
     *
     * @param tailnet the host's key of the tailnet
     * @return the snapshot, or why the tailnet could not be loaded
     */
    public CompletionStage<Snapshot> current(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
        return call(tailnet, controller -> CompletableFuture.completedStage(controller.current()));
    }

    /**
     * Returns the newest published snapshot of a tailnet if it is loaded; loads nothing.
     *
     * @param tailnet the host's key of the tailnet
     * @return empty if the tailnet is not loaded
     */
    public Optional<Snapshot> currentIfLoaded(TailnetId tailnet) {
        return table.slots()
                .controller(Objects.requireNonNull(tailnet, "tailnet"))
                .map(RouteController::current);
    }

    /**
     * Refreshes a tailnet if it is loaded, as {@link RouteController#refresh()} does; loads nothing, and keeps nothing
     * loaded.
     *
     * @param tailnet the host's key of the tailnet
     * @return the snapshot that is published then; empty if the tailnet is not loaded
     */
    public Optional<CompletionStage<Snapshot>> refreshIfLoaded(TailnetId tailnet) {
        return table.slots()
                .unusedController(Objects.requireNonNull(tailnet, "tailnet"))
                .map(RouteController::refresh);
    }

    /**
     * Refreshes a tailnet if it is loaded, as {@link RouteController#refresh(Revision)} does; loads nothing, and keeps
     * nothing loaded.
     *
     * @param tailnet the host's key of the tailnet
     * @param revision the revision that a commit made
     * @return the snapshot that is published then; empty if the tailnet is not loaded
     */
    public Optional<CompletionStage<Snapshot>> refreshIfLoaded(TailnetId tailnet, Revision revision) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(revision, "revision");
        return table.slots().unusedController(tailnet).map(controller -> controller.refresh(revision));
    }

    /**
     * Loads a tailnet if need be, and holds it loaded until the caller closes it. Does not block.
     *
     * @param tailnet the host's key of the tailnet
     * @return the loaded tailnet, to be closed by the caller; or why it could not be loaded
     */
    public CompletionStage<OpenTailnet> open(TailnetId tailnet) {
        return open(Objects.requireNonNull(tailnet, "tailnet"), false);
    }

    /**
     * Takes a tailnet over from another replica without waiting, whether that one lives or not: as {@link #open}, and
     * as {@link RouteControllerBuilder#takeOver}. A tailnet that is loaded here stays as it is.
     *
     * @param tailnet the host's key of the tailnet
     * @return the loaded tailnet, to be closed by the caller; or why it could not be loaded
     * @throws IllegalStateException if no replica is set
     */
    public CompletionStage<OpenTailnet> takeOver(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
        if (settings.replica == null) {
            throw new IllegalStateException(
                    "tailnet `" + tailnet + "` can be taken over only with a replica: give the tailnets one");
        }
        return open(tailnet, true);
    }

    private CompletionStage<OpenTailnet> open(TailnetId tailnet, boolean takesOver) {
        CompletableFuture<OpenTailnet> opened = visit(
                tailnet,
                takesOver,
                (slot, controller, answer) -> answer.complete(new OpenTailnet(table.slots(), slot, controller)));
        return opened.minimalCompletionStage();
    }

    // ---- creation, deletion, and where tailnets are

    /**
     * Stores a new tailnet without users, nodes and a policy. Does not block. If it is not known whether it is stored,
     * the answer is {@link StorageUnavailableException}; the host calls this again.
     *
     * @param tailnet the host's key of the tailnet
     * @param first its settings
     * @return whether it is new; false if it is stored already, and nothing is changed
     */
    public CompletionStage<Boolean> create(TailnetId tailnet, RoutingSettings first) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(first, "first");
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        if (table.slots().isClosed()) {
            answer.completeExceptionally(new ControllerClosedException(tailnet));
        } else {
            table.loads().execute(() -> create(tailnet, first, answer));
        }
        return answer.minimalCompletionStage();
    }

    private void create(TailnetId tailnet, RoutingSettings first, CompletableFuture<Boolean> answer) {
        boolean isNew;
        try {
            isNew = table.loads().create(tailnet, first);
        } catch (Throwable e) {
            answer.completeExceptionally(TailnetLoads.refusal(tailnet, e));
            return;
        }
        answer.complete(isNew);
    }

    /**
     * Deletes a tailnet for good, as {@link RoutingStore#delete(TailnetId, Ownership)} does. Does not block.
     * Submissions that came before are answered first; those that come later find no tailnet.
     *
     * @param tailnet the host's key of the tailnet
     * @return whether it was stored; or why it could not be deleted: {@link FencedException} if another process owns
     *     it, for example
     */
    public CompletionStage<Boolean> delete(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
        CompletableFuture<Boolean> wasStored = new CompletableFuture<>();
        table.delete(tailnet, wasStored);
        return wasStored.minimalCompletionStage();
    }

    /**
     * Unloads a tailnet and gives up its ownership, even if it has sessions: for a host that moves it to another
     * process. Does not block. Submissions that came before are answered first.
     *
     * @param tailnet the host's key of the tailnet
     * @return whether it was loaded, once it is unloaded
     */
    public CompletionStage<Boolean> unload(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        table.unload(tailnet, answer);
        return answer.minimalCompletionStage();
    }

    /**
     * Loads each stored tailnet once, one after the other and while half of the room is free, so that deadlines of
     * tailnets without callers come in time after a restart. Those that are idle are unloaded again. Does not block. A
     * tailnet that cannot be loaded is left out, with a line in the log.
     *
     * @return how many were loaded, once all were tried; or why the store could not list them
     */
    public CompletionStage<Integer> loadStored() {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        StoredTailnets all = new StoredTailnets(table, timer, answer);
        table.loads().execute(() -> all.begin(settings.store));
        return answer.minimalCompletionStage();
    }

    /** {@return the tailnets that are loaded now, in their order} */
    public List<TailnetId> loaded() {
        return table.slots().loaded().stream()
                .map(slot -> slot.tailnet)
                .sorted()
                .toList();
    }

    /**
     * Stops all controllers, and answers all that waits: submissions to loaded tailnets are tried once more, as by
     * {@link RouteController#close}; those that wait for a load are answered with {@link ControllerClosedException}.
     * Blocks while the store does that; so a listener or an observer must not call it. A second call does nothing.
     */
    @Override
    public void close() {
        table.close();
    }

    /** For tests: visits that other threads overtake. */
    TailnetTable table() {
        return table;
    }

    /** For tests: how many alarms are set. */
    int alarms() {
        return timer.size();
    }
}
