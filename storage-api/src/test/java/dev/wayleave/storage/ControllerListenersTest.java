package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Listeners that come and go: no publication is missed, and none falls before the first snapshot. */
class ControllerListenersTest {

    private final ControllerFixture testing = new ControllerFixture();

    /** Keeps what it is called with. */
    private static final class Recorder implements PublicationListener {

        private final List<Snapshot> started = new ArrayList<>();
        private final List<Publication> published = new ArrayList<>();

        @Override
        public void started(Snapshot current) {
            assertThat(published).isEmpty();
            started.add(current);
        }

        @Override
        public void published(Publication publication) {
            assertThat(started).hasSize(1);
            published.add(publication);
        }
    }

    private final Recorder recorder = new Recorder();

    @Test
    void aListenerOfTheBuilderHasTheFirstSnapshotWhenTheControllerIsOpen() {
        testing.builder.listener(recorder);
        testing.controller = testing.builder.open();
        assertThat(recorder.started).containsExactly(testing.controller.current());
        testing.withRouters();
        assertThat(recorder.published).isEqualTo(testing.publications);
        assertThat(recorder.published.get(0).before()).isSameAs(recorder.started.get(0));
    }

    @Test
    void aListenerThatIsAddedHasTheCurrentSnapshotAndEverythingAfterIt() {
        testing.open().withRouters();
        testing.controller.addListener(recorder);
        testing.submit(registered(3));
        testing.host.run();
        assertThat(recorder.started).hasSize(1);
        assertThat(recorder.published).hasSize(1);
        assertThat(recorder.published.get(0).before()).isSameAs(recorder.started.get(0));
    }

    @Test
    void aListenerThatIsAddedWhileNothingHappensIsStartedAllTheSame() {
        testing.open().withRouters();
        testing.controller.addListener(recorder);
        testing.host.run();
        assertThat(recorder.started).containsExactly(testing.controller.current());
    }

    @Test
    void aListenerMayAddAnotherOne() {
        testing.builder.listener(publication -> {
            if (recorder.started.isEmpty()) {
                testing.controller.addListener(recorder);
            }
        });
        testing.open().done(registered(1));
        testing.done(registered(2));
        assertThat(recorder.started).extracting(Snapshot::revision).containsExactly(new Revision(1));
        assertThat(recorder.published)
                .extracting(publication -> publication.after().revision())
                .containsExactly(new Revision(2));
    }

    @Test
    void aListenerThatWasRemovedHearsNothingMore() {
        testing.builder.listener(recorder);
        testing.open().done(registered(1));
        assertThat(testing.controller.removeListener(recorder)).isTrue();
        testing.done(registered(2));
        assertThat(recorder.published).hasSize(1);
        assertThat(testing.controller.removeListener(recorder)).isFalse();
    }

    @Test
    void aListenerThatAnotherOneRemovesDoesNotGetThePublicationOfThatMoment() {
        testing.builder
                .listener(publication -> testing.controller.removeListener(recorder))
                .listener(recorder);
        testing.open().done(registered(1));
        assertThat(recorder.started).hasSize(1);
        assertThat(recorder.published).isEmpty();
    }

    @Test
    void aListenerThatAnotherThreadRemovesDuringAPublicationDoesNotGetItLater() throws Exception {
        Thread[] removes = new Thread[1];
        testing.builder
                .listener(publication -> {
                    removes[0] = new Thread(() -> testing.controller.removeListener(recorder));
                    removes[0].start();
                    joined(removes[0]);
                })
                .listener(recorder);
        testing.open().done(registered(1));
        assertThat(recorder.published).isEmpty();
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aListenerThatIsRemovedBeforeItsStartIsNotStarted() {
        testing.open();
        PublicationListener remover = new PublicationListener() {
            @Override
            public void started(Snapshot current) {
                testing.controller.removeListener(recorder);
            }

            @Override
            public void published(Publication publication) {}
        };
        testing.controller.addListener(remover);
        testing.controller.addListener(recorder);
        testing.done(registered(1));
        assertThat(recorder.started).isEmpty();
        assertThat(recorder.published).isEmpty();
    }

    @Test
    void aListenerThatIsAddedTwiceIsCalledTwiceAndRemovedOnce() {
        testing.open();
        List<Publication> published = new ArrayList<>();
        PublicationListener twice = published::add;
        testing.controller.addListener(twice);
        testing.controller.addListener(twice);
        testing.done(registered(1));
        assertThat(published).hasSize(2);
        testing.controller.removeListener(twice);
        testing.done(registered(2));
        assertThat(published).hasSize(3);
    }

    @Test
    void aListenerThatFailsAtItsStartHarmsNoOtherOne() {
        testing.builder.listener(new PublicationListener() {
            @Override
            public void started(Snapshot current) {
                throw new IllegalStateException("test");
            }

            @Override
            public void published(Publication publication) {}
        });
        testing.builder.listener(recorder);
        testing.open().done(registered(1));
        assertThat(recorder.started).hasSize(1);
        assertThat(recorder.published).hasSize(1);
    }

    @Test
    void aListenerThatIsAddedInTheLastTurnIsStarted() {
        testing.open();
        testing.submit(registered(1)).thenAccept(receipt -> testing.controller.close());
        testing.controller.addListener(publication -> {
            if (recorder.started.isEmpty()) {
                testing.controller.addListener(recorder);
            }
        });
        testing.host.run();
        assertThat(recorder.started).containsExactly(testing.controller.current());
    }

    @Test
    void aListenerThatIsAddedInTheTurnInWhichTheControllerFailsIsStarted() {
        testing.open().withRouters();
        testing.store.delete(ControllerFixture.TAILNET);
        testing.controller.addListener(new PublicationListener() {
            @Override
            public void started(Snapshot current) {
                testing.controller.addListener(recorder);
            }

            @Override
            public void published(Publication publication) {}
        });
        testing.controller.refresh();
        testing.host.run();
        assertThat(recorder.started).containsExactly(testing.controller.current());
        assertThatThrownBy(() -> testing.controller.addListener(recorder)).isInstanceOf(StoreHistoryException.class);
    }

    @Test
    void eachListenerThatIsAddedWhileTheControllerClosesIsStartedOrRefused() throws Exception {
        for (int round = 0; round < 50; round++) {
            ControllerFixture closing = new ControllerFixture().open();
            Recorder mine = new Recorder();
            boolean[] isRefused = {false};
            Thread adds = new Thread(() -> {
                try {
                    closing.controller.addListener(mine);
                } catch (ControllerClosedException e) {
                    isRefused[0] = true;
                }
            });
            adds.start();
            closing.controller.close();
            adds.join();
            assertThat(mine.started).hasSize(isRefused[0] ? 0 : 1);
        }
    }

    @Test
    void aClosedControllerTakesNoListener() {
        testing.open();
        testing.controller.close();
        assertThatThrownBy(() -> testing.controller.addListener(recorder))
                .isInstanceOf(ControllerClosedException.class)
                .hasMessageContainingAll("listener", "not added");
    }
}
