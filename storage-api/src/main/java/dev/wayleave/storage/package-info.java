/**
 * How does a change of the routes of a tailnet become durable before a reader sees it, and what happens when it cannot?
 *
 * <p>A database adapter implements {@link RoutingStore}: a {@link Commit} goes in, a {@link CommitOutcome} comes out. A
 * host starts with a {@link RouteController}, the loop above a store. The store to read is {@code JdbcRoutingStore} of
 * {@code wayleave-storage-jdbc}. There is no slow twin: the tests of every adapter extend one contract, {@code
 * RoutingStoreContract}, and {@code ControllerPropertyTest} checks answers under planted faults.
 *
 * <p>A host of many tailnets opens {@link Tailnets}, which have a controller for each tailnet that is needed.
 *
 * <p>Values are immutable; a public type is safe for use by several threads unless its documentation says otherwise. So
 * are, within the package, {@code AsleepTailnets}, {@code LoopTimer}, {@code OrphanedTailnets}, {@code SessionReports},
 * {@code SharedLeases}, {@code StoreClock}, {@code SubmissionQueue} and {@code SubmittedReports}.
 *
 * <h2>What a controller does when something fails</h2>
 *
 * <p><b>Conflicts.</b> If another process wrote to the tailnet, the controller pauses for a few milliseconds. Then it
 * locks the tailnet ({@link RoutingStore#withLock}), reads and publishes what changed, decides the waiting submissions
 * again on top of them, and commits, before another process can. Listeners, observers and receipts are called once the
 * lock is free. If the tailnet cannot be locked, the controller does the same without a lock; {@link RetryRule} sets
 * how often. It never sends an old decision again.
 *
 * <p><b>Outages.</b> While the store does not work, nothing is published and nothing is lost. Submissions wait until
 * the queue is full, and are tried again after pauses that grow. Keep-alives are stamped with the time of their arrival
 * and do not fill the queue: the latest of each session waits. When the store is back, the first step takes in all of
 * them, and judges silence by the time of the last keep-alive: an outage of the store never looks like an outage of the
 * routers. If a submission that expects a revision waits between other submissions, several steps take them in, and the
 * time of each ends before the arrival of what it leaves out. A submission that alone cannot be stored, although the
 * store can be reached, is answered with the exception of the store.
 *
 * <p><b>Unknown commits.</b> If a commit breaks in the middle, its token settles whether it was written, as
 * {@link CommitOutcome.Unknown} describes. A commit that is found is answered only after one more commit, without a
 * row, succeeded: until then a cluster whose primary dies may lose it. Where the log of the store is too short to
 * settle it, the receipt fails with {@link IndeterminateCommitException}.
 *
 * <p><b>Changed histories.</b> The store may no longer hold the published revision: the tailnet was deleted, set back
 * to an older revision, or replaced, or its history forked: a server that was behind came back and went on. This does
 * not pass. The controller detects it when it next reads the store or commits to it; until then it answers submissions
 * that change no row, such as keep-alives, as before. Then it logs one warning, calls the observer, closes, and answers
 * every submission with {@link StoreHistoryException}.
 *
 * <p><b>Internal errors</b> are errors neither of the caller nor of the store. Log and
 * {@link RoutingObserver#internalError} report them. If a step fails, the controller bisects its submissions, answers
 * the submission with which it fails with {@link InternalErrorException}, and decides the rest. A turn that fails
 * without such a submission – the clock throws, a timer cannot be handled – is repeated after pauses that grow. If what
 * changed in the store cannot be followed, the next turn reads all rows. If ten turns in a row fail, the controller
 * answers all waiting submissions with the cause, and closes. Exceptions and errors of listeners, observer,
 * receivers of receipts and a session channel that was joined are logged, and stop nothing. What an adapter throws
 * beyond its contract is a failure of the store.
 *
 * <p><b>Clock steps.</b> The controller compares the wall clock with steady nanoseconds at each turn, at each
 * submission, and at least every ten seconds. A difference of half a second or more is a step of the clock
 * ({@link dev.wayleave.command.ClockStepDetector}). Then the controller logs one warning, calls
 * {@link RoutingObserver#clockStepped}, and decides {@link dev.wayleave.command.Command.StepClock} before anything else
 * that waits, with the actor {@code clock}. Waiting keep-alives keep their age. So a live router keeps its prefixes, a
 * dead router fails over within its grace, and a key expires at most ten seconds late. Hosts do not submit
 * {@code StepClock} themselves: the controller would take it back.
 *
 * <h2>Several processes</h2>
 *
 * <p>Each of several processes may have a controller for one tailnet, and no update is lost. But sessions, health and
 * keep-alives are not stored: each process knows only those that it received itself, and treats a node without a
 * session as offline once the restart grace is over. So one process has the sessions of a tailnet, and the controllers
 * of all other processes – a second server for operators, a tool – are opened
 * {@linkplain RouteControllerBuilder#withoutSessions without sessions}. Or all processes with sessions
 * {@linkplain RouteControllerBuilder#shared share} the tailnet: then sessions of routers are stored.
 *
 * <p>A controller sees the commits of the other processes at a conflict, when it is
 * {@linkplain RouteController#refresh() refreshed}, and by itself if it {@linkplain RouteControllerBuilder#following
 * follows}. Its listeners get their events, each once and in their order, as they get its own.
 *
 * <p>A {@link Replica} enforces that one process has the sessions. A process joins the store once and gives the replica
 * to its controllers ({@link RouteControllerBuilder#replica}). The row of a tailnet names its owner and the owner's
 * epoch; a commit of another epoch is not written ({@link CommitOutcome.Fenced}). A second process waits for the length
 * of the owner's lease, and is refused with {@link FencedException} if the owner lives;
 * {@link RouteControllerBuilder#takeOver} takes the tailnet without waiting. An owner that loses its tailnet detects
 * this at its next commit, at its next renewal, or before its first turn after it was suspended. Then its controller
 * drops the sessions, closes, and answers all that waits with {@link FencedException}; {@link RouteController#isStale}
 * is true from then on. Without a replica nothing stops two controllers with sessions from taking all prefixes from
 * each other's routers.
 *
 * <p>Each process uses the clock of its own host, for the dates that it writes and for the ends of keys and drains:
 * keep these clocks in agreement. Processes that share a tailnet use the clock of the store instead.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
