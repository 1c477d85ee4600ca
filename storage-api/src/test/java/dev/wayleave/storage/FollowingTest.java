package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.RETRY;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.ScriptedStore.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another process commits is published with its events, and a controller that follows looks for it by itself. */
class FollowingTest {

    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Prefix OTHER = Prefix.parse("10.9.0.0/16");

    private final ControllerFixture testing = new ControllerFixture();

    /** Another process makes a commit with two events: a node advertises a prefix, which is not approved. */
    private void advertisedElsewhere(long node) {
        testing.elsewhere(registered(node), advertised(node, OTHER));
    }

    /** The events that the store keeps. */
    private List<PublishedEvent> stored() {
        return testing.store.events(TAILNET, EventPosition.START, Integer.MAX_VALUE).stream()
                .map(event -> new PublishedEvent(event.at(), event.event(), event.position()))
                .toList();
    }

    private List<PublishedEvent> published() {
        return testing.publications.stream()
                .flatMap(publication -> publication.events().stream())
                .toList();
    }

    private Publication last() {
        return testing.publications.get(testing.publications.size() - 1);
    }

    private Snapshot refreshed() {
        CompletableFuture<Snapshot> refreshed = testing.controller.refresh().toCompletableFuture();
        testing.host.run();
        return refreshed.join();
    }

    private List<String> logOf(Runnable work) {
        LogRecords log = LogRecords.begin();
        try {
            work.run();
        } finally {
            log.close();
        }
        return log.records().stream().map(LogRecord::getMessage).toList();
    }

    // ---- events of other processes

    @Test
    void eventsOfSeveralCommitsComeWithOnePublicationInTheOrderOfTheirPositions() {
        testing.open().withRouters();
        testing.elsewhere(approved(1));
        advertisedElsewhere(9);

        List<String> log = logOf(this::refreshed);

        assertThat(last().after().revision()).isEqualTo(new Revision(4));
        assertThat(last().events())
                .extracting(event -> event.position().orElseThrow().revision().value())
                .contains(3L, 4L)
                .isSorted();
        assertThat(published()).isEqualTo(stored());
        assertThat(log).isEmpty();
    }

    @Test
    void eventsAfterAConflictComeBeforeThoseOfTheOwnCommit() {
        testing.open().withRouters();
        advertisedElsewhere(9);

        testing.submit(registered(3), advertised(3, OTHER));
        testing.host.pass(Duration.ofSeconds(1));

        assertThat(testing.store.locks()).isEqualTo(1);
        assertThat(published()).isEqualTo(stored());
    }

    @Test
    void eventsOfACommitThatComesBetweenTheReadsOfRowsAndEventsWaitForItsRows() {
        testing.open().withRouters();
        advertisedElsewhere(9);
        AtomicBoolean isOver = new AtomicBoolean();
        testing.store.afterChanges(() -> {
            if (!isOver.getAndSet(true)) {
                advertisedElsewhere(10);
            }
        });

        assertThat(refreshed().revision()).isEqualTo(new Revision(3));
        assertThat(last().events())
                .isNotEmpty()
                .allMatch(event -> event.position().orElseThrow().revision().equals(new Revision(3)));

        assertThat(refreshed().revision()).isEqualTo(new Revision(4));
        assertThat(published()).isEqualTo(stored());
    }

    @Test
    void eventsComeWithAllRowsWhereTheStoreDoesNotKnowWhatChanged() {
        testing.open().withRouters();
        advertisedElsewhere(9);
        advertisedElsewhere(10);
        testing.store.shortenLog(TAILNET, 1);

        refreshed();

        assertThat(last().touched()).isEmpty();
        assertThat(published()).isEqualTo(stored());
    }

