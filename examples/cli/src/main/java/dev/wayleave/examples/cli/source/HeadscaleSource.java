package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.source.LenientRecord.Member;
import dev.wayleave.examples.cli.source.RemoteApi.Answer;
import dev.wayleave.examples.cli.source.RemoteApi.Limits;
import dev.wayleave.examples.cli.source.ReportedTailnet.ReportedNode;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tailnet of a Headscale, 0.26 or newer, by its REST API v1. */
public final class HeadscaleSource implements ApiSource {

    private static final String PRODUCT = "headscale";
    private static final String API = "api/v1/";
    private static final String NODES = API + "node";
    private static final String POLICY = API + "policy";

    /** What a Headscale with its policy in the database answers where it has none. */
    private static final String NO_POLICY = "acl policy not found";

    private static final String IMPORT = "`wayleave import-headscale --from` reads the database of any release instead";

    private static final String UNKNOWN =
            "Headscale's API does not return denials, roles of users, health, and since when"
                    + " a route is advertised: no route counts as denied, every user as a member, every node that is"
                    + " online as healthy, and every route as advertised now";

    private final RemoteApi api;
    private final @Nullable SourceText policyFile;

    /**
     * A Headscale.
     *
     * @param policyFile the policy in force where the API does not return it; null if it does
     */
    public HeadscaleSource(String url, String key, Duration patience, @Nullable SourceText policyFile) {
        this.api = new RemoteApi(url, "Headscale", key, "Bearer " + key, Limits.of(patience));
        this.policyFile = policyFile;
    }

    private record UserDocument(
            String id,
            @Nullable String name,
            @Nullable String email,
            @Nullable String displayName) {

        Optional<User> user(List<Correction> corrections) {
            LenientRecord record = new LenientRecord("user", id, corrections);
            Optional<String> mail = record.name("email", email);
            String called = record.name("name", name)
                    .or(() -> mail)
                    .or(() -> record.name("displayName", displayName))
                    .orElse("headscale-user-" + id);
            // a policy names a user by a name that is an e-mail address as it names one by the address
            String address = mail.orElse(called.indexOf('@') > 0 ? called : null);
            return record.made(() -> {
                User.Builder user = User.builder(new UserId(id), called);
                return (address == null ? user : user.email(address)).build();
            });
        }
    }

    private record KeyDocument(@Nullable Boolean ephemeral) {}

    /** A node; {@code forcedTags} and {@code validTags} became {@code tags} in 0.28. */
    private record NodeDocument(
            String id,
            @Nullable String machineKey,
            @Nullable List<@Nullable String> ipAddresses,
            @Nullable String name,
            @Nullable String givenName,
            @Nullable UserDocument user,
            @Nullable String expiry,
            @Nullable String createdAt,
            @Nullable KeyDocument preAuthKey,
            @Nullable Boolean online,
            @Nullable List<@Nullable String> approvedRoutes,
            @Nullable List<@Nullable String> availableRoutes,
            @Nullable List<@Nullable String> subnetRoutes,
            @Nullable List<@Nullable String> tags,
            @Nullable List<@Nullable String> forcedTags,
            @Nullable List<@Nullable String> validTags) {

        /** Each tag once, in whichever member the release has it. */
        List<@Nullable String> allTags() {
            return Stream.of(tags, forcedTags, validTags)
                    .filter(Objects::nonNull)
                    .flatMap(List::stream)
                    .distinct()
                    .toList();
        }

        Optional<ReportedNode> reported(
                Map<String, User> users, Map<String, NodeId> hostKeys, List<Correction> corrections) {
            LenientRecord record = new LenientRecord("node", id, corrections);
            Optional<NodeId> number = record.number();
            Optional<Owner> owner = number.flatMap(known -> record.owner(
                    tags != null ? "tags" : "forcedTags", allTags(), user == null ? null : users.get(user.id())));
            return owner.flatMap(known -> record.made(() -> node(record, number.orElseThrow(), known, hostKeys)))
                    .map(facts -> new ReportedNode(
                            facts,
                            record.prefixes("availableRoutes", availableRoutes),
                            record.prefixes("approvedRoutes", approvedRoutes),
                            carried(),
                            Boolean.TRUE.equals(online)));
        }

        private Node node(LenientRecord record, NodeId number, Owner owner, Map<String, NodeId> hostKeys) {
            String called = record.name("node-" + id, new Member("givenName", givenName), new Member("name", name));
            Node.Builder node = Node.builder(number, called, owner)
                    .hostKey(ReportedTailnet.hostKey(
                            hostKeys, record.key("machineKey", machineKey).orElse(""), number))
                    .registeredAt(record.time("createdAt", createdAt).orElse(Node.REGISTRATION_UNKNOWN))
                    .keyExpiry(record.time("expiry", expiry).orElse(null))
                    .ephemeral(preAuthKey != null && Boolean.TRUE.equals(preAuthKey.ephemeral()));
            record.addresses("ipAddresses", ipAddresses).forEach(node::address);
            return node.build();
        }

        /** These are among the routes that are available and approved, whose faults are named there. */
        private SortedSet<Prefix> carried() {
            SortedSet<Prefix> carried =
                    new LenientRecord("node", id, new ArrayList<>()).prefixes("subnetRoutes", subnetRoutes);
            carried.removeIf(Prefix::isExitRoute);
            return carried;
        }
    }

