package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.ScriptedStore.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Several who write to one tailnet. */
class ControllerConflictTest {

    private static final Prefix OTHER = Prefix.parse("10.9.0.0/16");

    private final ControllerFixture testing = new ControllerFixture();

    @Test
    void afterAConflictTheOtherRowsArePublishedAndTheStepIsDecidedAgain() {
        testing.open().withRouters();
        testing.elsewhere(registered(9));
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.pass(Duration.ofSeconds(1));

        assertThat(receipt.join().revision()).isEqualTo(new Revision(4));
        assertThat(testing.controller.current().state().nodes()).hasSize(4);
        Publication followed = testing.publications.get(2);
        assertThat(followed.after().revision()).isEqualTo(new Revision(3));
        assertThat(followed.touched().orElseThrow().nodes()).containsExactly(new NodeId(9));
        assertThat(followed.events()).as("a registration is not an event").isEmpty();
        assertThat(testing.store.load(TAILNET).orElseThrow().rows())
                .isEqualTo(testing.controller.current().state().rows());
    }

    @Test
    void ofCommitsOfOtherProcessesOnlyTheChangedRowsAreRead() {
        testing.open().withRouters();
        testing.elsewhere(registered(9));
        testing.elsewhere(new Command.RemoveNode(new NodeId(2)));
        int loads = testing.store.loads();

        CompletableFuture<Snapshot> refreshed = testing.controller.refresh().toCompletableFuture();
        testing.host.run();

        assertThat(testing.store.loads()).isEqualTo(loads);
        assertThat(refreshed.join().revision()).isEqualTo(new Revision(4));
        assertThat(refreshed.join().state().rows())
                .isEqualTo(testing.store.load(TAILNET).orElseThrow().rows());
    }

    @Test
    void allRowsAreReadWhereTheStoreDoesNotKnowWhatChanged() {
        testing.open().withRouters();
        testing.elsewhere(registered(9));
        testing.store.shortenLog(TAILNET, 1);
        int loads = testing.store.loads();

        CompletableFuture<Snapshot> refreshed = testing.controller.refresh().toCompletableFuture();
        testing.host.run();

        assertThat(testing.store.loads()).isEqualTo(loads + 1);
        assertThat(refreshed.join().state().nodes()).hasSize(3);
    }

    @Test
    void anOldDecisionIsNeverSentAgain() {
        testing.open().withRouters();
        testing.elsewhere(new Command.RemoveNode(new NodeId(2)));
        CompletableFuture<Receipt> receipt = testing.submit(advertised(2, LAN, Prefix.parse("10.9.0.0/16")));

        testing.host.pass(Duration.ofSeconds(1));

        assertThat(receipt.join().result()).isInstanceOf(SubmissionResult.Refused.class);
        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
    }

