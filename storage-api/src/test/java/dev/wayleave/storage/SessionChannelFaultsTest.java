package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.PlantedFaults.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The session channel of a host throws: no controller stays half open or half closed, and no tailnet is locked. */
class SessionChannelFaultsTest extends TailnetsFixture {

    private final PlantedFaults faults = new PlantedFaults();
    private final FaultyChannel channel = new FaultyChannel(faults);
    private final List<RouteController> closed = new ArrayList<>();
    private final Replica replica = replica("test");

    private RouteControllerBuilder controller() {
        RouteControllerBuilder shared = RouteController.builder(store, TAILNET, host, host)
                .steadyNanos(host::steadyNanos)
                .retry(ControllerFixture.RETRY)
                .random(() -> 0)
                .replica(replica)
                .sessionChannel(channel)
                .shared();
        shared.whenClosed = closed::add;
        return shared;
    }

    private Tailnets tailnets() {
        return builder.replica(replica).shared().sessionChannel(channel).open();
    }

    @ParameterizedTest
    @EnumSource
    void aChannelThatCannotBeJoinedLeavesNoControllerBehind(Kind kind) {
        faults.plant("channel.join", kind);
        List<?> before = host.due();

        Throwable thrown = catchThrowable(controller()::open);

        assertThat(thrown).isNotNull();
        assertThat(closed).hasSize(1).allMatch(RouteController::isClosed);
        assertThat(replica.sharedLeases().isInUse()).isFalse();
        host.run();
        assertThat(host.due()).as("the renewal of the lease alone").isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void aChannelThatCannotBeWokenStopsNoController(Kind kind) {
        faults.plant("channel.wake", kind);

        RouteController controller = controller().open();
        host.run();
        CompletableFuture<Receipt> answer =
                controller.submit(by("test", registered(1), connected(1))).toCompletableFuture();
        host.run();

        assertThat(answer.join().result()).isEqualTo(SubmissionResult.accepted());
        SessionChannel.Member member = channel.members.get(0);
        assertThat(List.of(member.nextMessage(), member.nextMessage()))
                .as("what waits for a channel that asks all the same")
                .doesNotContain(Optional.empty());
        controller.close();
        assertThat(channel.members).isEmpty();
        assertThat(closed).containsExactly(controller);
    }

    @ParameterizedTest
    @EnumSource
    void aMembershipThatCannotBeClosedStopsNoClose(Kind kind) {
        RouteController controller = controller().open();
        host.run();
        faults.plant("channel.close", kind);

        controller.close();

        assertThat(controller.isClosed()).isTrue();
        assertThat(closed).containsExactly(controller);
    }

    // ---- many tailnets

    @ParameterizedTest
    @EnumSource
    void aTailnetIsUnloadedAlsoIfItsMembershipCannotBeClosed(Kind kind) {
        checkLeaves(kind, Tailnets::unload, new Revision(2));
    }

    @ParameterizedTest
    @EnumSource
    void aTailnetIsDeletedAlsoIfItsMembershipCannotBeClosed(Kind kind) {
        checkLeaves(kind, Tailnets::delete, new Revision(1));
    }

    /** A tailnet is left, and the next command to it gets this revision: what was stored is kept or gone. */
    private void checkLeaves(
            Kind kind, BiFunction<Tailnets, TailnetId, CompletionStage<Boolean>> leave, Revision next) {
        Tailnets tailnets = tailnets();
        done(tailnets, ONE, registered(1));
        faults.plant("channel.close", kind);

        CompletableFuture<Boolean> left = future(leave.apply(tailnets, ONE));
        host.run();

        assertThat(left).isCompletedWithValue(true);
        assertThat(done(tailnets, ONE, registered(2)).revision()).isEqualTo(next);
        tailnets.close();
    }

    @ParameterizedTest
    @EnumSource
    void aTailnetIsLoadedAgainThoughItsMembershipCannotBeClosed(Kind kind) {
        Tailnets tailnets = tailnets();
        done(tailnets, ONE, registered(1));
        faults.plant("channel.close", kind);
        store.delete(ONE); // another program; the controller detects it at its next commit
        CompletableFuture<Receipt> lost = submit(tailnets, ONE, registered(2));
        host.pass(Duration.ofSeconds(1));
        assertThat(ControllerFixture.failure(lost)).isInstanceOf(StoreHistoryException.class);

        assertThat(observed).containsExactly("loaded one", "unloaded one");
        assertThat(done(tailnets, ONE, registered(3)).revision()).isEqualTo(new Revision(1));
        tailnets.close();
    }

    @Test
    void aTailnetWhoseChannelCannotBeJoinedIsLoadedOnceItCan() {
        Tailnets tailnets = tailnets();
        faults.plantOnce("channel.join", Kind.ERROR);
        CompletableFuture<Receipt> refused = submit(tailnets, ONE, registered(1));
        host.run();

        assertThat(ControllerFixture.failure(refused)).isInstanceOf(InternalErrorException.class);
        assertThat(done(tailnets, ONE, registered(1)).revision()).isEqualTo(new Revision(1));
        tailnets.close();
        assertThat(channel.members).isEmpty();
    }
}