    private record PolicyDocument(@Nullable String policy) {}

    @Override
    public ReportedTailnet reported() {
        List<NodeDocument> documents;
        try {
            documents = api.list(NODES, "nodes", NodeDocument.class);
        } catch (RemoteApi.NotFound absent) {
            throw new BadInput(absent.getMessage() + "; a Headscale older than 0.26 may have no such list: " + IMPORT);
        }
        if (documents.stream().anyMatch(node -> node.approvedRoutes() == null)) {
            throw new BadInput("the Headscale at `" + api.address() + "` is older than 0.26, and does not return which"
                    + " routes are approved: " + IMPORT);
        }
        List<Correction> corrections = new ArrayList<>();
        Map<String, User> users = users(documents, corrections);
        Users known = Users.of(users.values());
        Map<String, NodeId> hostKeys = new HashMap<>();
        List<ReportedNode> nodes = new ArrayList<>();
        documents.forEach(node -> node.reported(users, hostKeys, corrections).ifPresent(nodes::add));
        return new ReportedTailnet(
                new TailnetId(api.host()),
                PRODUCT,
                RoutingSettings.HEADSCALE,
                known,
                policy(known),
                ReportedTailnet.unique(nodes),
                true,
                UNKNOWN,
                corrections);
    }

    /** The users of the list, and those of nodes whom it lacks. */
    private Map<String, User> users(List<NodeDocument> nodes, List<Correction> corrections) {
        Map<String, UserDocument> documents = new LinkedHashMap<>();
        api.list(API + "user", "users", UserDocument.class).forEach(user -> documents.put(user.id(), user));
        for (NodeDocument node : nodes) {
            if (node.user() != null && node.allTags().isEmpty()) {
                documents.putIfAbsent(node.user().id(), node.user());
            }
        }
        Map<String, User> users = new LinkedHashMap<>();
        documents.forEach((id, document) -> document.user(corrections).ifPresent(user -> users.put(id, user)));
        return users;
    }

    private ReportedPolicy policy(Users users) {
        if (policyFile != null) {
            return ReportedPolicy.read(policyFile, users);
        }
        Answer answer = api.text(POLICY, "application/json");
        String said = api.said(answer);
        if (said.contains(NO_POLICY)) {
            return ReportedPolicy.read(ReportedPolicy.NONE, users);
        }
        if (answer.status() / 100 != 2) {
            throw new BadInput("the Headscale at `" + api.address() + "` does not return its policy ("
                    + answer.status() + said + "): name the file that it reads by --current-policy (for an import by"
                    + " --policy), or say by --without-policy that it has none");
        }
        String text = api.read(POLICY, answer, PolicyDocument.class).policy();
        return ReportedPolicy.read(new SourceText(api.address() + POLICY, text == null ? "" : text), users);
    }
}
