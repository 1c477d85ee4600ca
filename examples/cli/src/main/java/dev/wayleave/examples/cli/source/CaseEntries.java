package dev.wayleave.examples.cli.source;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.NearNames;
import dev.wayleave.examples.cli.text.Problem;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.settings.TailnetLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The users and nodes that a file lists, and the state of a tailnet that begins with them. All happens in one step: no
 * node had anything before, and what an administrator approved was approved first.
 */
record CaseEntries(
        SourceText source,
        List<PlacedValue<UserEntry>> users,
        List<PlacedValue<NodeEntry>> nodes,
        OverlayRanges overlay) {

    private static final Actor ADMINISTRATOR = new Actor("administrator");
    private static final TailnetId TAILNET = new TailnetId("file");
    private static final SessionId SESSION = new SessionId("file");
    private static final int MANY = 1_000_000;

    /** A case file is read once, so its tailnet may have any size. */
    static final TailnetLimits LIMITS = TailnetLimits.builder()
            .nodes(MANY)
            .users(MANY)
            .routesPerNode(MANY)
            .routesRememberedPerNode(MANY)
            .commandsPerSubmission(5 * MANY)
            .build();

    private static final RoutingSettings SETTINGS = RoutingSettings.DEFAULT.toBuilder()
            .withoutSilenceLimit()
            .limits(LIMITS)
            .build();

    /** A value of the file, and where it begins. */
    record PlacedValue<T>(T value, int line, int column) {}

    record UserEntry(
            long id,
            String name,
            @Nullable String email,
            @Nullable String role,
            @Nullable Boolean sharedIn) {}

    record NodeEntry(
            long id,
            String name,
            @Nullable String user,
            @Nullable List<Tag> tags,
            @Nullable IpAddress ipv4,
            @Nullable IpAddress ipv6,
            @Nullable List<Prefix> advertised,
            @Nullable List<Prefix> approvedInitially,
            @Nullable Boolean online,
            @Nullable Boolean healthy) {}

    /** A tailnet without users and nodes. */
    static RoutingState none() {
        return RoutingState.empty(TAILNET, SETTINGS, Instant.EPOCH);
    }

    private BadInput refuse(PlacedValue<?> entry, String message) {
        return new BadInput(source, Problem.at(entry.line(), entry.column(), message));
    }

    /** The state of the tailnet, with a policy or without. */
    RoutingState state(@Nullable PolicyText text) {
        Map<String, User> usersByName = usersByName();
        Users known = Users.of(usersByName.values());
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.SetUsers(known));
        if (text != null) {
            RoutingPolicy read = text.read(known);
            commands.add(new Command.SetPolicy(read));
        }
        Instant now = Instant.EPOCH;
        for (Node node : addNodes(usersByName, commands)) {
            now = node.registeredAt().isAfter(now) ? node.registeredAt() : now;
        }
        RoutingSettings settings = SETTINGS.toBuilder().overlay(overlay).build();
        Step step = Routing.step(
                RoutingState.empty(TAILNET, settings, now),
                List.of(new Submission(ADMINISTRATOR, null, commands)),
                now);
        if (step.results().get(0) instanceof SubmissionResult.Refused refused) {
            throw BadInput.refused("", Names.NUMBERS, List.of(refused));
        }
        return step.next();
    }

    private Map<String, User> usersByName() {
        Map<String, User> byName = new LinkedHashMap<>();
        Set<Long> ids = new HashSet<>();
        for (PlacedValue<UserEntry> placed : users) {
            UserEntry entry = placed.value();
            checkKeys(placed, "user", entry.id(), entry.name());
            User.Builder user = made(placed, () -> User.builder(new UserId(Long.toString(entry.id())), entry.name()));
            String email = entry.email();
            if (email != null && !email.isEmpty()) {
                var ignored = made(placed, () -> user.email(email));
            }
            if (entry.role() != null) {
                user.role(role(placed, entry.role()));
            }
            if (!ids.add(entry.id())) {
                throw refuse(placed, "two users have the id " + entry.id());
            }
            if (byName.putIfAbsent(
                            entry.name(),
                            user.sharedIn(Boolean.TRUE.equals(entry.sharedIn())).build())
                    != null) {
                throw refuse(placed, "two users have the name `" + entry.name() + "`");
            }
        }
        return byName;
    }

    private Role role(PlacedValue<?> user, String word) {
        return role(word)
                .orElseThrow(() -> refuse(
                        user,
                        "`" + word + "` is not a role: write member, admin, network-admin, it-admin, billing-admin,"
                                + " auditor or owner"));
    }

    /** A role by the word that Tailscale's API and files have for it. */
    static Optional<Role> role(String word) {
        return Arrays.stream(Role.values())
                .filter(role -> RoutingJson.word(role).equals(word))
                .findFirst();
    }

    private void checkKeys(PlacedValue<?> entry, String what, long id, @Nullable String name) {
        if (id < 1) {
            throw refuse(entry, "a " + what + " needs a positive `id`");
        }
        if (name == null) {
            throw refuse(entry, "a " + what + " needs a `name`");
        }
    }

    /** A value of the library, or what it refuses, with the place. */
    private <T> T made(PlacedValue<?> entry, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException refused) {
            throw refuse(entry, String.valueOf(refused.getMessage()));
        }
    }

    private List<Node> addNodes(Map<String, User> usersByName, List<Command> commands) {
        List<PlacedValue<NodeEntry>> inOrder = new ArrayList<>(nodes);
        inOrder.sort(Comparator.comparing(placed -> placed.value().id()));
        List<Node> made = new ArrayList<>();
        Set<Long> ids = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (PlacedValue<NodeEntry> placed : inOrder) {
            NodeEntry entry = placed.value();
            Node node = node(placed, usersByName);
            if (!ids.add(entry.id())) {
                throw refuse(placed, "two nodes have the id " + entry.id());
            }
            if (!names.add(entry.name())) {
                throw refuse(placed, "two nodes have the name `" + entry.name() + "`");
            }
            made.add(node);
            add(node, entry, commands);
        }
        return made;
    }

    private static void add(Node node, NodeEntry entry, List<Command> commands) {
        commands.add(new Command.RegisterNode(node));
        if (entry.approvedInitially() != null && !entry.approvedInitially().isEmpty()) {
            commands.add(new Command.SetApprovedRoutes(node.id(), new TreeSet<>(entry.approvedInitially())));
        }
        if (!Boolean.FALSE.equals(entry.online())) {
            commands.add(new Command.ConnectSession(node.id(), SESSION));
        }
        if (Boolean.FALSE.equals(entry.healthy())) {
            commands.add(new Command.ReportHealth(node.id(), Health.UNHEALTHY));
        }
        List<Prefix> advertised = entry.advertised() == null ? List.of() : entry.advertised();
        commands.add(new Command.AdvertiseRoutes(node.id(), new TreeSet<>(advertised)));
    }

    private Node node(PlacedValue<NodeEntry> placed, Map<String, User> usersByName) {
        NodeEntry entry = placed.value();
        checkKeys(placed, "node", entry.id(), entry.name());
        // Cases number their nodes in the order in which they registered; the instants only have to keep that order.
        Node.Builder node = made(
                placed,
                () -> Node.builder(new NodeId(entry.id()), entry.name(), owner(placed, usersByName))
                        .registeredAt(Instant.EPOCH.plusMillis(entry.id())));
        if (entry.ipv4() != null) {
            node.address(ofFamily(placed, entry.ipv4(), true));
        }
        if (entry.ipv6() != null) {
            node.address(ofFamily(placed, entry.ipv6(), false));
        }
        return made(placed, node::build);
    }

    private IpAddress ofFamily(PlacedValue<?> entry, IpAddress address, boolean ipv4) {
        if (address.isIpv4() != ipv4) {
            throw refuse(entry, "`" + address + "` is not an " + (ipv4 ? "IPv4" : "IPv6") + " address");
        }
        return address;
    }

    private Owner owner(PlacedValue<NodeEntry> placed, Map<String, User> usersByName) {
        NodeEntry node = placed.value();
        List<Tag> tags = node.tags() == null ? List.of() : node.tags();
        if (node.user() == null && tags.isEmpty()) {
            throw refuse(placed, "node `" + node.name() + "` needs a `user` or `tags`");
        }
        if (node.user() == null) {
            return Owner.tags(tags);
        }
        if (!tags.isEmpty()) {
            throw refuse(placed, "node `" + node.name() + "` has both a `user` and `tags`: a tagged node has no user");
        }
        User user = usersByName.get(node.user());
        if (user == null) {
            throw refuse(
                    placed,
                    "node `" + node.name() + "`: there is no user `" + node.user() + "`"
                            + NearNames.hint(node.user(), usersByName.keySet()));
        }
        return Owner.user(user.id());
    }
}
