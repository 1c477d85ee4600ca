package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.FollowedState;
import dev.wayleave.RoutingState;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.PlantedFaults.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commits of other processes, where a function of the library, a listener or an observer fails. */
class FollowingFaultsTest {

    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofSeconds(30);

    private final ControllerFixture testing = new ControllerFixture();
    private final PlantedFaults faults = new PlantedFaults();
    private final List<WayleaveException> failures = new ArrayList<>();

    FollowingFaultsTest() {
        testing.builder
                .functions(new RoutingFunctions() {
                    @Override
                    public FollowedState follow(RoutingState state, RowChanges changes, Instant now) {
                        faults.call("follow");
                        faults.call("follow or reload");
                        return RoutingFunctions.super.follow(state, changes, now);
                    }

                    @Override
                    public RoutingState reload(RoutingState state, StateRows rows, Instant now) {
                        faults.call("follow or reload");
                        return RoutingFunctions.super.reload(state, rows, now);
                    }
                })
                .observer(new RoutingObserver() {
                    @Override
                    public void failed(TailnetId tailnet, WayleaveException cause) {
                        failures.add(cause);
                    }

                    @Override
                    public void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
                        faults.call("observer");
                    }
                })
                .listener(publication -> faults.call("listener"));
    }

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

    private Revision revision() {
        return testing.controller.current().revision();
    }

    @ParameterizedTest
    @EnumSource
    void changesThatCanNeverBeFollowedArePublishedByAReload(Kind kind) {
        testing.builder.following(PERIOD);
        testing.open().withRouters();
        faults.plant("follow", kind);

        for (long node = 10; node < 30; node++) {
            testing.elsewhere(registered(node), advertised(node, LAN));
            testing.host.pass(LATER);
            assertThat(revision())
                    .isEqualTo(testing.store.load(TAILNET).orElseThrow().revision());
        }

        assertThat(failures).isEmpty();
        assertThat(published()).isEqualTo(stored());
        assertThat(testing.done(registered(3)).revision()).isEqualTo(revision());
    }

    @Test
    void afterAReloadChangesAreFollowedAgain() {
        testing.builder.following(PERIOD);
        testing.open().withRouters();
        faults.plantOnce("follow", Kind.ERROR);
        testing.elsewhere(registered(10));
        testing.host.pass(LATER);
        int loads = testing.store.loads();

        testing.elsewhere(registered(11));
        int opening = testing.store.loads() - loads; // of the other process
        testing.host.pass(LATER);

        assertThat(revision()).isEqualTo(new Revision(4));
        assertThat(testing.store.loads() - loads).isEqualTo(opening);
    }

    @Test
    void aControllerThatCanNeitherFollowNorReloadClosesAfterTenTurns() {
        testing.builder.following(PERIOD);
        testing.open().withRouters();
        testing.elsewhere(registered(10));
        faults.plant("follow or reload", Kind.ERROR);

        testing.host.pass(Duration.ofMinutes(2));

        assertThat(faults.calls("follow or reload")).isEqualTo(CommitLoop.MOST_FAILED_TURNS);
        assertThat(failures).hasSize(1).first().isInstanceOf(InternalErrorException.class);
        assertThat(testing.controller.isStale()).isTrue();
        assertThat(failure(testing.submit(heard(1)))).isInstanceOf(InternalErrorException.class);
        assertThat(testing.host.due()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRefreshWithAnInternalErrorIsAnsweredSoAndTheNextTurnReadsAllRows(Kind kind) {
        testing.open().withRouters();
        testing.elsewhere(registered(10));
        faults.plantOnce("follow", kind);

        CompletableFuture<Snapshot> refreshed = testing.controller.refresh().toCompletableFuture();
        testing.host.run();

        assertThat(failure(refreshed))
                .isInstanceOf(InternalErrorException.class)
                .satisfies(error -> assertThat(error.getCause()).isNotNull());
        testing.host.pass(LATER);
        assertThat(revision()).isEqualTo(new Revision(3));
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatThrowsAtAFollowedPublicationStopsNoOther(Kind kind) {
        checkThatFollowingGoesOn("listener", kind);
    }

    @ParameterizedTest
    @EnumSource
    void anObserverThatThrowsAtAFollowedPublicationStopsNoOther(Kind kind) {
        checkThatFollowingGoesOn("observer", kind);
    }

    private void checkThatFollowingGoesOn(String point, Kind kind) {
        List<Publication> afterwards = new ArrayList<>();
        testing.builder.following(PERIOD).listener(afterwards::add);
        testing.open().withRouters();
        faults.plant(point, kind);
        int before = faults.calls(point);

        for (long node = 10; node < 13; node++) {
            testing.elsewhere(registered(node));
            testing.host.pass(PERIOD);
        }

        assertThat(faults.calls(point)).isGreaterThanOrEqualTo(before + 3);
        assertThat(revision()).isEqualTo(new Revision(5));
        assertThat(published()).isEqualTo(stored());
        assertThat(afterwards).isEqualTo(testing.publications);
        assertThat(failures).isEmpty();
    }
}
