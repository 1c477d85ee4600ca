package dev.wayleave.storage.contract;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredTailnet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** One of many who load, decide on random commands and commit, until enough of it was written. For one thread. */
final class RandomWriter {

    private static final List<Prefix> PREFIXES = List.of(
            Prefix.parse("10.0.0.0/8"),
            Prefix.parse("10.0.0.0/16"),
            Prefix.parse("192.168.1.0/24"),
            Prefix.parse("fd00::/48"),
            Prefix.parse("0.0.0.0/0"),
            Prefix.parse("::/0"));

    private final RoutingStore store;
    private final TailnetId tailnet;
    private final Random random;

    RandomWriter(RoutingStore store, TailnetId tailnet, long seed) {
        this.store = store;
        this.tailnet = tailnet;
        this.random = new Random(seed);
    }

    /** Writes so many times, and notes what each revision changed. */
    void write(int times, Map<Revision, Commit> written) {
        int done = 0;
        while (done < times) {
            Optional<StoredTailnet> stored = store.load(tailnet);
            Revision expected = stored.map(StoredTailnet::revision).orElse(Revision.NONE);
            Instant now = SampleRows.AT.plusSeconds(expected.value());
            RoutingState state = stored.map(found -> RoutingState.restore(found.rows(), now))
                    .orElseGet(() -> RoutingState.empty(tailnet, RoutingSettings.DEFAULT, now));
            Step step =
                    Routing.step(state, List.of(new Submission(new Actor("random"), "try " + done, commands())), now);
            Commit commit = new Commit(
                    tailnet,
                    expected,
                    stored.map(StoredTailnet::token).orElse(null),
                    new CommitToken(UUID.randomUUID().toString()),
                    now,
                    rows(expected, step),
                    step.events());
            CommitOutcome outcome = store.commit(commit);
            if (outcome instanceof CommitOutcome.Committed committed) {
                Commit before = written.put(committed.revision(), commit);
                if (before != null || !committed.revision().equals(expected.next())) {
                    throw new AssertionError(
                            "revision " + committed.revision() + " on top of " + expected + " after " + before);
                }
                done++;
            } else if (outcome instanceof CommitOutcome.Unknown unknown) {
                throw new AssertionError("nothing broke, but the outcome is unknown", unknown.cause());
            }
        }
    }

    private static RowChanges rows(Revision expected, Step step) {
        RowChanges change = step.rowChanges();
        if (!expected.equals(Revision.NONE)) {
            return change;
        }
        RoutingState next = step.next();
        return new RowChanges(
                new TailnetRow(next.tailnet(), next.settings(), next.policy()),
                change.users(),
                change.nodes(),
                change.routes());
    }

    private List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        NodeId node = new NodeId(1 + random.nextInt(5));
        commands.add(
                new Command.RegisterNode(Node.builder(node, "node " + random.nextInt(1_000), Owner.tags("tag:router"))
                        .registeredAt(SampleRows.AT)
                        .build()));
        if (random.nextInt(4) > 0) {
            commands.add(new Command.ConnectSession(node, new SessionId("s" + random.nextInt(3))));
        }
        if (random.nextInt(4) > 0) {
            commands.add(new Command.AdvertiseRoutes(node, some()));
        }
        if (random.nextInt(4) == 0) {
            commands.add(new Command.SetUsers(users()));
        }
        switch (random.nextInt(8)) {
            case 0, 1 -> commands.add(new Command.SetApprovedRoutes(node, some()));
            case 2 -> commands.add(new Command.RevokeRoutes(node, some()));
            case 3 -> commands.add(new Command.DrainNode(node, null, true));
            case 4 -> commands.add(new Command.UndrainNode(node));
            case 5 -> commands.add(new Command.RemoveNode(node));
            case 6 -> commands.add(new Command.SetPolicy(PolicyReader.read(policy())));
            default ->
                commands.add(new Command.SetSettings(RoutingSettings.DEFAULT.toBuilder()
                        .priority(node, random.nextInt(5))
                        .build()));
        }
        return commands;
    }

    private Users users() {
        return Users.of(Stream.of("1", "2", "3")
                .filter(id -> random.nextBoolean())
                .map(id -> User.builder(new UserId(id), "user-" + random.nextInt(3))
                        .build())
                .toList());
    }

    private String policy() {
        return random.nextBoolean() ? """
                {"tagOwners": {"tag:router": []}}""" : """
                {
                  "tagOwners": {"tag:router": []},
                  "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}, "exitNode": ["tag:router"]}
                }
                """;
    }

    private List<Prefix> some() {
        return PREFIXES.stream().filter(prefix -> random.nextBoolean()).toList();
    }
}
