package dev.wayleave.examples.tour.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.PublicationListener;
import dev.wayleave.storage.PublishedViews;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.SubmissionRefusedException;
import dev.wayleave.storage.ViewListener;
import dev.wayleave.storage.ViewPublication;
import dev.wayleave.storage.ViewPublisher;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import dev.wayleave.storage.micrometer.MicrometerRoutingObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host uses of the controller and its store, through exported packages alone. */
class ControllerDoorsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final RoutingStore store = new InMemoryRoutingStore();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Views views = new Views();
    private final RouteController controller = RouteController.builder(
                    store, Sample.TAILNET, scheduler, InstantSource.system())
            .observer(new MicrometerRoutingObserver(registry))
            .listener(new ViewPublisher(views))
            .open();

    private static final class Views implements ViewListener {

        private final List<PublishedViews> whole = new CopyOnWriteArrayList<>();
        private final List<ViewPublication> changes = new CopyOnWriteArrayList<>();

        @Override
        public void started(PublishedViews views) {
            whole.add(views);
        }

        @Override
        public void published(ViewPublication publication) {
            changes.add(publication);
        }
    }

    @AfterEach
    void close() {
        controller.close();
        scheduler.shutdown();
    }

    private Receipt done(Submission submission) throws InterruptedException {
        return Receipt.await(controller.submit(submission), SOON).orElseThrow();
    }

    @Test
    void submittingCanBlockUntilTheReceiptIsThere() throws InterruptedException {
        Receipt receipt = Receipt.await(controller.submit(Sample.router()), SOON);
        assertThat(receipt.revision()).isEqualTo(new Revision(1));
        assertThat(receipt.events()).hasAtLeastOneElementOfType(RouteEvent.RouteApproved.class);
    }

    @Test
    void aReceiptThrowsAllProblemsOfARefusal() throws InterruptedException {
        Receipt refused = Receipt.await(
                controller.submit(Sample.by("ada", new Command.ApproveRoutes(new NodeId(9), List.of(Sample.LAN)))),
                SOON);
        assertThatThrownBy(refused::orElseThrow)
                .isInstanceOfSatisfying(
                        SubmissionRefusedException.class,
                        refusal ->
                                assertThat(refusal.problems()).singleElement().isInstanceOf(Problem.UnknownNode.class));
    }

    @Test
    void aDecisionOnAnOlderRevisionIsRefused() throws InterruptedException {
        Revision read = controller.current().revision();
        done(Sample.router());
        Receipt late = Receipt.await(controller.submit(Sample.laptop(), read), SOON);
        assertThat(late.result()).isEqualTo(new SubmissionResult.Refused(List.of(new Problem.RevisionConflict(0, 1))));
        Receipt again = Receipt.await(controller.submit(Sample.laptop(), late.revision()), SOON);
        assertThat(again.result()).isEqualTo(SubmissionResult.accepted());
    }

    @Test
    void aListenerIsAddedAndRemovedWhileTheControllerIsOpen() throws Exception {
        done(Sample.router());
        CompletableFuture<Snapshot> first = new CompletableFuture<>();
        List<Publication> heard = new CopyOnWriteArrayList<>();
        PublicationListener listener = new PublicationListener() {
            @Override
            public void started(Snapshot current) {
                first.complete(current);
            }

            @Override
            public void published(Publication publication) {
                heard.add(publication);
            }
        };
        controller.addListener(listener);
        assertThat(first.get().revision()).isEqualTo(new Revision(1));
        done(Sample.laptop());
        controller.refresh().toCompletableFuture().get(); // the turn of the publication is over
        assertThat(controller.removeListener(listener)).isTrue();
        done(Sample.by("ada", new Command.RemoveNode(Sample.LAPTOP)));
        controller.close();
        assertThat(heard).extracting(each -> each.after().revision()).containsExactly(new Revision(2));
    }

    @Test
    void aViewPublisherHandsOverTheFirstViewsAndThenWhoseViewChanged() throws InterruptedException {
        assertThat(views.whole)
                .singleElement()
                .matches(first -> first.revision().equals(Revision.NONE));
        done(Sample.router());
        done(Sample.laptop());
        controller.close();
        assertThat(views.changes).hasSize(2);
        ViewPublication last = views.changes.get(1);
        assertThat(last.before()).isSameAs(views.changes.get(0).after());
        assertThat(last.changes().viewers()).containsExactly(Sample.BERLIN, Sample.LAPTOP);
    }

    @Test
    void aPublicationLeadsFromTheViewsThatWereSentToTheNextOnes() throws InterruptedException {
        List<Publication> publications = new CopyOnWriteArrayList<>();
        controller.addListener(publications::add);
        RoutingViews sent = RoutingViews.of(controller.current().state());
        done(Sample.router());
        controller.close();
        RoutingViews next = publications.get(0).views(sent);
        assertThat(next.state()).isSameAs(controller.current().state());
        assertThat(next.changesSince(sent).viewers()).containsExactly(Sample.BERLIN);
    }

    @Test
    void theStoreKeepsWhatHappened() throws InterruptedException {
        done(Sample.router());
        List<StoredEvent> all = store.events(Sample.TAILNET, EventPosition.START, 100);
        assertThat(all).extracting(StoredEvent::kind).contains("route-advertised", "route-approved", "primary-elected");
        List<StoredEvent> rest =
                store.events(Sample.TAILNET, all.get(all.size() - 2).position(), 100);
        assertThat(rest).containsExactly(all.get(all.size() - 1));
        assertThat(all.get(0).event().origin().actor().orElseThrow()).hasToString("ada");
    }

    @Test
    void metersExistFromTheOpeningOn() throws InterruptedException {
        assertThat(registry.get("wayleave.revision")
                        .tag("tailnet", "example.com")
                        .gauge()
                        .value())
                .isZero();
        done(Sample.router());
        controller.close();
        assertThat(registry.get("wayleave.prefixes").gauge().value()).isEqualTo(1);
    }
}
