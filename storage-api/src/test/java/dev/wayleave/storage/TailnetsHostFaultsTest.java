package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.storage.PlantedFaults.Kind;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts whose functions throw while a tailnet is loaded: this process does not keep it. */
class TailnetsHostFaultsTest extends TailnetsFixture {

    private final PlantedFaults faults = new PlantedFaults();

    private void storedWithoutOwner() {
        Tailnets first = builder().open();
        done(first, ONE, registered(1));
        first.close();
        assertThat(store.owner(ONE).orElseThrow().replica()).isEmpty();
    }

    private void checkRefusedAndLeft(Tailnets tailnets) {
        CompletableFuture<Receipt> refused = submit(tailnets, ONE, registered(2));
        host.run();

        assertThat(failure(refused)).isInstanceOf(InternalErrorException.class);
        assertThat(store.owner(ONE).orElseThrow().replica())
                .as("the owner of a tailnet that could not be loaded")
                .isEmpty();
        Tailnets other = builder().replica(replica("other")).open();
        assertThat(done(other, ONE, registered(2)).revision()).isEqualTo(new Revision(2));
        other.close();
        tailnets.close();
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatCannotBeMadeLeavesTheTailnetToOtherProcesses(Kind kind) {
        storedWithoutOwner();
        faults.plant("listeners", kind);
        checkRefusedAndLeft(builder.replica(replica("test"))
                .listener(tailnet -> {
                    faults.call("listeners");
                    return publication -> {};
                })
                .open());
    }

    @Test
    void aListenerThatIsMissingLeavesTheTailnetToOtherProcesses() {
        storedWithoutOwner();
        checkRefusedAndLeft(
                builder.replica(replica("test")).listener(tailnet -> null).open());
    }

    @Test
    void anExecutorThatIsShutDownOpensNoTailnets() {
        ManualHost executor = new ManualHost();
        executor.shutdown();

        assertThatThrownBy(builder.executor(executor)::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("executor");
        assertThat(host.due()).isEmpty();
    }
}
