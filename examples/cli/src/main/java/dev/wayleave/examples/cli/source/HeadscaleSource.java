package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.source.RemoteApi.Answer;
import dev.wayleave.examples.cli.source.ReportedTailnet.ReportedNode;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
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

    private static final String UNKNOWN =
            "Headscale's API does not tell denials, roles of users, health, and since when"
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
        this.api = new RemoteApi(url, "Headscale", key, "Bearer " + key, patience);
        this.policyFile = policyFile;
    }

    private record UserDocument(
            String id,
            @Nullable String name,
            @Nullable String email,
            @Nullable String displayName) {

        User user() {
            String called = Stream.of(name, email, displayName)
                    .filter(text -> text != null && !text.isBlank())
                    .findFirst()
                    .orElse("headscale-user-" + id);
            return ApiSource.made("user " + id, () -> {
                User.Builder user = User.builder(new UserId(id), called);
                // a policy names a user by a name that is an e-mail address as it names one by the address
                String address = email != null && !email.isBlank() ? email : called.indexOf('@') > 0 ? called : null;
                return (address == null ? user : user.email(address)).build();
            });
        }
    }

    private record KeyDocument(@Nullable Boolean ephemeral) {}

    /** A node; {@code forcedTags} and {@code validTags} became {@code tags} in 0.28. */
    private record NodeDocument(
            String id,
            @Nullable String machineKey,
            @Nullable List<IpAddress> ipAddresses,
            @Nullable String name,
            @Nullable String givenName,
            @Nullable UserDocument user,
            @Nullable String expiry,
            @Nullable String createdAt,
            @Nullable KeyDocument preAuthKey,
            @Nullable Boolean online,
            @Nullable List<Prefix> approvedRoutes,
            @Nullable List<Prefix> availableRoutes,
            @Nullable List<Prefix> subnetRoutes,
            @Nullable List<Tag> tags,
            @Nullable List<Tag> forcedTags,
            @Nullable List<Tag> validTags) {

        String about() {
            return "node " + id;
        }

        NodeId number() {
            return ApiSource.made(about(), () -> new NodeId(Long.parseLong(id)));
        }

        SortedSet<Tag> allTags() {
            SortedSet<Tag> all = new TreeSet<>();
            Stream.of(tags, forcedTags, validTags).filter(Objects::nonNull).forEach(all::addAll);
            return all;
        }

        Owner owner() {
            SortedSet<Tag> all = allTags();
            if (!all.isEmpty()) {
                return Owner.tags(all);
            }
            if (user == null) {
                throw new BadInput(about() + " has neither a user nor tags");
            }
            return Owner.user(new UserId(user.id()));
        }

        ReportedNode reported(Map<String, NodeId> hostKeys) {
            NodeId number = number();
            Node facts = ApiSource.made(about(), () -> {
                Node.Builder node = Node.builder(
                                number,
                                givenName == null || givenName.isEmpty() ? String.valueOf(name) : givenName,
                                owner())
                        .hostKey(ReportedTailnet.hostKey(hostKeys, String.valueOf(machineKey), number))
                        .registeredAt(Objects.requireNonNullElse(ApiSource.time(about(), createdAt), Instant.EPOCH))
                        .keyExpiry(ApiSource.time(about(), expiry))
                        .ephemeral(preAuthKey != null && Boolean.TRUE.equals(preAuthKey.ephemeral()));
                if (ipAddresses != null) {
                    ipAddresses.forEach(node::address);
                }
                return node.build();
            });
            SortedSet<Prefix> carried = set(subnetRoutes);
            carried.removeIf(Prefix::isExitRoute);
            return new ReportedNode(
                    facts, set(availableRoutes), set(approvedRoutes), carried, Boolean.TRUE.equals(online));
        }

        private static SortedSet<Prefix> set(@Nullable Collection<Prefix> prefixes) {
            return prefixes == null ? new TreeSet<>() : new TreeSet<>(prefixes);
        }
    }

    private record PolicyDocument(@Nullable String policy) {}

    @Override
    public ReportedTailnet reported() {
        List<NodeDocument> documents = api.list(NODES, "nodes", NodeDocument.class);
        if (documents.stream().anyMatch(node -> node.approvedRoutes() == null)) {
            throw new BadInput("the Headscale at `" + api.address() + "` is older than 0.26: its API does not say which"
                    + " routes are approved; `wayleave import-headscale --from` reads its database instead");
        }
        Map<String, User> users = new LinkedHashMap<>();
        api.list(API + "user", "users", UserDocument.class).forEach(user -> users.put(user.id(), user.user()));
        for (NodeDocument node : documents) {
            if (node.allTags().isEmpty() && node.user() != null) {
                users.putIfAbsent(node.user().id(), node.user().user());
            }
        }
        Users known = Users.of(users.values());
        Map<String, NodeId> hostKeys = new HashMap<>();
        List<ReportedNode> nodes = new ArrayList<>();
        documents.forEach(node -> nodes.add(node.reported(hostKeys)));
        return new ReportedTailnet(
                new TailnetId(api.host()),
                PRODUCT,
                RoutingSettings.HEADSCALE,
                known,
                policy(known),
                ReportedTailnet.unique(nodes),
                true,
                UNKNOWN);
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
