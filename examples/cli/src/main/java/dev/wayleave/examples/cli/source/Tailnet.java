package dev.wayleave.examples.cli.source;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.NearNames;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.settings.TailnetLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a file says about a tailnet.
 *
 * @param policy what the administrators wrote
 * @param users whose nodes there are
 * @param devices in the order of their ids
 * @param overlay the ranges from which nodes have their addresses
 */
public record Tailnet(RoutingPolicy policy, Users users, List<Device> devices, OverlayRanges overlay) {

    private static final TailnetId TAILNET = new TailnetId("file");
    private static final Actor ADMINISTRATOR = new Actor("administrator");
    private static final int MANY = 1_000_000;

    /** A file may be as large as it likes: it is read once. */
    private static final RoutingSettings SETTINGS = RoutingSettings.DEFAULT.toBuilder()
            .withoutSilenceLimit()
            .limits(TailnetLimits.builder()
                    .nodes(MANY)
                    .users(MANY)
                    .routesPerNode(MANY)
                    .routesRememberedPerNode(MANY)
                    .commandsPerSubmission(5 * MANY)
                    .build())
            .build();

    Optional<Device> find(String name) {
        return devices.stream()
                .filter(device -> device.node().name().equals(name))
                .findFirst();
    }

    public Device named(String name) {
        return find(name)
                .orElseThrow(() -> new BadInput("there is no node `" + name + "`"
                        + NearNames.hint(
                                name,
                                devices.stream()
                                        .map(device -> device.node().name())
                                        .toList())));
    }

    /**
     * The state of a tailnet that begins with what the file says, all in one step: no node had anything before, and
     * what an administrator approved was approved first.
     */
    public RoutingState state() {
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.SetUsers(users));
        commands.add(new Command.SetPolicy(policy));
        Instant now = Instant.EPOCH;
        for (Device device : devices) {
            Node node = device.node();
            now = node.registeredAt().isAfter(now) ? node.registeredAt() : now;
            commands.add(new Command.RegisterNode(node));
            if (!device.approvedByHand().isEmpty()) {
                commands.add(new Command.SetApprovedRoutes(node.id(), device.approvedByHand()));
            }
            if (device.liveness() != Liveness.OFFLINE) {
                commands.add(new Command.ConnectSession(node.id(), new SessionId("file")));
            }
            if (device.health() == Health.UNHEALTHY) {
                commands.add(new Command.ReportHealth(node.id(), device.health()));
            }
            commands.add(new Command.AdvertiseRoutes(node.id(), device.advertised()));
        }
        RoutingState empty = RoutingState.empty(
                TAILNET, SETTINGS.toBuilder().overlay(overlay).build(), now);
        Step step = Routing.step(empty, List.of(new Submission(ADMINISTRATOR, null, commands)), now);
        if (step.results().get(0) instanceof SubmissionResult.Refused refused) {
            throw new BadInput(refused.problems().stream().map(Problem::message).collect(Collectors.joining("; ")));
        }
        return step.next();
    }

    public Device device(NodeId id) {
        return devices.stream()
                .filter(device -> device.node().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    public Node node(NodeId id) {
        return device(id).node();
    }

    public static Collection<Tag> tags(Node node) {
        return node.owner() instanceof Owner.Tagged tagged ? tagged.tags() : List.of();
    }

    /** Whose a node is: the user's name, or the tags. */
    public String owners(Node node) {
        return node.owner() instanceof Owner.OfUser owner
                ? owner(owner).name()
                : tags(node).stream().map(Tag::value).collect(Collectors.joining(", "));
    }

    User owner(Owner.OfUser owner) {
        return users.find(owner.id()).orElseThrow();
    }
}
