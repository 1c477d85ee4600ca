package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.contract.ForwardingStore;
import dev.wayleave.storage.micrometer.MicrometerTailnetsObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Controllers that close by themselves: their tailnets are unloaded, and each call that waits is answered. */
class TailnetsEndingTest extends TailnetsFixture {

    private static final Runnable NOTHING = () -> {};

    /** Answers of calls that are made within other ones. */
    private final List<CompletableFuture<Boolean>> nested = new ArrayList<>();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Replica replica = replica("test");

    private Tailnets open() {
        return builder.replica(replica)
                .observer(new MicrometerTailnetsObserver(registry))
                .open();
    }

    private double loadedByMeter() {
        return registry.get("wayleave.tailnets.loaded").gauge().value();
    }

    /** All controllers close with their next turn. */
    private void loseLease() {
        replica.close();
        host.run();
    }

    /** Another program deletes the tailnet, which its controller detects at its next commit. */
    private void loseRows(OpenTailnet open) {
        store.delete(ONE);
        CompletableFuture<Receipt> lost = future(open.submit(ControllerFixture.by("test", registered(7))));
        host.pass(Duration.ofSeconds(1));
        assertThat(failure(lost)).isInstanceOf(StoreHistoryException.class);
    }

    // ---- while it is loaded

