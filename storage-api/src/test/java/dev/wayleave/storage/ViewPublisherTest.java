package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.ViewerRoutes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a host sends to its nodes: first the views, then each difference, none twice and none left out. */
class ViewPublisherTest {

    private static final RoutingState ANOTHER_TAILNET =
            RoutingState.empty(new TailnetId("other.example"), RoutingSettings.DEFAULT, ManualHost.START);

    private final ControllerFixture testing = new ControllerFixture();
    private final List<PublishedViews> started = new ArrayList<>();
    private final List<ViewPublication> published = new ArrayList<>();

    /** How many of the next calls fail, after they were heard. */
    private int failures;

    private final ViewPublisher publisher = new ViewPublisher(new ViewListener() {
        @Override
        public void started(PublishedViews whole) {
            started.add(whole);
            fail();
        }

        @Override
        public void published(ViewPublication publication) {
            published.add(publication);
            fail();
        }
    });

    private void fail() {
        if (failures > 0) {
            failures--;
            throw new IllegalStateException("test");
        }
    }

    private ViewPublication last() {
        return published.get(published.size() - 1);
    }

    private List<PeerChange> peers(long viewer) {
        return last().changes().of(new NodeId(viewer)).orElseThrow().peers();
    }

    @Test
    void theFirstViewsComeFirstAndThenEachDifferenceFromTheLast() {
        testing.builder.listener(publisher);
        testing.open().withRouters();

        assertThat(started).hasSize(1);
        assertThat(started.get(0).revision()).isEqualTo(Revision.NONE);
        assertThat(published.get(0).before()).isSameAs(started.get(0));
        assertThat(published.get(1).before()).isSameAs(published.get(0).after());
        assertThat(publisher.current()).contains(last().after());
        assertThat(last().after().views().state())
                .isSameAs(testing.controller.current().state());
        assertThat(last().after().revision()).isEqualTo(new Revision(2));
        assertThat(last().changes().of(new NodeId(1)).orElseThrow().peers())
                .singleElement()
                .isInstanceOf(PeerChange.Added.class);
        assertThat(last().events())
                .extracting(PublishedEvent::event)
                .hasAtLeastOneElementOfType(RouteEvent.RouteApproved.class);
    }

    @Test
    void aNodeThatIsNoRouterGoesOnAndOfflineForItsPeersAndNothingIsStored() {
        testing.builder.listener(publisher);
        testing.open().withRouters().done(registered(3));
        Revision before = testing.controller.current().revision();
        Set<NodeFact> online = Set.of(NodeFact.ONLINE);

        testing.done(connected(3));
        assertThat(peers(1)).containsExactly(new PeerChange.Changed(new NodeId(3), new TreeSet<>(online)));
        assertThat(last().changes().viewers()).doesNotContain(new NodeId(3));

        testing.done(disconnected(3));
        assertThat(last().changes().isEmpty()).isTrue();
        testing.host.pass(Duration.ofSeconds(15));
        assertThat(peers(1)).containsExactly(new PeerChange.Changed(new NodeId(3), new TreeSet<>(online)));
        assertThat(last().events()).singleElement().satisfies(offline -> {
            assertThat(offline.event()).isInstanceOf(RouteEvent.NodeOffline.class);
            assertThat(offline.position()).as("it is not stored").isEmpty();
        });
        assertThat(testing.controller.current().revision()).isEqualTo(before);
    }

    @Test
    void everyEventOfAStepThatMadeARevisionIsStoredPresenceIncluded() {
        testing.open().withRouters();
        testing.done(registered(3), connected(3));
        Commit last = testing.store.written().get(testing.store.written().size() - 1);
        assertThat(last.events()).extracting(RouteEvent::kind).contains("node-online");
        Publication publication = testing.publications.get(testing.publications.size() - 1);
        assertThat(ControllerFixture.events(List.of(publication)).toList()).isEqualTo(last.events());
    }

    @Test
    void rowsThatAnotherProcessWroteAreADifferenceToo() {
        testing.builder.listener(publisher);
        testing.open().withRouters();
        testing.elsewhere(approved(1));
        testing.controller.refresh();
        testing.host.run();

        assertThat(last().events())
                .extracting(PublishedEvent::event)
                .hasAtLeastOneElementOfType(RouteEvent.PrimaryMoved.class);
        assertThat(last().changes().of(new NodeId(2)).orElseThrow().self().primaryGained())
                .containsExactly(LAN);
        assertThat(last().after().views().viewer(new NodeId(2)).map(ViewerRoutes::selfPrimary))
                .contains(new TreeSet<>(Set.of(LAN)));
    }

