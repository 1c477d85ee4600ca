package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.ScriptedStore.Fault;
import dev.wayleave.storage.contract.ForwardingStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A submission that was decided on an older revision is refused. */
class ExpectedRevisionTest {

    private final ControllerFixture testing = new ControllerFixture().open().withRouters();

    private final Revision read = testing.controller.current().revision();

    private CompletableFuture<Receipt> submit(Revision expected, Command... commands) {
        return submitted(testing.controller.submit(by("administrator", commands), expected));
    }

    private static SubmissionResult conflict(Revision expected, Revision current) {
        return new SubmissionResult.Refused(List.of(new Problem.RevisionConflict(expected.value(), current.value())));
    }

    @Test
    void aSubmissionIsAppliedToTheRevisionThatItExpects() {
        CompletableFuture<Receipt> receipt = submit(read, approved(1));
        testing.host.run();
        assertThat(receipt.join().result()).isEqualTo(SubmissionResult.accepted());
        assertThat(receipt.join().revision()).isEqualTo(read.next());
        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void aSubmissionThatWasStoredBeforeIsAConflict() {
        testing.done(registered(3));
        CompletableFuture<Receipt> receipt = submit(read, approved(1));
        testing.host.run();
        assertThat(receipt.join().result()).isEqualTo(conflict(read, read.next()));
        assertThat(receipt.join().revision()).isEqualTo(read.next());
        assertThat(testing.primary()).contains(new NodeId(1));
    }

    @Test
    void aSubmissionThatCameBeforeInTheQueueIsAConflictToo() {
        CompletableFuture<Receipt> earlier = testing.submit(registered(3));
        CompletableFuture<Receipt> receipt = submit(read, approved(1));
        CompletableFuture<Receipt> later = testing.submit(registered(4));
        testing.host.run();
        assertThat(earlier.join().revision()).isEqualTo(read.next());
        assertThat(receipt.join().result()).isEqualTo(conflict(read, read.next()));
        assertThat(later.join().result()).isEqualTo(SubmissionResult.accepted());
    }

    @Test
    void ofTwoThatExpectOneRevisionTheFirstIsApplied() {
        CompletableFuture<Receipt> first = submit(read, advertised(1, LAN), registered(3));
        CompletableFuture<Receipt> second = submit(read, registered(4));
        testing.host.run();
        assertThat(first.join().result()).isEqualTo(SubmissionResult.accepted());
        assertThat(second.join().result()).isEqualTo(conflict(read, read.next()));
    }

    @Test
    void aSubmissionThatStoresNothingIsNoConflict() {
        testing.submit(heard(1));
        testing.submit(advertised(1, LAN));
        CompletableFuture<Receipt> receipt = submit(read, registered(3));
        testing.host.run();
        assertThat(receipt.join().result()).isEqualTo(SubmissionResult.accepted());
    }

    @Test
    void aCommitOfAnotherProcessIsAConflictAndIsNotRetried() {
        testing.elsewhere(registered(3));
        CompletableFuture<Receipt> receipt = submit(read, approved(1));
        testing.host.run();
        testing.host.pass(ControllerFixture.RETRY.longest());
        assertThat(receipt.join().result()).isEqualTo(conflict(read, read.next()));
        assertThat(testing.controller.current().revision()).isEqualTo(read.next());
    }

    @Test
    void aConflictOfTheRevisionIsSaidAlsoWhereTheConflictsAreTooMany() {
        testing.store.next(Fault.CONFLICT, Fault.CONFLICT);
        CompletableFuture<Receipt> receipt = submit(read, approved(1));
        int before = testing.store.commits();
        boolean[] isWritten = {false};
        testing.store.beforeCommit(() -> {
            if (testing.store.commits() == before + 2 && !isWritten[0]) {
                isWritten[0] = true;
                testing.elsewhere(registered(3));
            }
        });
        testing.host.pass(ControllerFixture.RETRY.longest());
        assertThat(receipt.join().result()).isEqualTo(conflict(read, read.next()));
    }

    @Test
    void aKeepAliveThatExpectsARevisionIsAnOrdinarySubmission() {
        testing.done(registered(3));
        CompletableFuture<Receipt> receipt = submit(read, heard(1));
        testing.host.run();
        assertThat(receipt.join().result()).isEqualTo(conflict(read, read.next()));
    }

    // ---- a later revision than the published one

    @Test
    void aRevisionOfAnotherProcessIsReadBeforeItIsCompared() {
        testing.elsewhere(registered(3));
        CompletableFuture<Receipt> receipt = submit(read.next(), approved(1));
        testing.host.run();
        assertThat(receipt.join().result()).isEqualTo(SubmissionResult.accepted());
        assertThat(receipt.join().revision()).isEqualTo(read.next().next());
    }

    @Test
    void revisionsThatNoCommitMadeAreConflictsAfterOneRead() {
        int before = testing.store.changesRead();
        Revision later = new Revision(99);
        CompletableFuture<Receipt> first = submit(later, registered(3));
        CompletableFuture<Receipt> second = submit(later.next(), registered(4));
        testing.host.run();
        assertThat(first.join().result()).isEqualTo(conflict(later, read));
        assertThat(second.join().result()).isEqualTo(conflict(later.next(), read));
        assertThat(testing.store.changesRead() - before).isEqualTo(1);
    }

    @Test
    void theRevisionThatWhatCameBeforeMakesIsNoReasonToRead() {
        int before = testing.store.changesRead();
        CompletableFuture<Receipt> earlier = testing.submit(registered(3));
        CompletableFuture<Receipt> receipt = submit(read.next(), approved(1));
        testing.host.run();
        assertThat(earlier.join().revision()).isEqualTo(read.next());
        assertThat(receipt.join().result()).isEqualTo(SubmissionResult.accepted());
        assertThat(testing.store.changesRead()).isEqualTo(before);
    }

    @Test
    void aLaterRevisionWaitsWhileTheStoreIsAway() {
        testing.elsewhere(registered(3));
        testing.store.down(true);
        CompletableFuture<Receipt> receipt = submit(read.next(), approved(1));
        testing.host.pass(ControllerFixture.RETRY.longest());
        assertThat(receipt).isNotDone();
        testing.store.down(false);
        testing.host.pass(ControllerFixture.RETRY.longest());
        assertThat(receipt.join().result()).isEqualTo(SubmissionResult.accepted());
    }

    /** Rows that an operator has to mend keep no other submission waiting. */
    @Test
    void aLaterRevisionThatTheStoreRefusesToReadIsAnsweredWithItsException() {
        StorageException refused = new StorageException("refused", new IllegalStateException("test"));
        RouteController controller = RouteController.builder(
                        new ForwardingStore(testing.store) {
                            @Override
                            public Optional<StoredChanges> changes(TailnetId tailnet, Revision since) {
                                throw refused;
                            }
                        },
                        ControllerFixture.TAILNET,
                        testing.host,
                        testing.host)
                .steadyNanos(testing.host::steadyNanos)
                .open();
        CompletableFuture<Receipt> later =
                submitted(controller.submit(by("administrator", registered(3)), read.next()));
        CompletableFuture<Receipt> next = submitted(controller.submit(by("administrator", registered(4))));
        testing.host.run();
        assertThat(failure(later)).isSameAs(refused);
        assertThat(next.join().revision()).isEqualTo(read.next());
    }

    /** The observer is called after a turn refused what is outdated, and before it takes what waits. */
    @Test
    void aSubmissionThatComesInTheMiddleOfATurnIsAConflictToo() {
        ControllerFixture observed = new ControllerFixture();
        List<CompletableFuture<Receipt>> late = new ArrayList<>();
        boolean[] isWatched = {false};
        observed.builder.observer(new RoutingObserver() {
            @Override
            public void queued(TailnetId tailnet, int waiting) {
                if (isWatched[0] && late.isEmpty()) {
                    late.add(submitted(observed.controller.submit(by("administrator", approved(1)), read)));
                }
            }
        });
        observed.open().withRouters();
        assertThat(observed.controller.current().revision()).isEqualTo(read);
        observed.done(registered(3));
        isWatched[0] = true;
        observed.submit(heard(1));
        observed.host.run();

        assertThat(late)
                .singleElement()
                .satisfies(answer -> assertThat(answer.join().result()).isInstanceOf(SubmissionResult.Refused.class));
        assertThat(observed.primary()).contains(new NodeId(1));
        assertThat(observed.controller.current().revision()).isEqualTo(read.next());
    }

    @Test
    void aBatchBeginsWithNoSubmissionThatExpectsAnotherRevision() {
        SubmissionQueue queue = new SubmissionQueue(ControllerFixture.TAILNET, 10, 10, Duration.ZERO);
        HostClock.Reading now = new HostClock.Reading(testing.host.instant(), Duration.ZERO);
        var unused = queue.add(by("administrator", registered(3)), read, now);

        assertThat(queue.take(SubmissionQueue.ALL, null, read.next()).isEmpty()).isTrue();
        assertThat(queue.take(SubmissionQueue.ALL, null, read).all()).hasSize(1);
    }
}