    @Test
    void aTailnetThatAnotherProgramDeletedEndsItsControllerAndCanBeMadeAgain() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1), connected(1));
        store.delete(ONE);

        CompletableFuture<Receipt> lost = submit(tailnets, ONE, registered(2));
        host.pass(Duration.ofSeconds(1));
        assertThat(failure(lost)).isInstanceOf(StoreHistoryException.class);

        assertThat(done(tailnets, ONE, registered(3)).revision()).isEqualTo(new Revision(1));
    }

    @Test
    void aControllerThatClosesWhileItsTailnetIsLoadedIsUnloaded() {
        Tailnets tailnets = open();
        done(tailnets, ONE, registered(1));

        loseLease();

        assertThat(tailnets.loaded()).isEmpty();
        assertThat(observed).containsExactly("loaded one", "unloaded one");
        assertThat(loadedByMeter()).isZero();
    }

    @Test
    void aDeletionThatIsNotedIsRefusedWhenTheControllerHasLostTheTailnet() {
        Tailnets tailnets = open();
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> deleted = delete(tailnets, ONE, NOTHING, this::loseLease);
        host.run();

        assertThat(deleted).isCompletedExceptionally();
        assertThat(failure(deleted)).isInstanceOf(FencedException.class);
        assertThat(store.tailnets()).containsExactly(ONE);
        assertThat(observed).containsExactly("loaded one", "unloaded one");
    }

    @Test
    void aDeletionThatIsAdmittedIsRefusedWhenTheControllerHasLostTheTailnet() {
        Tailnets tailnets = open();
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> deleted = delete(tailnets, ONE, this::loseLease, NOTHING);
        host.run();

        assertThat(deleted).isCompletedExceptionally();
        assertThat(failure(deleted)).isInstanceOf(FencedException.class);
        assertThat(store.tailnets()).containsExactly(ONE);
        assertThat(tailnets.loaded()).isEmpty();
        assertThat(loadedByMeter()).isZero();
    }

    @Test
    void aDeletionThatIsNotedFindsNoTailnetWhereAnotherProgramDeletedIt() {
        Tailnets tailnets = open();
        OpenTailnet open = opened(tailnets, ONE);
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> deleted = delete(tailnets, ONE, NOTHING, () -> loseRows(open));
        host.run();

        assertThat(deleted).isCompletedWithValue(false);
    }

    @Test
    void aTailnetThatAnotherProcessTookOverIsNotDeleted() {
        Tailnets former = open();
        done(former, ONE, registered(1));
        Tailnets next = builder().replica(replica("next")).open();
        CompletableFuture<OpenTailnet> taken = future(next.takeOver(ONE));
        host.run();
        assertThat(taken).isCompleted();

        CompletableFuture<Receipt> fenced = submit(former, ONE, registered(2));
        CompletableFuture<Boolean> deleted = future(former.delete(ONE));
        host.run();

        assertThat(failure(fenced)).isInstanceOf(FencedException.class);
        assertThat(deleted).isCompletedExceptionally();
        assertThat(failure(deleted)).isInstanceOf(FencedException.class);
        assertThat(store.tailnets()).containsExactly(ONE);
    }

    @Test
    void aFormerOwnerDoesNotDeleteTheTailnetOfTheNewOwner() {
        Tailnets former = open();
        done(former, ONE, registered(1));
        assertThat(store.own(ONE, 1, new ReplicaId("next"))).isPresent();

        CompletableFuture<Boolean> deleted = future(former.delete(ONE));
        host.run();

        assertThat(deleted).isCompletedExceptionally();
        assertThat(failure(deleted)).isInstanceOf(FencedException.class);
        assertThat(store.tailnets()).containsExactly(ONE);
    }

    /** With a store on which something happens when a controller gives its tailnet up. */
    private Tailnets openOn(ForwardingStore disowning) {
        return Tailnets.builder(disowning, host, host)
                .steadyNanos(host::steadyNanos)
                .newTailnets(RoutingSettings.DEFAULT)
                .replica(replica)
                .open();
    }

    @Test
    void aTailnetThatIsTakenOverBetweenItsReleaseAndItsDeletionIsNotDeleted() {
        Tailnets former = openOn(new ForwardingStore(store) {
            @Override
            public boolean disown(TailnetId tailnet, long epoch, ReplicaId owner) {
                boolean isDisowned = super.disown(tailnet, epoch, owner);
                assertThat(store.own(tailnet, epoch, new ReplicaId("next"))).isPresent();
                return isDisowned;
            }
        });
        done(former, ONE, registered(1));

        CompletableFuture<Boolean> deleted = future(former.delete(ONE));
        host.run();

        assertThat(failure(deleted)).isInstanceOf(FencedException.class);
        assertThat(store.tailnets()).containsExactly(ONE);
    }

    @Test
    void aTailnetThatCouldNotBeGivenUpIsDeletedByItsOwner() {
        Tailnets tailnets = openOn(new ForwardingStore(store) {
            @Override
            public boolean disown(TailnetId tailnet, long epoch, ReplicaId owner) {
                throw new StorageException("planted");
            }
        });
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> deleted = future(tailnets.delete(ONE));
        host.run();

        assertThat(deleted).isCompletedWithValue(true);
        assertThat(store.tailnets()).isEmpty();
    }

    @Test
    void aTailnetThatWasGivenUpByACallWhoseAnswerWasLostIsDeletedByItsLastOwner() {
        Tailnets tailnets = openOn(new ForwardingStore(store) {
            @Override
            public boolean disown(TailnetId tailnet, long epoch, ReplicaId owner) {
                assertThat(super.disown(tailnet, epoch, owner)).isTrue();
                throw new StorageUnavailableException("planted", new IllegalStateException());
            }
        });
        done(tailnets, ONE, registered(1));

        CompletableFuture<Boolean> deleted = future(tailnets.delete(ONE));
        host.run();

        assertThat(deleted).isCompletedWithValue(true);
        assertThat(store.tailnets()).isEmpty();
    }

    @Test
    void aTailnetThatWasTakenOverAfterALostAnswerIsNotDeleted() {
        Tailnets former = openOn(new ForwardingStore(store) {
            @Override
            public boolean disown(TailnetId tailnet, long epoch, ReplicaId owner) {
                assertThat(super.disown(tailnet, epoch, owner)).isTrue();
                assertThat(store.own(tailnet, epoch, new ReplicaId("next"))).isPresent();
                assertThat(store.disown(tailnet, epoch + 1, new ReplicaId("next")))
                        .isTrue();
                throw new StorageUnavailableException("planted", new IllegalStateException());
            }
        });
        done(former, ONE, registered(1));

        CompletableFuture<Boolean> deleted = future(former.delete(ONE));
        host.run();

        assertThat(failure(deleted)).isInstanceOf(FencedException.class);
        assertThat(store.tailnets()).containsExactly(ONE);
    }

    @Test
    void anUnloadingThatIsNotedIsAnsweredWhenTheControllerCloses() {
        Tailnets tailnets = open();
        done(tailnets, ONE, registered(1));
        CompletableFuture<Boolean> unloaded = new CompletableFuture<>();
        tailnets.table().slots().mustClose(ONE, unloaded);

        loseLease();

        assertThat(unloaded).isCompletedWithValue(true);
        assertThat(observed).containsExactly("loaded one", "unloaded one");
    }

    // ---- while it is loading

    @Test
    void aControllerThatClosesWhileItsFirstCallerIsServedIsUnloaded() {
        Tailnets tailnets = open();
        CompletableFuture<Void> served = future(tailnets.current(ONE)).thenRun(this::loseLease);

        host.run();

        assertThat(served).isCompleted();
        assertThat(tailnets.loaded()).isEmpty();
        assertThat(observed).containsExactly("loaded one", "unloaded one");
        assertThat(loadedByMeter()).isZero();
    }

    @Test
    void aDeletionAndAnUnloadingAreAnsweredIfTheControllerClosesDuringAnOpen() {
        done(builder().open(), ONE, registered(1));
        Tailnets tailnets = open();
        CompletableFuture<Void> served = future(tailnets.open(ONE)).thenAccept(open -> {
            nested.add(future(tailnets.unload(ONE)));
            loseRows(open);
        });
        CompletableFuture<Boolean> deleted = future(tailnets.delete(ONE));

        host.run();

        assertThat(served).isCompleted();
        assertThat(nested.get(0)).isCompletedWithValue(true);
        assertThat(deleted).isCompletedWithValue(false);
        assertThat(observed).endsWith("loaded one", "unloaded one");
    }

    @Test
    void aControllerWhoseFirstTurnEndsBeforeItsTailnetCountsAsLoadedIsUnloaded() {
        boolean[] isAtOnce = {false};
        Executor executor = task -> {
            if (isAtOnce[0]) {
                isAtOnce[0] = false;
                task.run();
            } else {
                host.execute(task);
            }
        };
        Tailnets tailnets = builder.replica(replica)
                .executor(executor)
                .listener(tailnet -> {
                    replica.close();
                    isAtOnce[0] = true; // the first turn comes next
                    return publication -> {};
                })
                .open();

        CompletableFuture<Receipt> receipt = submit(tailnets, ONE, registered(1));
        host.run();

        assertThat(failure(receipt)).isInstanceOf(FencedException.class);
        assertThat(tailnets.loaded()).isEmpty();
        assertThat(observed).containsExactly("loaded one", "unloaded one");
    }
}
