package dev.wayleave;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One recorded case: what went into a control plane, and what came out. {@code core/CONFORMANCE.md} describes the file.
 *
 * @param policy the policy as it was posted
 * @param users the tailnet's users
 * @param nodes in the order in which they registered
 * @param refusalOrNull the control plane's message; null if it accepted the policy
 * @param expected what it answered; an empty object if it refused the policy
 */
record ConformanceCase(
        String policy,
        Users users,
        List<RecordedNode> nodes,
        @Nullable String refusalOrNull,
        JsonNode expected) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    Optional<String> refusal() {
        return Optional.ofNullable(refusalOrNull);
    }

    /** A node and the routes that went in with it. */
    record RecordedNode(Node node, SortedSet<Prefix> advertised, SortedSet<Prefix> approvedByHand) {}

    static ConformanceCase read(Path file) {
        JsonNode root = JSON.readTree(file.toFile());
        if (root.required("format").intValue() != 1) {
            throw new IllegalArgumentException(
                    "format " + root.get("format") + " is unknown; this test reads format 1");
        }
        TreeMap<String, User> users = new TreeMap<>();
        for (JsonNode user : root.required("users")) {
            User.Builder builder = User.builder(
                    new UserId(user.required("id").asString()),
                    user.required("name").stringValue());
            User built = builder.email(user.required("email").stringValue()).build();
            users.put(built.name(), built);
        }
        List<RecordedNode> nodes = root.required("nodes").values().stream()
                .map(node -> node(node, users))
                .toList();
        JsonNode refusal = root.required("expectRejected");
        JsonNode expected = root.required("expected");
        return new ConformanceCase(
                root.required("policy").toString(),
                Users.of(users.values()),
                nodes,
                refusal.isObject() ? refusal.required("message").stringValue() : null,
                expected.isNull() ? JSON.createObjectNode() : expected);
    }

    private static RecordedNode node(JsonNode node, SortedMap<String, User> users) {
        long id = node.required("id").longValue();
        List<Tag> tags = node.required("tags").values().stream()
                .map(tag -> new Tag(tag.stringValue()))
                .toList();
        Owner owner = tags.isEmpty()
                ? Owner.user(users.get(node.required("user").stringValue()).id())
                : Owner.tags(tags);
        Node built = Node.builder(new NodeId(id), node.required("name").stringValue(), owner)
                .address(IpAddress.parse(node.required("ipv4").stringValue()))
                .address(IpAddress.parse(node.required("ipv6").stringValue()))
                // the ids count the nodes in the order in which they registered
                .registeredAt(Instant.EPOCH.plusSeconds(id))
                .build();
        return new RecordedNode(
                built, prefixes(node.required("advertised")), prefixes(node.required("approvedInitially")));
    }

    static SortedSet<Prefix> prefixes(JsonNode texts) {
        SortedSet<Prefix> prefixes = new TreeSet<>();
        texts.forEach(text -> prefixes.add(Prefix.parse(text.stringValue())));
        return prefixes;
    }
}
