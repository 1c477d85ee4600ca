package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerTesting.advertised;
import static dev.wayleave.storage.ControllerTesting.approved;
import static dev.wayleave.storage.ControllerTesting.connected;
import static dev.wayleave.storage.ControllerTesting.disconnected;
import static dev.wayleave.storage.ControllerTesting.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.RoutingViews;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewerRoutes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a host sends to its nodes: first the views, then each difference, none twice and none left out. */
class ViewPublisherTest {

    private final ControllerTesting testing = new ControllerTesting();
    private final List<PublishedViews> started = new ArrayList<>();
    private final List<ViewPublication> published = new ArrayList<>();

    private final ViewPublisher publisher = new ViewPublisher(new ViewListener() {
        @Override
        public void started(PublishedViews first) {
            started.add(first);
        }

        @Override
        public void published(ViewPublication publication) {
            published.add(publication);
        }
    });

    private ViewPublication last() {
        return published.get(published.size() - 1);
    }

    private List<ViewChange.PeerChange> peers(long viewer) {
        return last().changes().of(new NodeId(viewer)).orElseThrow().peers();
    }

    @Test
    void the_first_views_come_first_and_then_each_difference_from_the_last() {
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
                .isInstanceOf(ViewChange.PeerAdded.class);
        assertThat(last().events()).hasAtLeastOneElementOfType(RouteEvent.RouteApproved.class);
    }

    @Test
    void a_node_that_is_no_router_goes_on_and_offline_for_its_peers_and_nothing_is_stored() {
        testing.builder.listener(publisher);
        testing.open().withRouters().done(registered(3));
        Revision before = testing.controller.current().revision();
        Set<NodeFact> online = Set.of(NodeFact.ONLINE);

        testing.done(connected(3));
        assertThat(peers(1)).containsExactly(new ViewChange.PeerChanged(new NodeId(3), new TreeSet<>(online)));
        assertThat(last().changes().viewers()).doesNotContain(new NodeId(3));

        testing.done(disconnected(3));
        assertThat(last().changes().isEmpty()).isTrue();
        testing.host.pass(Duration.ofSeconds(15));
        assertThat(peers(1)).containsExactly(new ViewChange.PeerChanged(new NodeId(3), new TreeSet<>(online)));
        assertThat(last().events()).hasOnlyElementsOfType(RouteEvent.NodeOffline.class);
        assertThat(testing.controller.current().revision()).isEqualTo(before);
    }

    @Test
    void presence_of_a_node_that_is_no_router_is_not_stored_beside_other_events() {
        testing.open().withRouters();
        testing.done(registered(3), connected(3));
        Commit last = testing.store.written().get(testing.store.written().size() - 1);
        assertThat(last.events()).extracting(RouteEvent::kind).doesNotContain("node-online");
        assertThat(testing.publications.get(2).events())
                .extracting(RouteEvent::kind)
                .contains("node-online");
        assertThat(testing.store.written().get(0).events())
                .extracting(RouteEvent::kind)
                .contains("node-online");
    }

    @Test
    void rows_that_another_process_wrote_are_a_difference_too() {
        testing.builder.listener(publisher);
        testing.open().withRouters();
        testing.elsewhere(approved(1));
        testing.controller.refresh();
        testing.host.run();

        assertThat(last().events()).isEmpty();
        assertThat(last().changes().of(new NodeId(2)).orElseThrow().self().primaryGained())
                .containsExactly(ControllerTesting.LAN);
        assertThat(last().after().views().viewer(new NodeId(2)).map(ViewerRoutes::selfPrimary))
                .contains(new TreeSet<>(Set.of(ControllerTesting.LAN)));
    }

    @Test
    void a_publisher_that_is_added_later_starts_with_what_is_published_then() {
        testing.open().withRouters();
        testing.controller.addListener(publisher);
        testing.done(advertised(1));
        assertThat(started.get(0).revision()).isEqualTo(new Revision(2));
        assertThat(published).singleElement();
        assertThat(last().changes().of(new NodeId(2)).orElseThrow().self().primaryGained())
                .containsExactly(ControllerTesting.LAN);
    }

    @Test
    void views_of_another_moment_are_computed_whole() {
        testing.open().withRouters();
        Publication later = testing.publications.get(1);
        RoutingViews old = RoutingViews.of(testing.publications.get(0).before().state());
        assertThat(later.views(old).state()).isSameAs(later.after().state());
        assertThat(later.views(old).viewer(new NodeId(2))).isPresent();
    }

    @Test
    void a_publisher_without_a_controller_says_so() {
        testing.open().withRouters();
        assertThat(publisher.current()).isEmpty();
        assertThatThrownBy(() -> publisher.published(testing.publications.get(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("add the publisher to a controller");
    }
}
