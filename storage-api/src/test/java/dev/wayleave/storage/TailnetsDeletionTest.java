package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerTesting.connected;
import static dev.wayleave.storage.ControllerTesting.failure;
import static dev.wayleave.storage.ControllerTesting.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tailnets that the host deletes, unloads or closes, also several times at once: each call is answered. */
class TailnetsDeletionTest extends TailnetsTesting {

    private static final Runnable NOTHING = () -> {};

    /** Answers of calls that are made within other ones. */
    private final List<CompletableFuture<Boolean>> nested = new ArrayList<>();

    // ---- unloading

    @Test
    void a_tailnet_that_the_host_moves_is_unloaded_with_its_sessions() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1), connected(1));
        CompletableFuture<Receipt> late = submit(tailnets, ONE, registered(2));

        CompletableFuture<Boolean> unloaded = future(tailnets.unload(ONE));
        host.run();

        assertThat(unloaded.join()).isTrue();
        assertThat(late.join().revision()).isEqualTo(new Revision(2));
        assertThat(tailnets.loaded()).isEmpty();
        assertThat(future(tailnets.unload(ONE)).join()).isFalse();
    }

    @Test
    void a_caller_that_comes_while_a_tailnet_is_unloaded_twice_is_served_and_the_tailnet_is_unloaded_again_later() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));
        CompletableFuture<Boolean> first = future(tailnets.unload(ONE));
        CompletableFuture<Boolean> second = future(tailnets.unload(ONE));
        CompletableFuture<Receipt> between = submit(tailnets, ONE, registered(2));
        host.run();
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isCompletedWithValue(true);
        assertThat(between.join().revision()).isEqualTo(new Revision(2));
        assertThat(tailnets.loaded()).containsExactly(ONE);

        CompletableFuture<Boolean> third = future(tailnets.unload(ONE));
        host.run();

        assertThat(third).isCompletedWithValue(true);
        assertThat(observed).containsExactly("loaded one", "unloaded one", "loaded one", "unloaded one");
    }

    @Test
    void a_takeover_that_comes_while_the_tailnet_is_unloaded_replaces_the_new_owner() {
        Tailnets former = builder.replica(replica("former")).open();
        done(former, ONE, registered(1));
        Tailnets next = builder().replica(replica("next")).open();
        CompletableFuture<OpenTailnet> away = future(next.takeOver(ONE));
        host.run();
        assertThat(away).isCompleted();

        var unused = former.unload(ONE);
        CompletableFuture<OpenTailnet> back = future(former.takeOver(ONE));
        host.run();

        assertThat(back).isCompleted();
        assertThat(former.loaded()).containsExactly(ONE);
    }

    // ---- deletion

    @Test
    void a_deleted_tailnet_answers_what_came_before_and_is_gone_for_what_comes_after() {
        Tailnets tailnets = Tailnets.builder(store, host, host)
                .steadyNanos(host::steadyNanos)
                .open();
        var unused = tailnets.create(ONE, RoutingSettings.DEFAULT);
        CompletableFuture<Receipt> before = submit(tailnets, ONE, registered(1), connected(1));
        CompletableFuture<Boolean> deleted = future(tailnets.delete(ONE));
        CompletableFuture<Boolean> twice = future(tailnets.delete(ONE));
        host.run();
        CompletableFuture<Receipt> after = submit(tailnets, ONE, registered(2));
        host.run();

        assertThat(before.join().revision()).isEqualTo(new Revision(2));
        assertThat(List.of(deleted.join(), twice.join())).contains(true);
        assertThat(failure(after)).isInstanceOf(UnknownTailnetException.class);
        assertThat(store.tailnets()).isEmpty();
    }

    @Test
    void the_second_of_two_deletions_that_were_admitted_together_finds_no_tailnet() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> second = delete(
                tailnets,
                ONE,
                () -> {
                    nested.add(future(tailnets.delete(ONE)));
                    host.run();
                },
                NOTHING);
        host.run();

        assertThat(nested.get(0)).isCompletedWithValue(true);
        assertThat(second).isCompletedWithValue(false);
        assertThat(store.tailnets()).isEmpty();
    }

    @Test
    void a_deletion_that_was_admitted_before_the_tailnet_was_unloaded_deletes_it() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> deleted = delete(
                tailnets,
                ONE,
                () -> {
                    nested.add(future(tailnets.unload(ONE)));
                    host.run();
                },
                NOTHING);
        host.run();

        assertThat(nested.get(0)).isCompletedWithValue(true);
        assertThat(deleted).isCompletedWithValue(true);
        assertThat(store.tailnets()).isEmpty();
    }

    @Test
    void a_deletion_that_was_admitted_before_the_tailnet_was_unloaded_and_loaded_again_deletes_it() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> deleted = delete(
                tailnets,
                ONE,
                () -> {
                    nested.add(future(tailnets.unload(ONE)));
                    done(tailnets, ONE, registered(2));
                },
                NOTHING);
        host.run();

        assertThat(nested.get(0)).isCompletedWithValue(true);
        assertThat(deleted).isCompletedWithValue(true);
        assertThat(store.tailnets()).isEmpty();
    }

    @Test
    void a_deletion_that_was_admitted_before_the_tailnets_were_closed_is_refused() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> deleted = delete(tailnets, ONE, tailnets::close, NOTHING);

        assertThat(deleted).isCompletedExceptionally();
        assertThat(failure(deleted)).isInstanceOf(ControllerClosedException.class);
        assertThat(store.tailnets()).containsExactly(ONE);
    }

    // ---- the end

    @Test
    void callers_that_wait_for_a_tailnet_to_be_unloaded_are_refused_when_the_tailnets_are_closed() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));
        CompletableFuture<Boolean> unloaded = future(tailnets.unload(ONE));
        CompletableFuture<Receipt> waiting = submit(tailnets, ONE, registered(2));

        tailnets.close();

        assertThat(unloaded).isCompletedWithValue(true);
        assertThat(waiting).isCompletedExceptionally();
        assertThat(failure(waiting)).isInstanceOf(ControllerClosedException.class);
        host.pass(Duration.ofHours(1));
        assertThat(observed).containsExactly("loaded one", "unloaded one");
    }

    @Test
    void a_tailnet_whose_first_caller_closes_the_tailnets_is_closed_with_them() {
        Tailnets tailnets = builder.open();
        CompletableFuture<Void> closed = future(tailnets.current(ONE)).thenRun(tailnets::close);
        CompletableFuture<Receipt> waiting = submit(tailnets, ONE, registered(1));
        CompletableFuture<Boolean> unloaded = future(tailnets.unload(ONE));

        host.run();

        assertThat(closed).isCompleted();
        assertThat(waiting).isCompletedExceptionally();
        assertThat(failure(waiting)).isInstanceOf(ControllerClosedException.class);
        assertThat(unloaded).isCompletedWithValue(true);
        assertThat(observed).containsExactly("loaded one", "unloaded one");
    }
}
