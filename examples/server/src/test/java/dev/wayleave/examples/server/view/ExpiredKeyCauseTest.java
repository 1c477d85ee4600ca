package dev.wayleave.examples.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A key expires by itself, also in the step of a command that asks for an election of the same prefix. */
class ExpiredKeyCauseTest {

    private static final Instant START = Instant.parse("2026-11-25T19:00:00Z");
    private static final Actor ADA = new Actor("ada");
    private static final Duration EXPIRY = Duration.ofSeconds(60);
    private static final Prefix LAN = Prefix.parse("10.20.0.0/16");
    private static final NodeId PRIMARY = new NodeId(1);
    private static final NodeId STANDBY = new NodeId(2);
    private static final NodeId OTHER = new NodeId(3);

    private RoutingState state = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, START);

    private List<RouteEvent> run(Duration after, Command... commands) {
        Step step = Routing.step(state, List.of(Submission.of(ADA, commands)), START.plus(after));
        assertThat(step.results()).allMatch(SubmissionResult.Accepted.class::isInstance);
        state = step.next();
        return step.events();
    }

    private void router(Node node) {
        run(
                Duration.ZERO,
                new Command.RegisterNode(node),
                new Command.ConnectSession(node.id(), new SessionId("s" + node.id())),
                new Command.AdvertiseRoutes(node.id(), List.of(LAN)),
                new Command.ApproveRoutes(node.id(), List.of(LAN)));
    }

    private static Node.Builder node(NodeId id) {
        return Node.builder(id, "node-" + id, Owner.tags("tag:router")).hostKey("key " + id);
    }

    /** The cause of the one change of a primary, which an actor's command made too. */
    private static String cause(List<RouteEvent> events) {
        Causes causes = new Causes();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            StoredEvent stored = StoredEvent.of(new EventPosition(new Revision(1), i), START, events.get(i));
            causes.of(stored, Names.NUMBERS, Duration.ofSeconds(15)).ifPresent(text -> {
                assertThat(stored.actor()).contains(ADA);
                found.add(text);
            });
        }
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void anExpiredKeyHasNoActorAsItsCause() {
        router(node(PRIMARY).keyExpiry(START.plus(EXPIRY)).build());
        router(node(STANDBY).build());
        router(node(OTHER).build());

        List<RouteEvent> events = run(EXPIRY, new Command.ReportHealth(OTHER, LAN, Health.UNHEALTHY, null));

        assertThat(cause(events)).contains("node 1").doesNotContain("`ada`");
    }

    @Test
    void aReportInTheStepOfAnExpiredKeyHasItsActor() {
        router(node(PRIMARY).build());
        router(node(STANDBY).build());
        router(node(OTHER).keyExpiry(START.plus(EXPIRY)).build());

        List<RouteEvent> events = run(EXPIRY, new Command.ReportHealth(PRIMARY, LAN, Health.UNHEALTHY, null));

        assertThat(cause(events)).contains("node 1", "`ada`");
    }
}
