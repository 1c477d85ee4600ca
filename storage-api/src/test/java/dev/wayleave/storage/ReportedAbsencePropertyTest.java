package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.RETRY;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.FollowedState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RowChanges;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nodes connect to three processes, move between them, and become routers or ephemeral and laptops again; reports of
 * their sessions come late, or never. No absence that a process reports or stores ends a live session at another
 * process. When all reports have arrived, all processes show the same nodes online. {@code -Dwayleave.slow=true} tries
 * more.
 */
class ReportedAbsencePropertyTest {

    private static final int TRIES = Boolean.getBoolean("wayleave.slow") ? 500 : 10;
    private static final int MOMENTS = 80;
    private static final int NODES = 3;

    /** A wrong process, which the property must find. */
    private enum PlantedFault {
        NONE,
        /** A report that the node has no session elsewhere ends the session here. */
        A_REPORTED_ABSENCE_ENDS_ANY_SESSION,
        /** An absence in a row ends a session that was not stored. */
        A_STORED_ABSENCE_ENDS_ANY_SESSION
    }

    /** A connection of a node. */
    private record Connection(Process process, SessionId session) {}

    private PlantedFault fault = PlantedFault.NONE;
    private Random random = new Random(0);
    private final ManualHost host = new ManualHost();
    private final ScriptedStore store = new ScriptedStore(host);
    private final DelayingChannel channel = new DelayingChannel();
    private final List<Process> processes = new ArrayList<>();

    /** The newest connection of each node that has one. */
    private final Map<NodeId, Connection> live = new TreeMap<>();

    /** Connections from which the node has moved away, and whose end their processes have not noticed. */
    private final List<Map.Entry<NodeId, Connection>> former = new ArrayList<>();

    /** The live sessions that a process dropped, although it had no reason. */
    private final List<String> dropped = new ArrayList<>();

    private int sessions;

    private final class Process {

        private final Replica replica;
        private final RouteController controller;

        Process(String id) {
            replica = Replica.join(store, new ReplicaId(id), host, host, LeaseRule.DEFAULT, host::steadyNanos);
            controller = RouteController.builder(store, TAILNET, host, host)
                    .steadyNanos(host::steadyNanos)
                    .retry(RETRY)
                    .random(() -> 0)
                    .functions(functions(fault))
                    .replica(replica)
                    .sessionChannel(channel)
                    .listener(publication ->
                            checkLiveSessions(this, publication.after().state()))
                    .following(Duration.ofMillis(1_100))
                    .shared()
                    .open();
        }

        CompletableFuture<Receipt> submit(Command... commands) {
            return submitted(controller.submit(by("test", commands)));
        }

        RoutingState state() {
            return controller.current().state();
        }
    }

    private static RoutingFunctions functions(PlantedFault fault) {
        return new RoutingFunctions() {
            @Override
            public Step step(RoutingState state, List<Submission> submissions, Instant now) {
                return Routing.step(
                        state,
                        fault == PlantedFault.A_REPORTED_ABSENCE_ENDS_ANY_SESSION
                                ? believed(state, submissions)
                                : submissions,
                        now);
            }

            @Override
            public FollowedState follow(RoutingState state, RowChanges changes, Instant now) {
                FollowedState followed = Routing.follow(state, changes, now);
                if (fault != PlantedFault.A_STORED_ABSENCE_ENDS_ANY_SESSION) {
                    return followed;
                }
                List<Submission> ends = changes.nodes().upserts().stream()
                        .filter(row -> row.absence().isPresent())
                        .map(row -> row.facts().id())
                        .filter(node -> followed.next().lastHeard(node).isPresent())
                        .map(node -> by("fault", end(followed.next(), node)))
                        .toList();
                return new FollowedState(
                        Routing.step(followed.next(), ends, now).next(), followed.touched());
            }
        };
    }

    /** The submissions, with the end of the session here in place of each report that there is none elsewhere. */
    private static List<Submission> believed(RoutingState state, List<Submission> submissions) {
        Map<NodeId, SessionId> connected = new TreeMap<>();
        List<Submission> believed = new ArrayList<>();
        for (Submission submission : submissions) {
            List<Command> commands = new ArrayList<>();
            for (Command command : submission.commands()) {
                Command next = command;
                if (command instanceof Command.ConnectSession connect) {
                    connected.put(connect.node(), connect.session());
                } else if (command instanceof Command.ReportSession report
                        && report.session().isEmpty()) {
                    SessionId here = connected.get(report.node());
                    next = here != null
                            ? new Command.DisconnectSession(report.node(), here)
                            : state.lastHeard(report.node()).isPresent() ? end(state, report.node()) : command;
                }
                commands.add(next);
            }
            believed.add(new Submission(submission.actor(), submission.correlationIdOrNull(), commands));
        }
        return believed;
    }

    private static Command end(RoutingState state, NodeId node) {
        return new Command.DisconnectSession(
                node, state.node(node).orElseThrow().session().orElseThrow());
    }

    // ---- histories

    private ReportedAbsencePropertyTest run(PlantedFault planted, int seed) {
        fault = planted;
        random = new Random(seed);
        for (String id : List.of("one", "two", "three")) {
            processes.add(new Process(id));
            host.run();
        }
        for (long node = 1; node <= NODES; node++) {
            processes.get(0).submit(registered(node));
        }
        host.run();
        for (int moment = 0; moment < MOMENTS; moment++) {
            happen(processes.get(random.nextInt(processes.size())), new NodeId(1 + random.nextInt(NODES)));
            if (random.nextInt(3) > 0) {
                host.run();
            }
        }
        settle();
        return this;
    }

