package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.storage.ScriptedStore.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commits whose outcome is unknown. */
class ControllerUnknownTest {

    private static final Duration LATER = Duration.ofSeconds(10);

    private final ControllerFixture testing = new ControllerFixture();

    private void checkStored(long revision) {
        StoredTailnet stored = testing.store.load(TAILNET).orElseThrow();
        assertThat(stored.revision()).isEqualTo(new Revision(revision));
        assertThat(testing.controller.current().revision()).isEqualTo(stored.revision());
        assertThat(testing.controller.current().state().rows()).isEqualTo(stored.rows());
    }

    @Test
    void nothingIsPublishedWhileTheCommitIsUnknown() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.run();

        assertThat(receipt).isNotDone();
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(2));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"UNKNOWN_LANDED", "UNKNOWN_LOST", "UNKNOWN_LATE", "BROKEN_LANDED", "ERROR_LOST"})
    void whateverBecameOfItTheSubmissionIsStoredOnceAndAnswered(Fault fault) {
        testing.open().withRouters();
        testing.store.next(fault);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3), approved(3, LAN));

        testing.host.pass(LATER);

        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
        assertThat(receipt.join().result()).isInstanceOf(SubmissionResult.Accepted.class);
        assertThat(receipt.join().events()).hasSize(1);
        boolean isConfirmed = !fault.name().endsWith("_LOST");
        assertThat(testing.store.written()).hasSize(isConfirmed ? 4 : 3);
        checkStored(isConfirmed ? 4 : 3);
    }

    @Test
    void aCommitThatIsFoundIsAnsweredOnlyAfterOneMoreCommitSucceeded() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED, Fault.UNKNOWN_LOST, Fault.UNAVAILABLE, Fault.CONFLICT);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        int commits = testing.store.commits();
        while (testing.store.commits() < commits + 4) {
            assertThat(receipt).isNotDone();
            assertThat(testing.controller.current().revision()).isEqualTo(new Revision(2));
            testing.host.pass(Duration.ofMillis(50));
        }

        testing.host.pass(LATER);

        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
        assertThat(testing.store.written()).last().satisfies(confirming -> {
            assertThat(confirming.rowChanges().isEmpty()).isTrue();
            assertThat(confirming.events()).isEmpty();
        });
        checkStored(4);
    }

    @Test
    void aCommitThatIsFoundIsConfirmedUnderTheLockAfterAnotherProcessCameFirst() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED, Fault.CONFLICT);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.pass(LATER);

        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
        assertThat(testing.store.locks()).isEqualTo(1);
        checkStored(4);
    }

    @Test
    void aRefreshIsAnsweredOnceACommitThatWasFoundIsConfirmed() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED, Fault.UNKNOWN_LOST, Fault.CONFLICT);
        testing.submit(registered(3));
        testing.host.run();
        CompletableFuture<Snapshot> first = testing.controller.refresh().toCompletableFuture();
        testing.host.pass(Duration.ofMillis(120));
        CompletableFuture<Snapshot> second = testing.controller.refresh().toCompletableFuture();

        testing.host.pass(LATER);

        assertThat(first.join().revision()).isEqualTo(new Revision(4));
        assertThat(second.join().revision()).isEqualTo(new Revision(4));
    }

    /** The primary waits for its standbys, the connection dies, the token is read, and the primary dies. */
    @Test
    void aCommitThatIsFoundAndLostWithItsPrimaryIsDecidedAgain() {
        testing.open().withRouters();
        ScriptedStore.Standby standby = testing.store.standby(TAILNET);
        testing.store.next(Fault.UNKNOWN_LANDED, Fault.UNKNOWN_LOST);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        int commits = testing.store.commits();
        while (testing.store.commits() < commits + 2) {
            testing.host.pass(Duration.ofMillis(50));
        }
        testing.store.promote(standby);
        testing.host.pass(LATER);

        assertThat(receipt.join().result()).isEqualTo(SubmissionResult.accepted());
        assertThat(testing.store.load(TAILNET).orElseThrow().rows().nodes()).hasSize(3);
        checkStored(3);
    }

    @Test
    void aCommitThatWasWrittenIsNotDecidedAgain() {
        testing.open().withRouters();
        int commits = testing.store.commits();
        testing.store.next(Fault.UNKNOWN_LANDED);
        testing.submit(registered(3));

        testing.host.pass(LATER);

        assertThat(testing.store.commits()).isEqualTo(commits + 2);
        assertThat(testing.publications).hasSize(3).last().satisfies(last -> {
            assertThat(last.after().revision()).isEqualTo(new Revision(4));
            assertThat(last.touched()).isPresent();
        });
    }

    @Test
    void aLaterSubmissionIsDecidedOnTopOfACommitThatLandsLate() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LATE);
        CompletableFuture<Receipt> first = testing.submit(registered(3));
        testing.host.run();
        CompletableFuture<Receipt> second = testing.submit(approved(3, LAN));

        testing.host.pass(LATER);

        assertThat(first.join().revision()).isEqualTo(new Revision(3));
        assertThat(second.join().revision()).isEqualTo(new Revision(5));
        assertThat(second.join().result()).isInstanceOf(SubmissionResult.Accepted.class);
        checkStored(5);
    }

    @Test
    void severalUnknownInARowAreDistinguishedByTheirTokens() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LATE, Fault.UNKNOWN_LOST);
        CompletableFuture<Receipt> first = testing.submit(registered(3));
        testing.host.run();
        CompletableFuture<Receipt> second = testing.submit(registered(4));

        testing.host.pass(LATER);

        assertThat(first.join().revision()).isEqualTo(new Revision(3));
        assertThat(second.join().revision()).isEqualTo(new Revision(5));
        assertThat(testing.store.written()).hasSize(5);
        checkStored(5);
    }

    @Test
    void aSubmissionTakenBackWhileInDoubtStaysTakenBack() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LATE);
        CompletableFuture<Receipt> first = testing.submit(registered(3));
        testing.host.run();
        CompletableFuture<Receipt> second = testing.submit(new Command.RemoveNode(new NodeId(3)));

        testing.host.pass(LATER);

        assertThat(List.of(first, second))
                .allMatch(receipt -> receipt.join().result().equals(SubmissionResult.accepted()));
        assertThat(testing.controller.current().state().node(new NodeId(3))).isEmpty();
        testing.store.landLate();
        checkStored(testing.controller.current().revision().value());
    }

    @Test
    void aSettlingCommitIsMadeEvenIfNothingIsLeftToWrite() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LOST);
        testing.submit(registered(3));
        testing.host.run();
        testing.submit(new Command.RemoveNode(new NodeId(3)));

        testing.host.pass(LATER);

        assertThat(testing.store.written())
                .last()
                .satisfies(
                        settling -> assertThat(settling.rowChanges().isEmpty()).isTrue());
        checkStored(3);
    }

    @Test
    void aRefusedSubmissionInDoubtIsAnsweredAloneOnceItsFateIsKnown() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LOST);
        CompletableFuture<Receipt> doubtful = testing.submit(registered(99));
        testing.host.run();
        testing.store.beforeEach(commit -> {
            if (commit.rowChanges().nodes().upserts().stream()
                    .anyMatch(row -> row.facts().id().value() == 99)) {
                throw new StorageException("node 99 cannot be stored");
            }
        });
        CompletableFuture<Receipt> other = testing.submit(registered(3));

        testing.host.pass(LATER);

        assertThat(failure(doubtful)).isInstanceOf(StorageException.class);
        assertThat(other.join().result()).isEqualTo(SubmissionResult.accepted());
    }

    @Test
    void ifAnotherProcessMadeTheNextRevisionItWasNotWrittenAndIsDecidedAgain() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LOST);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        testing.host.run();
        testing.elsewhere(registered(9));

        testing.host.pass(LATER);

        assertThat(receipt.join().revision()).isEqualTo(new Revision(4));
        assertThat(testing.controller.current().state().nodes()).hasSize(4);
        checkStored(4);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"UNKNOWN_LANDED", "UNKNOWN_LOST"})
    void afterSeveralCommitsOfOtherProcessesTheLogHasTheResult(Fault fault) {
        testing.open().withRouters();
        testing.store.next(fault);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        testing.host.run();
        testing.elsewhere(registered(9));
        testing.elsewhere(registered(10));

        testing.host.pass(LATER);

        boolean isFound = fault == Fault.UNKNOWN_LANDED;
        assertThat(receipt.join().revision()).isEqualTo(new Revision(isFound ? 3 : 5));
        assertThat(testing.controller.current().state().nodes()).hasSize(5);
        assertThat(testing.store.written().stream()
                        .filter(commit -> commit.events().toString().contains("node=3")
                                || commit.rowChanges().nodes().upserts().stream()
                                        .anyMatch(row -> row.facts().id().equals(new NodeId(3)))))
                .hasSize(1);
        checkStored(isFound ? 6 : 5);
    }

    @Test
    void ifTheLogIsTooShortTheReceiptSaysThatTheCommitIsIndeterminate() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        testing.host.run();
        testing.elsewhere(registered(9));
        testing.store.shortenLog(TAILNET, 1);
        CompletableFuture<Receipt> later = testing.submit(registered(4));

        testing.host.pass(LATER);

        Throwable failure = failure(receipt);
        assertThat(failure)
                .isInstanceOf(IndeterminateCommitException.class)
                .hasMessageContainingAll("`example.com`", "revision 2", "revision 4");
        assertThat(((IndeterminateCommitException) failure).expected()).isEqualTo(new Revision(2));
        assertThat(((IndeterminateCommitException) failure).found()).contains(new Revision(4));
        assertThat(later.join().revision()).isEqualTo(new Revision(5));
        checkStored(5);
    }

    @Test
    void aKeepAliveIsHeardEvenIfTheCommitThatTookItIsIndeterminate() {
        testing.open().withRouters();
        testing.host.oversleep(Duration.ofSeconds(100));
        Instant arrived = testing.host.instant();
        testing.store.next(Fault.UNKNOWN_LANDED);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        CompletableFuture<Receipt> keepAlive = testing.submit(heard(1));
        testing.host.run();
        testing.elsewhere(registered(9));
        testing.store.shortenLog(TAILNET, 1);

        testing.host.pass(LATER);

        assertThat(failure(receipt)).isInstanceOf(IndeterminateCommitException.class);
        assertThat(keepAlive.join().result()).isInstanceOf(SubmissionResult.Accepted.class);
        assertThat(testing.controller.current().state().lastHeard(new NodeId(1)))
                .contains(arrived);
    }

    @Test
    void conflictsDoNotGiveUpWhatMayStillLand() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_HELD, Fault.CONFLICT, Fault.CONFLICT, Fault.CONFLICT, Fault.CONFLICT);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.pass(LATER);
        testing.store.landHeld();

        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
        checkStored(3);
    }

    @Test
    void theStepOfADeadlineMayBeInDoubtToo() {
        testing.open().withRouters();
        testing.done(ControllerFixture.disconnected(1));
        testing.store.next(Fault.UNKNOWN_LATE, Fault.UNKNOWN_LOST);

        testing.host.pass(Duration.ofSeconds(30));

        assertThat(testing.primary()).contains(new NodeId(2));
        checkStored(testing.controller.current().revision().value());
    }

    @Test
    void aControllerThatClosesInDoubtAsksOnceMore() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        testing.host.run();

        testing.controller.close();

        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
    }

    @Test
    void aControllerThatClosesInDoubtWithoutAStoreLeavesTheCommitIndeterminate() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED);
        CompletableFuture<Receipt> doubtful = testing.submit(registered(3));
        testing.host.run();
        CompletableFuture<Receipt> untried = testing.submit(registered(4));
        testing.store.down(true);

        testing.controller.close();

        assertThat(failure(doubtful)).isInstanceOf(IndeterminateCommitException.class);
        assertThat(((IndeterminateCommitException) failure(doubtful)).found()).isEqualTo(Optional.empty());
        assertThat(failure(untried)).isInstanceOf(ControllerClosedException.class);
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(2));
    }
}