    @Test
    void eventsOfACommitInDoubtComeOnceAndThenThoseOfTheCommitsAfterIt() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED);
        testing.submit(registered(3), advertised(3, OTHER));
        testing.host.run();
        advertisedElsewhere(9);

        testing.host.pass(Duration.ofSeconds(10));

        assertThat(published()).isEqualTo(stored());
    }

    @Test
    void eventsOfACommitThatAnotherCommitConfirmsHaveTheRevisionThatItMade() {
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_LANDED);
        testing.submit(registered(3), advertised(3, OTHER));

        testing.host.pass(Duration.ofSeconds(10));

        assertThat(last().after().revision()).isEqualTo(new Revision(4));
        assertThat(published()).isEqualTo(stored());
    }

    @Test
    void eventsThatAreReadPageByPageAreAllThere() {
        testing.open().withRouters();
        for (int events : new int[] {FollowedEvents.PAGE - 1, FollowedEvents.PAGE + 1, 3}) {
            testing.store.commit(withEvents(events));
        }

        refreshed();

        assertThat(last().events()).hasSize(2 * FollowedEvents.PAGE + 3);
        assertThat(published()).isEqualTo(stored());
    }

    /** The next commit, with as many events, and without rows. */
    private Commit withEvents(int events) {
        StoredTailnet now = testing.store.load(TAILNET).orElseThrow();
        return new Commit(
                TAILNET,
                now.revision(),
                now.token(),
                CommitToken.random(),
                testing.host.instant(),
                RowChanges.none(),
                Collections.nCopies(events, stored().get(0).event()));
    }

    @Test
    void ofTooManyEventsListenersGetTheNewestAndTheLogSaysHowManyAreLeftOut() {
        testing.open().withRouters();
        advertisedElsewhere(9);
        advertisedElsewhere(10);
        Listeners listeners = new Listeners(TAILNET, List.of(publication -> {}), List.of());
        listeners.start(testing.controller.current());
        FollowedEvents limited = new FollowedEvents(TAILNET, new TailnetAccess(testing.store, TAILNET), listeners, 3);
        List<PublishedEvent> read = new ArrayList<>();

        List<String> log = logOf(() -> read.addAll(limited.between(null, new Revision(2), new Revision(4))));

        List<PublishedEvent> all = stored();
        assertThat(read).isEqualTo(all.subList(all.size() - 3, all.size()));
        assertThat(log).singleElement().asString().contains("the oldest 1 events");
    }

    @Test
    void eventsThatTheStoreHasForgottenAreLeftOutAndTheLogSaysSo() {
        testing.open().withRouters();
        advertisedElsewhere(9);
        advertisedElsewhere(10);
        testing.store.forgetEvents(TAILNET, new EventPosition(new Revision(4), 0));

        List<String> log = logOf(this::refreshed);

        assertThat(last().events()).isNotEmpty().isEqualTo(stored());
        assertThat(log).singleElement().asString().contains("forgotten", "example.com");
    }

    @Test
    void theLogSaysThatTheStoreHasForgottenAllEventsOrAPartOfThoseOfACommit() {
        testing.open().withRouters();
        advertisedElsewhere(9);
        testing.store.forgetEvents(TAILNET, EventPosition.END);
        assertThat(logOf(this::refreshed)).singleElement().asString().contains("forgotten");
        assertThat(last().events()).isEmpty();

        advertisedElsewhere(10);
        testing.store.forgetEvents(TAILNET, new EventPosition(new Revision(4), 1));
        assertThat(logOf(this::refreshed)).singleElement().asString().contains("forgotten");
        assertThat(last().events()).isNotEmpty().isEqualTo(stored());
    }

    @Test
    void aStoreThatHasForgottenOnlyEventsThatWerePublishedSaysNothing() {
        testing.open().withRouters();
        testing.store.forgetEvents(TAILNET, EventPosition.END);
        advertisedElsewhere(9);

        assertThat(logOf(this::refreshed)).isEmpty();
        assertThat(last().events()).isEqualTo(stored());
    }

    @Test
    void routesDoNotWaitForEventsThatCannotBeRead() {
        testing.open().withRouters();
        advertisedElsewhere(9);
        testing.store.damagedEvents(true);

        List<String> log = logOf(() -> assertThat(refreshed().revision()).isEqualTo(new Revision(3)));

        assertThat(last().events()).isEmpty();
        assertThat(log).singleElement().asString().contains("cannot be read");
    }

    @Test
    void aStoreThatGoesAwayBetweenRowsAndEventsIsReadAgainAndNoEventIsMissed() {
        testing.open().withRouters();
        advertisedElsewhere(9);
        testing.store.afterChanges(() -> testing.store.down(true));
        CompletableFuture<Snapshot> failed = testing.controller.refresh().toCompletableFuture();
        testing.host.run();
        assertThat(failure(failed)).isInstanceOf(StorageUnavailableException.class);
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(2));

        testing.store.afterChanges(() -> {});
        testing.store.down(false);
        refreshed();

        assertThat(published()).isEqualTo(stored());
    }

    @Test
    void withoutAListenerNoEventsAreRead() {
        RouteController controller = RouteController.builder(testing.store, TAILNET, testing.host, testing.host)
                .steadyNanos(testing.host::steadyNanos)
                .retry(RETRY)
                .open();
        testing.controller = controller;
        advertisedElsewhere(9);

        assertThat(refreshed().revision()).isEqualTo(new Revision(1));
        assertThat(testing.store.eventsRead()).isZero();

        controller.addListener(testing.publications::add);
        testing.host.run();
        advertisedElsewhere(10);
        assertThat(logOf(this::refreshed)).isEmpty();
        assertThat(last().events()).isEqualTo(stored().subList(2, 4));
    }

    @Test
    void observersGetOnlyTheMovesThatThisProcessDecided() {
        List<RouteEvent> observed = new ArrayList<>();
        testing.builder.observer(new RoutingObserver() {
            @Override
            public void moved(TailnetId tailnet, RouteEvent.PrimaryMoved move) {
                observed.add(move);
            }
        });
        testing.open().withRouters();
        testing.elsewhere(approved(1));

        refreshed();

        assertThat(ControllerFixture.events(List.of(last()))).hasAtLeastOneElementOfType(RouteEvent.PrimaryMoved.class);
        assertThat(observed).isEmpty();
    }

    // ---- a controller that follows

    private int readsWhile(Runnable work) {
        int before = testing.store.changesRead();
        work.run();
        return testing.store.changesRead() - before;
    }

    @Test
    void aControllerThatFollowsPublishesWhatAnotherProcessCommitsWithinAPeriod() {
        testing.builder.following(PERIOD);
        testing.open().withRouters();
        advertisedElsewhere(9);

        testing.host.pass(PERIOD);

        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(3));
        assertThat(published()).isEqualTo(stored());
    }

    @Test
    void itReadsOnceInEachPeriodAndOneThatDoesNotFollowReadsNothing() {
        testing.open().done(registered(1));
        assertThat(readsWhile(() -> testing.host.pass(Duration.ofMinutes(2)))).isZero();

        testing.controller.close();
        testing.builder.following(PERIOD);
        testing.open();
        assertThat(readsWhile(() -> testing.host.pass(Duration.ofMinutes(2)))).isEqualTo(24);
    }

    @Test
    void jitterTakesUpToAHalfOfThePeriod() {
        testing.builder.following(PERIOD).random(() -> 1);
        testing.open().withRouters();
        assertThat(readsWhile(() -> testing.host.pass(PERIOD))).isEqualTo(2);
    }

    @Test
    void aCommitOrAnotherReadBeginsThePeriodAnew() {
        testing.builder.following(PERIOD);
        testing.open().withRouters();
        assertThat(readsWhile(() -> {
                    for (long node = 10; node < 20; node++) {
                        testing.host.pass(Duration.ofSeconds(3));
                        testing.done(registered(node));
                    }
                }))
                .as("reads while it commits every 3 s")
                .isZero();
        testing.host.pass(Duration.ofSeconds(3));
        refreshed();
        assertThat(readsWhile(() -> testing.host.pass(Duration.ofSeconds(4)))).isZero();
        assertThat(readsWhile(() -> testing.host.pass(Duration.ofSeconds(1)))).isEqualTo(1);
    }

    @Test
    void aSubmissionThatStoresNothingDoesNotPutTheReadOff() {
        testing.builder.following(PERIOD);
        testing.open().withRouters();
        assertThat(readsWhile(() -> {
                    for (int i = 0; i < 10; i++) {
                        testing.host.pass(Duration.ofSeconds(3));
                        testing.done(heard(1), heard(2));
                    }
                }))
                .isEqualTo(6);
    }

    @Test
    void aStoreThatIsAwayIsLoggedOnceAndReadAgainWhenItIsBack() {
        testing.builder.following(PERIOD);
        testing.open().withRouters();
        advertisedElsewhere(9);
        testing.store.down(true);
        List<String> away = logOf(() -> testing.host.pass(PERIOD.multipliedBy(4)));
        assertThat(away).singleElement().asString().contains("cannot be read");

        testing.store.down(false);
        List<String> back = logOf(() -> testing.host.pass(PERIOD.multipliedBy(4)));

        assertThat(back).singleElement().asString().contains("again", "revision 3");
        assertThat(published()).isEqualTo(stored());
    }

    @Test
    void aStoreWithAnotherHistoryIsNoticedWithoutACaller() {
        testing.builder.following(PERIOD);
        testing.open().withRouters();
        testing.store.delete(TAILNET);

        testing.host.pass(PERIOD);

        assertThat(testing.controller.isStale()).isTrue();
        assertThat(testing.host.due()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT24H0.001S"})
    void aPeriodThatIsNotPositiveOrLongerThanADayIsRefused(Duration period) {
        assertThatThrownBy(() -> testing.builder.following(period))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`" + period + "`");
    }

    // ---- refreshes

    @Test
    void aRefreshToARevisionThatIsPublishedReadsNothing() {
        testing.open().withRouters();
        advertisedElsewhere(9);

        assertThat(readsWhile(() -> {
                    CompletableFuture<Snapshot> known =
                            testing.controller.refresh(new Revision(2)).toCompletableFuture();
                    testing.host.run();
                    assertThat(known.join().revision()).isEqualTo(new Revision(2));
                }))
                .isZero();
        assertThat(readsWhile(() -> {
                    CompletableFuture<Snapshot> news =
                            testing.controller.refresh(new Revision(3)).toCompletableFuture();
                    testing.host.run();
                    assertThat(news.join().revision()).isEqualTo(new Revision(3));
                }))
                .isEqualTo(1);
    }

    @Test
    void aRefreshToTheRevisionOfAnOwnCommitThatIsNotAnsweredYetReadsNothing() {
        testing.open().withRouters();
        testing.store.beforeEach(
                commit -> testing.controller.refresh(commit.expected().next()));
        assertThat(readsWhile(() -> testing.done(registered(3)))).isZero();
    }

    @Test
    void refreshesThatWaitTogetherReadOnceAndAsFarAsOneOfThemAsks() {
        testing.open().withRouters();
        advertisedElsewhere(9);
        assertThat(readsWhile(() -> {
                    List<CompletableFuture<Snapshot>> answers = List.of(
                            testing.controller.refresh(new Revision(3)).toCompletableFuture(),
                            testing.controller.refresh(new Revision(1)).toCompletableFuture(),
                            testing.controller.refresh().toCompletableFuture());
                    testing.host.run();
                    assertThat(answers)
                            .allMatch(answer -> answer.join().revision().equals(new Revision(3)));
                }))
                .isEqualTo(1);
    }

    @Test
    void refreshesThatComeDuringAReadLeadToOneMore() {
        testing.open().withRouters();
        AtomicBoolean isOver = new AtomicBoolean();
        testing.store.afterChanges(() -> {
            for (int i = 0; i < 5 && !isOver.get(); i++) {
                testing.controller.submit(by("test", heard(1)));
                testing.controller.refresh(new Revision(3));
            }
            isOver.set(true);
        });
        assertThat(readsWhile(this::refreshed)).isEqualTo(2);
    }

    @Test
    void withoutNewsAReadPublishesNothing() {
        testing.builder.following(PERIOD);
        testing.open().withRouters();
        int publications = testing.publications.size();
        testing.host.pass(PERIOD.multipliedBy(3));
        assertThat(testing.publications).hasSize(publications);
        assertThat(testing.store.eventsRead()).isZero();
    }

    @Test
    void ownEventsThatAreStoredHavePositionsAndThoseThatAreNotHaveNone() {
        testing.open().withRouters();
        assertThat(published()).isEqualTo(stored());
        testing.done(registered(3));
        testing.done(ControllerFixture.connected(3));
        assertThat(last().events()).singleElement().satisfies(online -> {
            assertThat(online.event()).isInstanceOf(RouteEvent.NodeOnline.class);
            assertThat(online.position()).isEmpty();
        });
        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(testing.controller.current().state().routes()).containsOnlyKeys(LAN);
    }
}