    private void happen(Process process, NodeId node) {
        int index = processes.indexOf(process);
        switch (random.nextInt(12)) {
            case 0, 1 -> connect(process, node);
            case 2 -> disconnect(node);
            case 3 -> endFormer();
            case 4 ->
                process.submit(
                        new Command.AdvertiseRoutes(node, List.of(LAN)),
                        new Command.SetApprovedRoutes(node, List.of(LAN)));
            case 5 -> process.submit(new Command.SetApprovedRoutes(node, List.of()));
            case 6 -> process.submit(new Command.UpdateNode(node(node, random.nextBoolean())));
            case 7 -> pass(Duration.ofSeconds(1 + random.nextInt(20)));
            case 8, 9 -> channel.send(index, random, true);
            default -> arrive(index);
        }
    }

    private void arrive(int index) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            channel.arrive(index, random);
        }
    }

    private static Node node(NodeId id, boolean isEphemeral) {
        return Node.builder(id, "node-" + id, Owner.tags("tag:router"))
                .ephemeral(isEphemeral)
                .build();
    }

    /** A node comes, or moves; the report that its last session ended may come at the same moment. */
    private void connect(Process process, NodeId node) {
        Connection last = live.get(node);
        if (last != null && random.nextBoolean()) {
            disconnect(node);
            host.run();
            channel.send(processes.indexOf(last.process()), random, true);
        }
        SessionId next = new SessionId("session-" + ++sessions);
        CompletableFuture<Void> connected = process.submit(new Command.ConnectSession(node, next))
                .thenRun(() -> {
                    Connection before = live.put(node, new Connection(process, next));
                    if (before != null) {
                        former.add(Map.entry(node, before));
                    }
                });
        arrive(processes.indexOf(process));
        host.run();
        while (!connected.isDone()) {
            host.pass(Duration.ofMillis(50)); // after a conflict
        }
    }

    private void disconnect(NodeId node) {
        Connection ended = live.remove(node);
        if (ended != null) {
            ended.process().submit(new Command.DisconnectSession(node, ended.session()));
        }
    }

    private void endFormer() {
        if (!former.isEmpty()) {
            Map.Entry<NodeId, Connection> ended = former.remove(random.nextInt(former.size()));
            ended.getValue()
                    .process()
                    .submit(new Command.DisconnectSession(
                            ended.getKey(), ended.getValue().session()));
        }
    }

    /** The nodes send keep-alives on their newest connections alone. */
    private void pass(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusSeconds(1)) {
            live.forEach((node, connection) ->
                    connection.process().submit(new Command.KeepAlive(node, connection.session())));
            host.pass(Duration.ofSeconds(1));
        }
    }

    // ---- what must be true

    /** A live session stays, unless the row has an earlier one that another process stored first: then it is lost. */
    private void checkLiveSessions(Process process, RoutingState published) {
        live.entrySet().removeIf(entry -> {
            NodeId node = entry.getKey();
            boolean isHere = published.lastHeard(node).isPresent()
                    && published
                            .node(node)
                            .orElseThrow()
                            .session()
                            .equals(Optional.of(entry.getValue().session()));
            if (entry.getValue().process() != process || isHere) {
                return false;
            }
            if (!isTakenOver(published, node, process.replica.holder())) {
                dropped.add("node " + node + " at replica " + process.replica.id());
            }
            return true;
        });
    }

    private static boolean isTakenOver(RoutingState state, NodeId node, SessionHolder self) {
        return state.rows().nodes().stream()
                .filter(row -> row.facts().id().equals(node))
                .map(NodeRow::session)
                .flatMap(Optional::stream)
                .anyMatch(session -> !session.holder().equals(Optional.of(self)));
    }

    private void settle() {
        while (!former.isEmpty()) {
            endFormer();
        }
        host.run();
        for (int round = 0; round < 2; round++) {
            pass(Duration.ofSeconds(2));
            channel.listening();
            do {
                for (int i = 0; i < processes.size(); i++) {
                    channel.send(i, random, false);
                    while (channel.arrive(i, random)) {
                        host.run();
                    }
                }
            } while (!channel.isQuiet());
            host.run();
        }
    }

    private void checkOnline(int seed) {
        for (long node = 1; node <= NODES; node++) {
            NodeId id = new NodeId(node);
            assertThat(processes)
                    .extracting(
                            process -> process.state().node(id).orElseThrow().liveness() == Liveness.ONLINE)
                    .as("seed %s, node %s", seed, id)
                    .containsOnly(live.containsKey(id));
        }
    }

    @Test
    void noAbsenceEndsALiveSessionAtAnotherProcess() {
        for (int seed = 0; seed < TRIES; seed++) {
            ReportedAbsencePropertyTest history = new ReportedAbsencePropertyTest().run(PlantedFault.NONE, seed);
            assertThat(history.dropped).as("seed %s", seed).isEmpty();
            history.checkOnline(seed);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aProcessThatEndsASessionForAnAbsenceElsewhereIsFound(PlantedFault planted) {
        assertThat(IntStream.range(0, TRIES))
                .anyMatch(seed -> !new ReportedAbsencePropertyTest()
                        .run(planted, seed)
                        .dropped
                        .isEmpty());
    }
}
