package dev.wayleave;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.FailBack;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.settings.RoutingSettingsBuilder;
import dev.wayleave.testing.Scenario;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Commands as a mapper or a careless host would make them: usual ones, whose components are replaced, at any depth, by
 * null, by the ends of their range, by texts that no store takes. One that a constructor refuses has no command.
 */
final class MutatedCommands {

    private static final List<Prefix> PREFIXES = List.of(
            Prefix.parse("10.0.0.0/8"),
            Prefix.parse("10.0.0.0/16"),
            Prefix.parse("192.168.1.0/24"),
            Prefix.parse("fd00::/48"),
            Prefix.parse("fd7a:115c:a1e0:b1a:0:7:a01:200/120"),
            Prefix.parse("100.64.0.0/10"),
            Prefix.parse("255.255.255.255/32"),
            Prefix.parse("0.0.0.0/0"),
            Prefix.parse("::/0"));

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a\u0000b",
            "\n",
            "\u001b[2J",
            "\ud800",
            "\udc00x",
            "\ud83d\ude00",
            "\u202e",
            "x".repeat(200),
            "x".repeat(201),
            "x".repeat(255),
            "x".repeat(256),
            "x".repeat(5000),
            "'; drop table",
            "node-1",
            "1");

    private static final List<Instant> INSTANTS = List.of(
            Instant.MIN,
            Instant.MAX,
            Instant.EPOCH,
            Instant.ofEpochMilli(Long.MAX_VALUE),
            Instant.ofEpochMilli(Long.MIN_VALUE),
            Instant.ofEpochSecond(0, -1),
            Scenario.START,
            Scenario.START.plusNanos(1),
            Scenario.START.plusSeconds(40),
            Scenario.START.minusSeconds(100_000_000_000L));

    private static final List<Duration> DURATIONS = List.of(
            Duration.ZERO,
            Duration.ofNanos(1),
            Duration.ofNanos(-1),
            Duration.ofMillis(500),
            Duration.ofHours(-1),
            Duration.ofDays(1),
            Command.StepClock.MOST,
            Command.StepClock.MOST.plusMillis(1),
            Command.StepClock.MOST.negated(),
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
            Duration.ofSeconds(Long.MIN_VALUE));

    private static final List<Long> NUMBERS =
            List.of(1L, 2L, 3L, 4L, 5L, 0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, (long) Integer.MAX_VALUE + 1);

    private static final List<RoutingPolicy> POLICIES =
            List.of(RoutingPolicy.builder().build(), PolicyReader.read("""
                    {"tagOwners": {"tag:router": []},
                     "autoApprovers": {"routes": {"0.0.0.0/0": ["tag:router", "one@"]}, \
                    "exitNode": ["tag:router"]}}"""), PolicyReader.read("""
                    {"groups": {"group:g": ["nobody@example.com"]},
                     "acls": [{"action": "accept", "src": ["group:g"], "dst": ["10.0.0.0/8:*"]}]}"""));

    private final Random random;

    MutatedCommands(Random random) {
        this.random = random;
    }

    /** A command, or the exception by which a constructor refuses what it would be made of. */
    Command next() {
        Command command = usual();
        for (int i = random.nextInt(3); i > 0; i--) {
            command = (Command) mutated((Record) command);
        }
        return command;
    }

    /** Two users and four connected nodes, so that not all commands are about nodes that are not there. */
    Submission beginning() {
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.SetUsers(Users.of(user("1"), user("2"))));
        for (long id = 1; id <= 4; id++) {
            NodeId node = new NodeId(id);
            commands.add(new Command.RegisterNode(node(node)));
            commands.add(new Command.ConnectSession(node, new SessionId("s0")));
        }
        return new Submission(new Actor("fuzz"), null, commands);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private Command usual() {
        NodeId node = new NodeId(1 + random.nextInt(4));
        SessionId session = new SessionId("s" + random.nextInt(2));
        SortedSet<Prefix> prefixes = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            prefixes.add(any(PREFIXES));
        }
        return switch (random.nextInt(19)) {
            case 0, 1 -> new Command.RegisterNode(node(node));
            case 2 -> new Command.UpdateNode(node(node));
            case 3 -> new Command.RemoveNode(node);
            case 4, 5 -> new Command.AdvertiseRoutes(node, prefixes);
            case 6 ->
                prefixes.isEmpty() || random.nextBoolean()
                        ? new Command.SetApprovedRoutes(node, prefixes)
                        : new Command.ApproveRoutes(node, prefixes);
            case 7 -> new Command.RevokeRoutes(node, prefixes);
            case 8 -> new Command.ImportApprovals(node, prefixes, "elsewhere");
            case 9, 10 -> new Command.ConnectSession(node, session);
            case 11 -> new Command.DisconnectSession(node, session);
            case 12 -> new Command.KeepAlive(node, session, Scenario.START);
            case 13 -> new Command.ReportHealth(node, any(PREFIXES), any(Arrays.asList(Health.values())), session);
            case 14 -> new Command.SetPolicy(any(POLICIES));
            case 15 -> new Command.SetSettings(RoutingSettings.DEFAULT);
            case 16 -> new Command.DrainNode(node, Scenario.START.plusSeconds(40), random.nextBoolean());
            case 17 -> random.nextBoolean() ? new Command.UndrainNode(node) : new Command.StepClock(any(DURATIONS));
            default ->
                random.nextBoolean() ? new Command.SetUsers(Users.of(user("1"), user("2"))) : new Command.PassTime();
        };
    }

    private Node node(NodeId id) {
        return Node.builder(
                        id, "node-" + id, random.nextBoolean() ? Owner.tags("tag:router") : Owner.user(new UserId("1")))
                .address(IpAddress.parse("100.64.0." + id))
                .registeredAt(Scenario.START)
                .build();
    }

    private static User user(String id) {
        return User.builder(new UserId(id), id.equals("1") ? "one" : "two")
                .role(Role.MEMBER)
                .build();
    }

    /** The value with one thing in it changed, or another value of its type, or null. */
    private Object mutated(Object value) {
        if (value == null || oneIn(12)) {
            return null;
        }
        if (value instanceof String text) {
            return oneIn(3) ? text.concat(any(TEXTS)) : any(TEXTS);
        } else if (value instanceof Instant) {
            return any(INSTANTS);
        } else if (value instanceof Duration) {
            return any(DURATIONS);
        } else if (value instanceof Long) {
            return any(NUMBERS);
        } else if (value instanceof Integer) {
            return any(NUMBERS).intValue();
        } else if (value instanceof Boolean flag) {
            return !flag;
        } else if (value instanceof Enum<?> constant) {
            return any(Arrays.asList(constant.getDeclaringClass().getEnumConstants()));
        } else if (value instanceof Prefix) {
            return prefix();
        } else if (value instanceof SortedSet<?> set) {
            return set(set);
        } else if (value instanceof Node node) {
            return mutated(node);
        } else if (value instanceof Users users) {
            return mutated(users);
        } else if (value instanceof User user) {
            return mutated(user);
        } else if (value instanceof RoutingPolicy) {
            return any(POLICIES);
        } else if (value instanceof RoutingSettings settings) {
            return mutated(settings);
        } else if (value instanceof Record made) {
            return mutated(made);
        }
        throw new IllegalStateException("teach me to change a " + value.getClass());
    }

    private Record mutated(Record value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        Object[] arguments = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        int changed = components.length == 0 ? 0 : random.nextInt(components.length);
        try {
            for (int i = 0; i < components.length; i++) {
                Object before = components[i].getAccessor().invoke(value);
                types[i] = components[i].getType();
                arguments[i] = i == changed ? mutated(before) : before;
                if (arguments[i] == null && types[i].isPrimitive()) {
                    arguments[i] = before;
                }
            }
            return value.getClass().getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Prefix prefix() {
        if (oneIn(2)) {
            return any(PREFIXES);
        }
        IpAddress address = random.nextBoolean()
                ? IpAddress.parse("10." + random.nextInt(256) + "." + random.nextInt(256) + ".0")
                : IpAddress.parse("fd00::" + Integer.toHexString(random.nextInt(65536)));
        return Prefix.truncating(address, random.nextInt(address.isIpv4() ? 33 : 129));
    }

    private SortedSet<Object> set(SortedSet<?> set) {
        @SuppressWarnings("unchecked")
        SortedSet<Object> changed =
                new TreeSet<>(Comparator.nullsFirst((a, b) -> ((Comparable<Object>) a).compareTo(b)));
        changed.addAll(set);
        boolean ofPrefixes = set.isEmpty() || set.first() instanceof Prefix;
        if (ofPrefixes && oneIn(200)) {
            for (int i = 0; i < 2_000; i++) {
                changed.add(Prefix.truncating(IpAddress.parse("10." + i / 256 + "." + i % 256 + ".0"), 24));
            }
        } else if (!changed.isEmpty() && oneIn(2)) {
            Object old = any(new ArrayList<>(changed));
            changed.remove(old);
            changed.add(mutated(old));
        } else {
            changed.add(ofPrefixes ? prefix() : mutated(set.first()));
        }
        return changed;
    }

    private Node mutated(Node node) {
        Node.Builder builder = node.toBuilder();
        switch (random.nextInt(9)) {
            case 0 -> builder.hostKey((String) mutated(node.hostKey()));
            case 1 -> builder.name((String) mutated(node.name()));
            case 2 -> builder.owner((Owner) mutated(node.owner()));
            case 3 -> builder.address(oneIn(4) ? null : prefix().first());
            case 4 -> builder.noAddresses();
            case 5 -> builder.registeredAt((Instant) mutated(node.registeredAt()));
            case 6 -> builder.keyExpiry(oneIn(8) ? null : any(INSTANTS));
            case 7 -> builder.ephemeral(!node.isEphemeral());
            default -> {
                return Node.builder((NodeId) mutated(node.id()), node.name(), node.owner())
                        .build();
            }
        }
        return builder.build();
    }

    private Users mutated(Users users) {
        List<User> all = new ArrayList<>(users.all());
        if (all.isEmpty() || oneIn(3)) {
            all.add(user("" + random.nextInt(4)));
        } else if (oneIn(2)) {
            int place = random.nextInt(all.size());
            all.set(place, (User) mutated((Object) all.get(place)));
        } else {
            all.remove(random.nextInt(all.size()));
        }
        Collections.shuffle(all, random);
        return Users.of(all);
    }

    private User mutated(User user) {
        User.Builder builder = user.toBuilder();
        switch (random.nextInt(5)) {
            case 0 -> builder.name((String) mutated(user.name()));
            case 1 -> builder.email(oneIn(3) ? "one@example.com" : (String) mutated(user.name()));
            case 2 -> builder.role((Role) mutated(user.role()));
            case 3 -> builder.sharedIn(!user.isSharedIn());
            default -> {
                return User.builder((UserId) mutated(user.id()), user.name()).build();
            }
        }
        return builder.build();
    }

    private RoutingSettings mutated(RoutingSettings settings) {
        RoutingSettingsBuilder builder = settings.toBuilder();
        switch (random.nextInt(11)) {
            case 0 -> builder.grace(any(DURATIONS));
            case 1 -> builder.restartGrace(any(DURATIONS));
            case 2 -> {
                if (oneIn(3)) {
                    builder.withoutSilenceLimit();
                } else {
                    builder.silenceLimit(any(DURATIONS));
                }
            }
            case 3 -> builder.ephemeralIdle(any(DURATIONS));
            case 4 -> builder.failBack(oneIn(2) ? FailBack.atOnce() : FailBack.after(any(DURATIONS)));
            case 5 -> builder.priority(new NodeId(any(NUMBERS)), any(NUMBERS).intValue());
            case 6 ->
                builder.priority(
                        new NodeId(any(NUMBERS)), prefix(), any(NUMBERS).intValue());
            case 7 ->
                builder.limits(settings.limits().toBuilder()
                        .nodes(any(NUMBERS).intValue())
                        .routesPerNode(any(NUMBERS).intValue())
                        .build());
            case 8 -> builder.rememberDenied(random.nextBoolean());
            case 9 -> builder.order((ElectionOrder) mutated(settings.election().order()));
            default -> {
                return any(List.of(RoutingSettings.DEFAULT, RoutingSettings.TAILSCALE, RoutingSettings.HEADSCALE));
            }
        }
        return builder.build();
    }
}