    @Test
    void timesOfKeepAlivesAreKeptOverAReload() {
        testing.open().withRouters();
        testing.host.pass(Duration.ofSeconds(100));
        testing.done(heard(1), heard(2));
        testing.elsewhere(registered(9));

        testing.done(new Command.PassTime());
        testing.submit(registered(3));
        testing.host.pass(Duration.ofSeconds(100));

        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(testing.controller
                        .current()
                        .state()
                        .node(new NodeId(1))
                        .orElseThrow()
                        .liveness())
                .isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aNodeThatComesWithAReloadHasItsGraceFromThenOn() {
        testing.open().withRouters();
        testing.elsewhere(registered(9), connected(9), advertised(9, OTHER), approved(9, OTHER));
        testing.host.oversleep(Duration.ofSeconds(59));

        testing.controller.refresh();
        testing.host.pass(Duration.ofSeconds(59));
        assertThat(testing.controller.current().state().primary(OTHER)).contains(new NodeId(9));
        testing.host.pass(Duration.ofSeconds(1));

        assertThat(testing.controller.current().state().primary(OTHER)).isEmpty();
    }

    @Test
    void aLostRaceForALockIsTriedAgainOnTheSameRevision() {
        testing.open().withRouters();
        testing.store.next(Fault.CONFLICT, Fault.CONFLICT);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.pass(Duration.ofSeconds(1));

        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
        assertThat(testing.publications).hasSize(3);
    }

    @Test
    void afterAConflictAndOnlyThenItIsDecidedUnderTheLockOfTheTailnet() {
        testing.open().withRouters();
        testing.elsewhere(registered(9));
        assertThat(testing.store.locks()).isZero();
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.pass(Duration.ofSeconds(1));
        assertThat(receipt.join().revision()).isEqualTo(new Revision(4));
        assertThat(testing.store.locks()).isEqualTo(1);

        testing.done(registered(4));
        assertThat(testing.store.locks()).isEqualTo(1);
    }

    @Test
    void theHostIsCalledOnceTheLockIsFreeAndInTheSameOrder() {
        List<String> calls = new ArrayList<>();
        testing.builder.listener(
                publication -> calls.add("revision " + publication.after().revision() + isLocked()));
        testing.open().withRouters();
        testing.elsewhere(registered(9));
        calls.clear();
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        receipt.thenAccept(answer -> calls.add("receipt " + answer.revision() + isLocked()));
        testing.controller.refresh().thenAccept(answer -> calls.add("refresh " + answer.revision() + isLocked()));

        testing.host.pass(Duration.ofSeconds(1));

        assertThat(calls).containsExactly("revision 3", "refresh 3", "receipt 4", "revision 4");
    }

    private String isLocked() {
        return testing.store.isLocked() ? " under the lock" : "";
    }

    @Test
    void aTailnetThatCannotBeLockedIsDecidedWithout() {
        testing.open().withRouters();
        testing.elsewhere(registered(9));
        testing.store.lockable(false);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.pass(Duration.ofSeconds(1));

        assertThat(receipt.join().revision()).isEqualTo(new Revision(4));
        assertThat(testing.store.locks()).isZero();
    }

    @Test
    void aCommitInDoubtIsSettledWithoutTheLock() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LATE, Fault.CONFLICT);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.pass(Duration.ofSeconds(10));

        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
        assertThat(testing.store.locks()).isZero();
    }

    @Test
    void tooManyConflictsEndInANamedFailureAndTheNextSubmissionIsTriedAnew() {
        testing.open().withRouters();
        testing.store.next(Fault.CONFLICT, Fault.CONFLICT, Fault.CONFLICT);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.pass(Duration.ofSeconds(10));

        assertThat(failure(receipt))
                .isInstanceOf(TooManyConflictsException.class)
                .hasMessageContaining("met 3 conflicts");
        assertThat(testing.done(registered(4)).revision()).isEqualTo(new Revision(3));
        assertThat(testing.controller.current().state().node(new NodeId(3))).isEmpty();
    }

    @Test
    void theFirstCommitsOfATailnetMeetAsWell() {
        testing.open();
        testing.elsewhere(registered(9));
        CompletableFuture<Receipt> receipt = testing.submit(registered(1));

        testing.host.pass(Duration.ofSeconds(1));

        assertThat(receipt.join().revision()).isEqualTo(new Revision(2));
        assertThat(testing.controller.current().state().nodes()).hasSize(2);
    }

    @Test
    void pausesDoubleUpToTheLongestAndJitterTakesUpToAHalf() {
        RetryRule rule = new RetryRule(9, Duration.ofMillis(10), Duration.ofMillis(70));

        assertThat(rule.pause(1, 0)).isEqualTo(Duration.ofMillis(10));
        assertThat(rule.pause(3, 0)).isEqualTo(Duration.ofMillis(40));
        assertThat(rule.pause(4, 0)).isEqualTo(Duration.ofMillis(70));
        assertThat(rule.pause(Integer.MAX_VALUE, 1)).isEqualTo(Duration.ofMillis(35));
    }

    @Test
    void pausesAfterConflictsStayShortSoThatTwentyOfThemAreOverWithinASecond() {
        RetryRule rule = RetryRule.DEFAULT;
        Duration inAll = Duration.ZERO;
        for (int conflicts = 1; conflicts <= rule.conflicts(); conflicts++) {
            inAll = inAll.plus(rule.pauseAfterConflict(conflicts, 0));
        }
        assertThat(inAll).isLessThan(Duration.ofSeconds(1));
        assertThat(new RetryRule(9, Duration.ofMillis(10), Duration.ofMillis(30)).pauseAfterConflict(9, 0))
                .isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void aRefreshPublishesTheCommitOfAnotherProcess() {
        testing.open().withRouters();
        testing.elsewhere(approved(2, LAN), registered(9));
        CompletableFuture<Snapshot> refreshed = testing.controller.refresh().toCompletableFuture();

        testing.host.run();

        assertThat(refreshed.join().revision()).isEqualTo(new Revision(3));
        assertThat(refreshed.join()).isSameAs(testing.controller.current());
        assertThat(testing.controller.current().state().node(new NodeId(9))).isPresent();
    }

    @Test
    void aRefreshWithoutNewsPublishesNothingAndWithoutAStoreFailsAlone() {
        testing.open().withRouters();
        int publications = testing.publications.size();
        CompletableFuture<Snapshot> idle = testing.controller.refresh().toCompletableFuture();
        testing.host.run();
        assertThat(idle.join().revision()).isEqualTo(new Revision(2));
        assertThat(testing.publications).hasSize(publications);

        testing.store.down(true);
        CompletableFuture<Snapshot> failed = testing.controller.refresh().toCompletableFuture();
        testing.host.run();

        assertThat(failure(failed)).isInstanceOf(StorageUnavailableException.class);
        assertThat(Optional.of(testing.done(heard(1)).revision())).contains(new Revision(2));
    }
}
