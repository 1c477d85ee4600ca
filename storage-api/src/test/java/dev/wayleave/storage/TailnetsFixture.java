package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.by;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tailnets over a scripted store, with a manual host, and the calls of their observer. For one thread. */
abstract class TailnetsFixture {

    static final TailnetId ONE = new TailnetId("one");
    static final TailnetId TWO = new TailnetId("two");
    static final TailnetId THREE = new TailnetId("three");
    static final Duration IDLE = Duration.ofMinutes(5);

    final ManualHost host = new ManualHost();
    final ScriptedStore store = new ScriptedStore();
    final List<String> observed = new ArrayList<>();
    final TailnetsBuilder builder = builder();

    TailnetsBuilder builder() {
        return Tailnets.builder(store, host, host)
                .steadyNanos(host::steadyNanos)
                .newTailnets(RoutingSettings.DEFAULT)
                .idlePeriod(IDLE)
                .retry(ControllerFixture.RETRY)
                .random(() -> 0)
                .observer(new RoutingObserver() {
                    @Override
                    public void loaded(TailnetId tailnet, Duration took) {
                        observed.add("loaded " + tailnet);
                    }

                    @Override
                    public void loadFailed(TailnetId tailnet, WayleaveException cause) {
                        observed.add("failed " + tailnet);
                    }

                    @Override
                    public void unloaded(TailnetId tailnet) {
                        observed.add("unloaded " + tailnet);
                    }
                });
    }

    static <T> CompletableFuture<T> future(CompletionStage<T> stage) {
        return stage.toCompletableFuture();
    }

    CompletableFuture<Receipt> submit(Tailnets tailnets, TailnetId tailnet, Command... commands) {
        return future(tailnets.submit(tailnet, by("test", commands)));
    }

    Receipt done(Tailnets tailnets, TailnetId tailnet, Command... commands) {
        CompletableFuture<Receipt> receipt = submit(tailnets, tailnet, commands);
        host.run();
        return receipt.join();
    }

    OpenTailnet opened(Tailnets tailnets, TailnetId tailnet) {
        CompletableFuture<OpenTailnet> open = future(tailnets.open(tailnet));
        host.run();
        return open.join();
    }

    Replica replica(String id) {
        return Replica.join(store, new ReplicaId(id), host, host, LeaseRule.DEFAULT, host::steadyNanos);
    }

    /**
     * Deletes a tailnet that is loaded, while other threads do something: after the deletion is admitted, and after it
     * is noted.
     */
    static CompletableFuture<Boolean> delete(Tailnets tailnets, TailnetId tailnet, Runnable admitted, Runnable noted) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        TailnetVisit deletion = tailnets.table().deletion(tailnet, answer);
        TailnetVisit overtaken = new TailnetVisit() {
            @Override
            public boolean loaded(TailnetSlot slot, RouteController controller) {
                admitted.run();
                boolean isKept = deletion.loaded(slot, controller);
                noted.run();
                return isKept;
            }

            @Override
            public void refused(WayleaveException cause) {
                deletion.refused(cause);
            }
        };
        tailnets.table().visit(tailnet, overtaken, false);
        return answer;
    }
}
