package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.ScriptedStore.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that no longer hold what a controller published: the tailnet was deleted, set back or replaced. */
class ControllerHistoryTest {

    private static final Duration LATER = Duration.ofSeconds(30);

    private final ControllerFixture testing = new ControllerFixture();
    private final List<String> calls = new ArrayList<>();

    ControllerHistoryTest() {
        testing.builder.observer(new RoutingObserver() {
            @Override
            public void outageBegan(TailnetId tailnet, Exception cause) {
                calls.add("outage began");
            }

            @Override
            public void outageEnded(TailnetId tailnet, Duration lasted) {
                calls.add("outage ended");
            }

            @Override
            public void failed(TailnetId tailnet, WayleaveException cause) {
                calls.add("failed: " + cause.getMessage());
            }
        });
    }

    private void checkFailed(CompletableFuture<Receipt> receipt, @Nullable Revision found) {
        assertThat(failure(receipt)).isInstanceOfSatisfying(StoreHistoryException.class, history -> {
            assertThat(history.published()).isEqualTo(new Revision(2));
            assertThat(history.found()).isEqualTo(Optional.ofNullable(found));
        });
    }

    private void checkFailedForGood(@Nullable Revision found) {
        checkFailed(testing.submit(registered(50)), found);
        checkFailed(testing.submit(heard(1)), found);
        assertThat(failure(testing.controller.refresh().toCompletableFuture()))
                .isInstanceOf(StoreHistoryException.class);
        assertThat(calls).filteredOn(text -> text.startsWith("failed")).hasSize(1);
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(2));
        assertThat(testing.host.due()).isEmpty();
        testing.controller.close();
        checkFailed(testing.submit(registered(51)), found);
    }

    @Test
    void aTailnetThatWasDeletedFailsWhateverWaitsAndWhateverComesIn() {
        testing.open().withRouters();
        testing.store.delete(TAILNET);
        CompletableFuture<Receipt> one = testing.submit(registered(3));
        CompletableFuture<Receipt> other = testing.submit(heard(1));

        testing.host.pass(LATER);

        checkFailed(one, null);
        checkFailed(other, null);
        assertThat(calls)
                .singleElement()
                .asString()
                .startsWith("failed: ")
                .contains("`example.com`", "revision 2", "deleted");
        checkFailedForGood(null);
        assertThat(testing.store.load(TAILNET)).isEmpty();
    }

    /** The limit that the package describes: what changes no row is answered without the store. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKeepAliveWithoutFollowingIsAcceptedUntilTheNextCommitOrRead(boolean isRead) {
        testing.open().withRouters();
        testing.store.delete(TAILNET);

        for (int i = 0; i < 10; i++) {
            testing.host.pass(LATER);
            for (long node = 1; node <= 2; node++) {
                assertThat(testing.done(heard(node)).result()).isEqualTo(SubmissionResult.accepted());
            }
        }
        assertThat(calls).isEmpty();
        assertThat(testing.controller.isStale()).isFalse();

        CompletableFuture<?> next =
                isRead ? testing.controller.refresh().toCompletableFuture() : testing.submit(registered(3));
        testing.host.pass(LATER);

        assertThat(failure(next)).isInstanceOf(StoreHistoryException.class);
        checkFailedForGood(null);
    }

    @Test
    void aTailnetThatWasSetBackFailsWhateverWaitsAndWhateverComesIn() {
        testing.open().withRouters();
        testing.store.delete(TAILNET);
        testing.elsewhere(registered(9));
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.host.pass(LATER);

        checkFailed(waiting, new Revision(1));
        checkFailedForGood(new Revision(1));
        assertThat(testing.store.load(TAILNET).orElseThrow().rows().nodes()).hasSize(1);
    }

    @Test
    void aTailnetThatWasDeletedAndMadeAgainUpToTheSameRevisionTakesNoCommit() {
        testing.open().withRouters();
        testing.store.delete(TAILNET);
        testing.elsewhere(registered(9));
        testing.elsewhere(registered(10));
        StoredTailnet other = testing.store.load(TAILNET).orElseThrow();
        assertThat(other.revision()).isEqualTo(testing.controller.current().revision());
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.host.pass(LATER);

        checkFailed(waiting, new Revision(2));
        checkFailedForGood(new Revision(2));
        assertThat(testing.store.load(TAILNET)).contains(other);
    }

    @Test
    void aRefreshFindsThatATailnetWasReplacedByAnotherOneOfTheSameRevision() {
        testing.open().withRouters();
        testing.store.delete(TAILNET);
        testing.elsewhere(registered(9));
        testing.elsewhere(registered(10));
        CompletableFuture<Receipt> waiting = testing.submit(heard(1));
        CompletableFuture<Snapshot> refreshed = testing.controller.refresh().toCompletableFuture();

        testing.host.pass(LATER);

        assertThat(failure(refreshed)).isInstanceOf(StoreHistoryException.class);
        checkFailed(waiting, new Revision(2));
        checkFailedForGood(new Revision(2));
    }

    @Test
    void anOutageFirstAndAChangedHistoryAfterwardsIsNoOutageAnyMore() {
        testing.open().withRouters();
        testing.store.down(true);
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));
        testing.host.pass(Duration.ofMinutes(1));
        assertThat(waiting).isNotDone();
        testing.store.delete(TAILNET);
        testing.store.down(false);

        testing.host.pass(LATER);

        checkFailed(waiting, null);
        assertThat(calls)
                .hasSize(3)
                .startsWith("outage began", "outage ended")
                .last()
                .asString()
                .startsWith("failed: ");
        checkFailedForGood(null);
    }

    @Test
    void aCommitInDoubtIsNotInTheHistoryThatTheStoreHasNow() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED);
        CompletableFuture<Receipt> doubtful = testing.submit(registered(3));
        testing.host.run();
        testing.store.delete(TAILNET);

        testing.host.pass(LATER);

        checkFailed(doubtful, null);
        checkFailedForGood(null);
    }

    @Test
    void aControllerThatClosesWhileTheHistoryChangesAnswersWithTheReason() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED);
        CompletableFuture<Receipt> doubtful = testing.submit(registered(3));
        testing.host.run();
        testing.store.delete(TAILNET);

        testing.controller.close();

        checkFailed(doubtful, null);
    }

    @Test
    void aStoreThatIsBehindIsNotWrittenTo() {
        testing.open();
        testing.done(registered(1));
        ScriptedStore.Standby standby = testing.store.standby(TAILNET);
        testing.done(registered(2));
        testing.store.promote(standby);
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.host.pass(LATER);

        checkFailed(waiting, new Revision(1));
        assertThat(testing.store.load(TAILNET)).contains(standby.stored());
    }

    @Test
    void aStoreThatIsAheadWithoutThePublishedRevisionIsNotTaken() {
        testing.open();
        testing.done(registered(1));
        ScriptedStore.Standby standby = testing.store.standby(TAILNET);
        testing.done(registered(2));
        testing.store.promote(standby);
        testing.elsewhere(registered(9));
        testing.elsewhere(registered(10));
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.host.pass(LATER);

        checkFailed(waiting, new Revision(3));
        assertThat(calls)
                .singleElement()
                .asString()
                .startsWith("failed: ")
                .contains("`example.com`", "revision 2", "at revision 3");
        checkFailedForGood(new Revision(3));
    }

    @Test
    void aStoreThatIsAheadWithThePublishedRevisionIsTaken() {
        testing.open().withRouters();
        testing.elsewhere(registered(9));
        testing.elsewhere(registered(10));

        assertThat(testing.submit(registered(3))).isNotDone();
        testing.host.pass(LATER);

        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(5));
        assertThat(calls).isEmpty();
    }

    @Test
    void aStoreWithATooShortLogIsAcceptedWithAWarning() {
        testing.open().withRouters();
        testing.elsewhere(registered(9));
        testing.elsewhere(registered(10));
        testing.store.shortenLog(TAILNET, 1);

        LogRecords log = LogRecords.begin();
        try {
            testing.controller.refresh();
            testing.host.run();
        } finally {
            log.close();
        }

        assertThat(log.records())
                .singleElement()
                .extracting(LogRecord::getMessage)
                .asString()
                .contains("revision 2", "tailnet " + TAILNET, "revision 4");
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(4));
    }

    @Test
    void aTailnetThatWasNeverStoredHasNoHistoryToLose() {
        testing.open();

        testing.controller.refresh();
        testing.host.run();

        assertThat(testing.controller.submit(by("test", registered(1))).toCompletableFuture())
                .isNotDone();
        testing.host.run();
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(1));
        assertThat(calls).isEmpty();
    }

    // ---- owned and shared tailnets

    private Replica joined(String id) {
        ManualHost host = testing.host;
        return Replica.join(testing.store, new ReplicaId(id), host, host, LeaseRule.DEFAULT, host::steadyNanos);
    }

    /** Two replicas had the tailnet one after the other, so that it has a later epoch than a new one. */
    private void openWithAnEpoch(boolean isShared) {
        RouteController former =
                testing.builder().replica(joined("former")).takeOver().open();
        var unused = former.submit(by("former", registered(1)));
        testing.host.run();
        former.close();
        testing.builder.replica(joined("one"));
        if (isShared) {
            testing.builder.shared();
        }
        testing.open().done(registered(2));
        assertThat(testing.store.owner(TAILNET).orElseThrow().epoch()).isGreaterThan(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTailnetWithOwnersThatWasDeletedAndMadeAgainFailsForItsHistory(boolean isShared) {
        openWithAnEpoch(isShared);
        testing.store.delete(TAILNET);
        testing.elsewhere(registered(9));
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.host.pass(LATER);

        checkFailed(waiting, new Revision(1));
        checkFailed(testing.submit(heard(1)), new Revision(1));
        assertThat(calls).hasSize(1).first().asString().contains("set back", "revision 1");
    }

    /** The store answers the commit, and not the question after it. */
    @Test
    void aTailnetMadeAgainFailsForItsHistoryAlsoIfTheStoreCannotBeAskedAtOnce() {
        openWithAnEpoch(false);
        testing.store.delete(TAILNET);
        testing.elsewhere(registered(9));
        testing.store.afterFenced(() -> testing.store.down(true));
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));
        testing.host.run();
        assertThat(waiting).isNotDone();

        testing.store.afterFenced(() -> {});
        testing.store.down(false);
        testing.host.pass(LATER);

        checkFailed(waiting, new Revision(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTailnetMadeAgainUpToTheSameRevisionFailsForItsHistory(boolean isShared) {
        openWithAnEpoch(isShared);
        testing.store.delete(TAILNET);
        RouteController other = testing.builder().replica(joined("other")).open();
        for (long node = 10; node < 12; node++) {
            var unused = other.submit(by("other", registered(node)));
            testing.host.run();
        }
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.host.pass(LATER);

        checkFailed(waiting, new Revision(2));
    }

    @Test
    void anOwnerWhoseTailnetWasTakenOverIsFencedAlsoWhereTheLogSaysNothing() {
        testing.builder.replica(joined("one"));
        testing.open().done(registered(1));
        testing.store.own(TAILNET, 1, new ReplicaId("two")).orElseThrow();
        testing.store.shortenLog(TAILNET, 0);
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.host.pass(LATER);

        assertThat(failure(waiting)).isInstanceOf(FencedException.class);
    }

    @Test
    void anotherControllerTakesWhatTheStoreHas() {
        testing.open().withRouters();
        testing.store.delete(TAILNET);
        testing.submit(registered(3));
        testing.host.pass(LATER);
        testing.controller.close();

        testing.open();

        assertThat(testing.done(registered(3)).revision()).isEqualTo(new Revision(1));
        assertThat(testing.controller.current().state().nodes()).hasSize(1);
    }
}
