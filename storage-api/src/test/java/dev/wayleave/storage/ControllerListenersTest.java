package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerTesting.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Listeners that come and go: no publication is missed, and none falls before the first snapshot. */
class ControllerListenersTest {

    private final ControllerTesting testing = new ControllerTesting();

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
    void a_listener_of_the_builder_has_the_first_snapshot_when_the_controller_is_open() {
        testing.builder.listener(recorder);
        testing.controller = testing.builder.open();
        assertThat(recorder.started).containsExactly(testing.controller.current());
        testing.withRouters();
        assertThat(recorder.published).isEqualTo(testing.publications);
        assertThat(recorder.published.get(0).before()).isSameAs(recorder.started.get(0));
    }

    @Test
    void a_listener_that_is_added_has_the_current_snapshot_and_everything_after_it() {
        testing.open().withRouters();
        testing.controller.addListener(recorder);
        testing.submit(registered(3));
        testing.host.run();
        assertThat(recorder.started).hasSize(1);
        assertThat(recorder.published).hasSize(1);
        assertThat(recorder.published.get(0).before()).isSameAs(recorder.started.get(0));
    }

    @Test
    void a_listener_that_is_added_while_nothing_happens_is_started_all_the_same() {
        testing.open().withRouters();
        testing.controller.addListener(recorder);
        testing.host.run();
        assertThat(recorder.started).containsExactly(testing.controller.current());
    }

    @Test
    void a_listener_may_add_another_one() {
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
    void a_listener_that_was_removed_hears_nothing_more() {
        testing.builder.listener(recorder);
        testing.open().done(registered(1));
        assertThat(testing.controller.removeListener(recorder)).isTrue();
        testing.done(registered(2));
        assertThat(recorder.published).hasSize(1);
        assertThat(testing.controller.removeListener(recorder)).isFalse();
    }

    @Test
    void a_listener_that_fails_at_its_start_harms_no_other_one() {
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
    void a_closed_controller_takes_no_listener() {
        testing.open();
        testing.controller.close();
        assertThatThrownBy(() -> testing.controller.addListener(recorder))
                .isInstanceOf(ControllerClosedException.class)
                .hasMessageContaining("the listener was not added");
    }
}
