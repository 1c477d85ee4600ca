package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.JsonText;
import dev.wayleave.examples.cli.text.NearNames;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Reads a tailnet from a conformance case, or from a file of the same shape that holds no more than {@code policy},
 * {@code users}, {@code nodes} and, where nodes have addresses from other ranges than usual, {@code overlay}. What else
 * a case holds is not read.
 */
public final class TailnetFile {

    private static final Set<String> USER_FIELDS = Set.of("id", "name", "email", "role", "sharedIn");
    private static final Set<String> NODE_FIELDS = Set.of(
            "id", "name", "user", "tags", "ipv4", "ipv6", "advertised", "approvedInitially", "online", "healthy");

    private final SourceText source;
    private final Map<String, User> usersByName = new LinkedHashMap<>();

    private TailnetFile(SourceText source) {
        this.source = source;
    }

    public static Tailnet read(Path path) {
        return new TailnetFile(SourceText.read(path)).tailnet();
    }

    private Tailnet tailnet() {
        Fields file;
        try {
            file = new Fields(source, "a tailnet", JsonText.read(source.text()));
        } catch (JsonText.Malformed malformed) {
            throw source.refuse(malformed.place(), malformed.reason());
        }
        Json policy = file.need("policy");
        file.need("nodes");
        readUsers(file.list("users"));
        List<Device> devices = readNodes(file.list("nodes"));
        Users users = Users.of(usersByName.values());
        OverlayRanges overlay = overlay(file);
        return new Tailnet(PolicyText.of(source, policy, users).read(), users, devices, overlay);
    }

    private static OverlayRanges overlay(Fields file) {
        if (file.find("overlay").isEmpty()) {
            return OverlayRanges.DEFAULT;
        }
        SortedSet<Prefix> ranges = file.prefixes("overlay");
        if (ranges.isEmpty()) {
            throw file.refuse("overlay", "`overlay` is empty: list the prefixes from which nodes have their addresses");
        }
        return OverlayRanges.of(AddressSet.ofPrefixes(ranges));
    }

    /** The tailnet of a file; none if the file holds nothing but a policy, or a tailnet that other commands refuse. */
    public static Optional<Tailnet> inside(SourceText source) {
        if (JsonText.objectMember(source.text(), "policy").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TailnetFile(source).tailnet());
        } catch (BadInput refused) {
            return Optional.empty();
        }
    }

    /** The users alone; none if the file has none. */
    static Users users(SourceText source, Json file) {
        TailnetFile reader = new TailnetFile(source);
        reader.readUsers(new Fields(source, "a tailnet", file).list("users"));
        return Users.of(reader.usersByName.values());
    }

    private void readUsers(List<Json> values) {
        Map<UserId, User> byId = new TreeMap<>();
        for (Json value : values) {
            Fields fields = new Fields(source, "a user", value);
            fields.allowOnly(USER_FIELDS);
            User.Builder user =
                    User.builder(new UserId(Long.toString(fields.positiveNumber("id"))), fields.name("name"));
            fields.text("email").filter(email -> !email.isEmpty()).ifPresent(email -> user.email(fields.name("email")));
            fields.text("role").ifPresent(role -> user.role(role(fields, role)));
            User built = user.sharedIn(fields.flag("sharedIn", false)).build();
            if (byId.putIfAbsent(built.id(), built) != null) {
                throw fields.refuse("id", "two users have the id " + built.id());
            }
            if (usersByName.putIfAbsent(built.name(), built) != null) {
                throw fields.refuse("name", "two users have the name `" + built.name() + "`");
            }
        }
    }

    private static Role role(Fields fields, String text) {
        for (Role role : Role.values()) {
            if (role.name().replace('_', '-').toLowerCase(Locale.ROOT).equals(text)) {
                return role;
            }
        }
        throw fields.refuse(
                "role",
                "`" + text + "` is no role; write member, admin, network-admin, it-admin, "
                        + "billing-admin, auditor or owner");
    }

    private List<Device> readNodes(List<Json> values) {
        Map<NodeId, Device> byId = new TreeMap<>();
        Map<String, Device> byName = new LinkedHashMap<>();
        for (Json value : values) {
            Fields fields = new Fields(source, "a node", value);
            fields.allowOnly(NODE_FIELDS);
            Device device = device(fields);
            if (byId.putIfAbsent(device.node().id(), device) != null) {
                throw fields.refuse(
                        "id", "two nodes have the id " + device.node().id());
            }
            if (byName.putIfAbsent(device.node().name(), device) != null) {
                throw fields.refuse(
                        "name", "two nodes have the name `" + device.node().name() + "`");
            }
        }
        List<Device> devices = new ArrayList<>(byId.values());
        devices.sort(Comparator.comparing(device -> device.node().id()));
        return List.copyOf(devices);
    }

    private Device device(Fields fields) {
        long id = fields.positiveNumber("id");
        // Cases number their nodes in the order in which they registered; the instants only have to keep that order.
        Node.Builder node = Node.builder(new NodeId(id), fields.name("name"), owner(fields))
                .registeredAt(Instant.EPOCH.plusMillis(id));
        fields.address("ipv4", true).ifPresent(node::address);
        fields.address("ipv6", false).ifPresent(node::address);
        return new Device(
                node.build(),
                fields.prefixes("advertised"),
                fields.prefixes("approvedInitially"),
                fields.flag("online", true) ? Liveness.ONLINE : Liveness.OFFLINE,
                fields.flag("healthy", true) ? Health.HEALTHY : Health.UNHEALTHY);
    }

    private Owner owner(Fields fields) {
        List<Tag> tags = fields.tags("tags");
        if (fields.text("user").isEmpty()) {
            if (tags.isEmpty()) {
                throw fields.refuse("name", "node `" + fields.name("name") + "` needs a `user` or `tags`");
            }
            return Owner.tags(tags);
        }
        String name = fields.name("user");
        if (!tags.isEmpty()) {
            throw fields.refuse(
                    "tags",
                    "node `" + fields.name("name") + "` has both a `user` and `tags`: a tagged node is nobody's");
        }
        User user = usersByName.get(name);
        if (user == null) {
            throw fields.refuse("user", "there is no user `" + name + "`" + NearNames.hint(name, usersByName.keySet()));
        }
        return Owner.user(user.id());
    }
}
