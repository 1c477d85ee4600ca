package dev.wayleave.storage;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** A controller over a scripted store, with a manual host, and the words to speak to it. For one thread. */
final class ControllerFixture {

    static final TailnetId TAILNET = new TailnetId("example.com");
    static final Prefix LAN = Prefix.parse("10.0.0.0/16");
    static final RetryRule RETRY = new RetryRule(3, Duration.ofMillis(100), Duration.ofSeconds(2));

    final ManualHost host = new ManualHost();
    final ScriptedStore store = new ScriptedStore();
    final List<Publication> publications = new ArrayList<>();
    final RouteControllerBuilder builder = builder();
    RouteController controller;

    RouteControllerBuilder builder() {
        return RouteController.builder(store, TAILNET, host, host)
                .steadyNanos(host::steadyNanos)
                .newTailnet(RoutingSettings.DEFAULT.toBuilder()
                        .rememberDenied(false)
                        .build())
                .retry(RETRY)
                .random(() -> 0)
                .listener(publications::add);
    }

    ControllerFixture open() {
        controller = builder.open();
        host.run();
        return this;
    }

    static Command registered(long node) {
        return new Command.RegisterNode(Node.builder(new NodeId(node), "node-" + node, Owner.tags("tag:router"))
                .build());
    }

    static Command connected(long node) {
        return new Command.ConnectSession(new NodeId(node), session(node));
    }

    static Command disconnected(long node) {
        return new Command.DisconnectSession(new NodeId(node), session(node));
    }

    static Command heard(long node) {
        return new Command.KeepAlive(new NodeId(node), session(node));
    }

    static Command advertised(long node, Prefix... prefixes) {
        return new Command.AdvertiseRoutes(new NodeId(node), List.of(prefixes));
    }

    static Command approved(long node, Prefix... prefixes) {
        return new Command.SetApprovedRoutes(new NodeId(node), List.of(prefixes));
    }

    private static SessionId session(long node) {
        return new SessionId("session of " + node);
    }

    static Submission by(String who, Command... commands) {
        return new Submission(new Actor(who), null, List.of(commands));
    }

    CompletableFuture<Receipt> submit(Command... commands) {
        return submitted(controller.submit(by("test", commands)));
    }

    static CompletableFuture<Receipt> submitted(CompletionStage<Receipt> stage) {
        return stage.toCompletableFuture();
    }

    /** Hands it in, and lets the host do what is due. */
    Receipt done(Command... commands) {
        CompletableFuture<Receipt> receipt = submit(commands);
        host.run();
        return receipt.join();
    }

    /** Two routers with one prefix, of which the first is primary. */
    ControllerFixture withRouters() {
        for (long node = 1; node <= 2; node++) {
            done(registered(node), connected(node), advertised(node, LAN), approved(node, LAN));
        }
        return this;
    }

    Optional<NodeId> primary() {
        return controller.current().state().primary(LAN);
    }

    /** Another process writes past this controller. */
    void elsewhere(Command... commands) {
        RouteController other = RouteController.builder(store, TAILNET, host, host)
                .steadyNanos(host::steadyNanos)
                .retry(RETRY)
                .open();
        CompletableFuture<Receipt> receipt = submitted(other.submit(by("elsewhere", commands)));
        other.close();
        receipt.join();
    }

    /** The events of publications, in their order. */
    static Stream<RouteEvent> events(List<Publication> publications) {
        return publications.stream()
                .flatMap(publication -> publication.events().stream())
                .map(PublishedEvent::event);
    }

    static Throwable failure(CompletableFuture<?> failed) {
        try {
            failed.join();
            throw new AssertionError("it did not fail");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