    @Test
    void aPublisherThatIsAddedLaterStartsWithWhatIsPublishedThen() {
        testing.open().withRouters();
        testing.controller.addListener(publisher);
        testing.done(advertised(1));
        assertThat(started.get(0).revision()).isEqualTo(new Revision(2));
        assertThat(published).singleElement();
        assertThat(last().changes().of(new NodeId(2)).orElseThrow().self().primaryGained())
                .containsExactly(LAN);
    }

    /** The last call has the whole views, and the events of all publications from one on. */
    private void assertWhole(int publication) {
        PublishedViews whole = started.get(started.size() - 1);
        assertThat(whole.views().state()).isSameAs(testing.controller.current().state());
        assertThat(whole.revision()).isEqualTo(testing.controller.current().revision());
        assertThat(last().before()).isSameAs(whole);
        assertThat(last().after().views().state()).isSameAs(whole.views().state());
        assertThat(last().changes().isEmpty()).isTrue();
        assertThat(last().events())
                .isNotEmpty()
                .isEqualTo(testing.publications.stream()
                        .skip(publication)
                        .flatMap(each -> each.events().stream())
                        .toList());
        assertThat(publisher.current()).contains(last().after());
    }

    private void doneWith(long node) {
        testing.done(registered(node), connected(node), advertised(node, LAN), approved(node, LAN));
    }

    @Test
    void afterAStartThatFailedTheNextPublicationHandsOverWholeViewsAndItsEvents() {
        failures = 1;
        testing.builder.listener(publisher);
        testing.open();
        doneWith(1);
        assertThat(started).hasSize(2);
        assertThat(published).hasSize(1);
        assertWhole(0);
    }

    @Test
    void afterAFailedPublicationTheNextHandsOverWholeViewsAndTheEventsOfBoth() {
        testing.builder.listener(publisher);
        testing.open();
        doneWith(1);
        failures = 1;
        doneWith(2);
        doneWith(3);
        assertThat(started).hasSize(2);
        assertWhole(1);
    }

    @Test
    void failuresInARowLoseNoEventAndAfterThemOnlyDifferencesAreHandedOver() {
        testing.builder.listener(publisher);
        testing.open();
        failures = 3;
        for (long node = 1; node <= 5; node++) {
            doneWith(node);
        }
        int starts = started.size();
        assertThat(published.get(published.size() - 2).before()).isSameAs(started.get(starts - 1));
        doneWith(6);
        assertThat(started).hasSize(starts);
        assertThat(last().events()).isEqualTo(testing.publications.get(5).events());
        assertThat(last().changes().isEmpty()).isFalse();
    }

    @Test
    void wholeViewsThatFailAgainAreHandedOverAgain() {
        testing.builder.listener(publisher);
        testing.open();
        failures = 2;
        doneWith(1);
        doneWith(2);
        doneWith(3);
        assertThat(started).hasSize(3);
        assertWhole(0);
    }

    @Test
    void ofTooManyEventsThatCannotBeHandedOverTheNewestAreKept() {
        testing.open();
        doneWith(1);
        Publication real = testing.publications.get(0);
        Publication many = new Publication(
                real.before(),
                real.after(),
                Collections.nCopies(60_000, real.events().get(0)),
                null);
        publisher.started(real.before());
        failures = 2;
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> publisher.published(many)).hasMessage("test");
        }
        publisher.published(real);
        assertThat(last().events())
                .hasSize(ViewPublisher.MOST_MISSED_EVENTS)
                .endsWith(real.events().toArray(PublishedEvent[]::new));
    }

    @Test
    void viewsThatCannotBeComputedAreComputedWholeByTheNextPublication() {
        testing.open();
        doneWith(1);
        doneWith(2);
        publisher.started(testing.publications.get(0).before());
        Publication other = new Publication(
                testing.publications.get(0).before(),
                new Snapshot(new Revision(1), ANOTHER_TAILNET),
                testing.publications.get(0).events(),
                null);
        assertThatThrownBy(() -> publisher.published(other)).isInstanceOf(IllegalArgumentException.class);
        publisher.published(testing.publications.get(1));
        assertWhole(0);
    }

    @Test
    void viewsOfAnotherMomentAreComputedWhole() {
        testing.open().withRouters();
        Publication later = testing.publications.get(1);
        RoutingViews old = RoutingViews.of(testing.publications.get(0).before().state());
        assertThat(later.views(old).state()).isSameAs(later.after().state());
        assertThat(later.views(old).viewer(new NodeId(2))).isPresent();
    }

    @Test
    void aPublisherWithoutAControllerSaysSo() {
        testing.open().withRouters();
        assertThat(publisher.current()).isEmpty();
        assertThatThrownBy(() -> publisher.published(testing.publications.get(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("controller");
    }
}
