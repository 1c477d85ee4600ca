package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tailnets that the host deletes, unloads or closes, also several times at once: each call is answered. */
class TailnetsDeletionTest extends TailnetsFixture {

    private static final Runnable NOTHING = () -> {};

    /** Answers of calls that are made within other ones. */
    private final List<CompletableFuture<Boolean>> nested = new ArrayList<>();

    // ---- unloading

    @Test
    void aTailnetThatTheHostMovesIsUnloadedWithItsSessions() {
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
    void aCallerDuringASecondUnloadingIsServedAndTheTailnetUnloadedLater() {
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
    void aTakeoverThatComesWhileTheTailnetIsUnloadedReplacesTheNewOwner() {
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
    void aDeletedTailnetAnswersWhatCameBeforeAndIsGoneForWhatComesAfter() {
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
    void theSecondOfTwoDeletionsThatWereAdmittedTogetherFindsNoTailnet() {
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
    void aDeletionThatWasAdmittedBeforeTheTailnetWasUnloadedDeletesIt() {
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
    void aDeletionFromBeforeAReloadDeletesTheTailnet() {
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
    void aDeletionThatWasAdmittedBeforeTheTailnetsWereClosedIsRefused() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> deleted = delete(tailnets, ONE, tailnets::close, NOTHING);

        assertThat(deleted).isCompletedExceptionally();
        assertThat(failure(deleted)).isInstanceOf(ControllerClosedException.class);
        assertThat(store.tailnets()).containsExactly(ONE);
    }

    // ---- the end

    @Test
    void callersThatWaitForAnUnloadingAreRefusedWhenTheTailnetsAreClosed() {
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
    void aTailnetWhoseFirstCallerClosesTheTailnetsIsClosedWithThem() {
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
