package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.source.RemoteApi.Answer;
import dev.wayleave.examples.cli.source.ReportedTailnet.ReportedNode;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A tailnet of Tailscale, by its API v2; or one of a control plane that speaks that API. */
public final class TailscaleSource implements ApiSource {

    /** Where Tailscale's API is. */
    public static final String ADDRESS = "https://api.tailscale.com";

    private static final String PRODUCT = "tailscale";
    private static final String KIND = "Tailscale's API";
    private static final String API = "api/v2/";
    private static final String OAUTH_SECRET = "tskey-client-";

    private final RemoteApi api;
    private final String tailnet;
    private final String root;
    private final @Nullable SourceText policyFile;

    private TailscaleSource(RemoteApi api, String tailnet, @Nullable SourceText policyFile) {
        this.api = api;
        this.tailnet = tailnet;
        this.root = API + "tailnet/" + ControlPlane.part(tailnet) + "/";
        this.policyFile = policyFile;
    }

    private record Token(@Nullable String access_token) {}

    /**
     * A tailnet, with an API key, or with the secret of an OAuth client, for which Tailscale gives a token.
     *
     * @param policyFile the policy in force, if not the one that the API tells
     */
    public static TailscaleSource of(
            String url, String tailnet, String key, Duration patience, @Nullable SourceText policyFile) {
        if (!key.startsWith(OAUTH_SECRET)) {
            return new TailscaleSource(new RemoteApi(url, KIND, key, basic(key), patience), tailnet, policyFile);
        }
        String client = key.substring(OAUTH_SECRET.length()).replaceFirst("-.*", "");
        String token = new RemoteApi(url, KIND, key, basic(key), patience)
                .form(
                        API + "oauth/token",
                        "client_id=" + ControlPlane.part(client) + "&client_secret=" + ControlPlane.part(key),
                        Token.class)
                .access_token();
        if (token == null || !ApiKey.isOne(token)) {
            throw new BadInput("Tailscale gives no token for this OAuth client");
        }
        return new TailscaleSource(new RemoteApi(url, KIND, token, "Bearer " + token, patience), tailnet, policyFile);
    }

    private static String basic(String key) {
        return "Basic " + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
    }

    private record UserDocument(
            String id,
            String loginName,
            @Nullable String role,
            @Nullable String type) {

        User user() {
            return TailscaleSource.user(
                    id,
                    loginName,
                    CaseEntries.role(role == null ? "" : role).orElse(Role.MEMBER),
                    "shared".equals(type));
        }
    }

    private static User user(String id, String loginName, Role role, boolean sharedIn) {
        return ApiSource.made("user " + id, () -> {
            User.Builder user =
                    User.builder(new UserId(id), loginName).role(role).sharedIn(sharedIn);
            return (loginName.indexOf('@') > 0 ? user.email(loginName) : user).build();
        });
    }

    private record DeviceDocument(
            String id,
            @Nullable List<IpAddress> addresses,
            @Nullable String name,
            @Nullable String hostname,
            @Nullable String user,
            @Nullable List<Tag> tags,
            @Nullable String machineKey,
            @Nullable Boolean authorized,
            @Nullable Boolean isExternal,
            @Nullable Boolean isEphemeral,
            @Nullable Boolean keyExpiryDisabled,
            @Nullable String expires,
            @Nullable String created,
            @Nullable Boolean connectedToControl,
            @Nullable String lastSeen,
            @Nullable List<Prefix> advertisedRoutes,
            @Nullable List<Prefix> enabledRoutes) {

        boolean isTagged() {
            return tags != null && !tags.isEmpty();
        }

        String about() {
            return "device " + id;
        }

        /** The name of the machine is the first label of its name in DNS. */
        String machine() {
            String full = name == null || name.isEmpty() ? String.valueOf(hostname) : name;
            return full.replaceFirst("\\..*", "");
        }

        boolean online() {
            return !Boolean.FALSE.equals(connectedToControl);
        }

        ReportedNode reported(Map<String, User> users, Map<String, NodeId> hostKeys) {
            NodeId number = ApiSource.made(about(), () -> new NodeId(Long.parseLong(id)));
            Node facts = ApiSource.made(about(), () -> {
                Node.Builder node = Node.builder(number, machine(), owner(users))
                        .hostKey(ReportedTailnet.hostKey(hostKeys, machineKey == null ? "" : machineKey, number))
                        .registeredAt(Objects.requireNonNullElse(ApiSource.time(about(), created), Instant.EPOCH))
                        .keyExpiry(Boolean.TRUE.equals(keyExpiryDisabled) ? null : ApiSource.time(about(), expires))
                        .ephemeral(Boolean.TRUE.equals(isEphemeral));
                if (addresses != null) {
                    addresses.forEach(node::address);
                }
                return node.build();
            });
            return new ReportedNode(facts, set(advertisedRoutes), set(enabledRoutes), new TreeSet<>(), online());
        }

        private Owner owner(Map<String, User> users) {
            if (tags != null && !tags.isEmpty()) {
                return Owner.tags(tags);
            }
            User owner = users.get(user);
            if (owner == null) {
                throw new BadInput(about() + " has neither a user nor tags");
            }
            return Owner.user(owner.id());
        }

        private static SortedSet<Prefix> set(@Nullable Collection<Prefix> prefixes) {
            return prefixes == null ? new TreeSet<>() : new TreeSet<>(prefixes);
        }
    }

    @Override
    public ReportedTailnet reported() {
        List<DeviceDocument> all = api.list(root + "devices?fields=all", "devices", DeviceDocument.class);
        List<DeviceDocument> devices = all.stream()
                .filter(device -> !Boolean.FALSE.equals(device.authorized()))
                .toList();
        Map<String, User> users = users(devices);
        Users known = Users.of(users.values());
        Map<String, NodeId> hostKeys = new HashMap<>();
        List<ReportedNode> nodes = new ArrayList<>();
        devices.forEach(device -> nodes.add(device.reported(users, hostKeys)));
        return new ReportedTailnet(
                new TailnetId(tailnet.equals("-") ? api.host() : tailnet),
                PRODUCT,
                RoutingSettings.TAILSCALE,
                known,
                policy(known),
                withLast(ReportedTailnet.unique(nodes), devices),
                false,
                unknown(devices, all.size() - devices.size()));
    }

    @Override
    public PolicyText planned(PolicyText policy) {
        return new PolicyText(
                policy.source(), policy.line(), policy.column(), PrunedPolicy.of(policy.text()).text());
    }

    /** By the name with which they log in, which devices call them by. */
    private Map<String, User> users(List<DeviceDocument> devices) {
        Map<String, User> users = new LinkedHashMap<>();
        api.list(root + "users", "users", UserDocument.class).forEach(user -> users.put(user.loginName(), user.user()));
        for (DeviceDocument device : devices) {
            String login = device.user();
            if (!device.isTagged() && login != null && !login.isEmpty()) {
                users.computeIfAbsent(
                        login, l -> user("login:" + l, l, Role.MEMBER, Boolean.TRUE.equals(device.isExternal())));
            }
        }
        return users;
    }

    /** Where every router of a prefix is offline, the one that was seen last keeps it. */
    private static List<ReportedNode> withLast(List<ReportedNode> nodes, List<DeviceDocument> devices) {
        Map<String, Instant> seen = new HashMap<>();
        devices.forEach(device -> seen.put(
                device.id(),
                Objects.requireNonNullElse(ApiSource.time(device.about(), device.lastSeen()), Instant.EPOCH)));
        SortedMap<Prefix, ReportedNode> last = new TreeMap<>();
        SortedSet<Prefix> served = new TreeSet<>();
        for (ReportedNode node : nodes) {
            for (Prefix prefix : node.effective()) {
                if (node.online()) {
                    served.add(prefix);
                }
                last.merge(
                        prefix, node, (one, other) -> lastSeen(seen, other).isAfter(lastSeen(seen, one)) ? other : one);
            }
        }
        last.forEach((prefix, node) -> {
            if (!served.contains(prefix)) {
                node.carried().add(prefix);
            }
        });
        return nodes;
    }

    private static Instant lastSeen(Map<String, Instant> seen, ReportedNode node) {
        return seen.getOrDefault(node.facts().id().toString(), Instant.EPOCH);
    }

    private static String unknown(List<DeviceDocument> devices, int unauthorised) {
        boolean presence = devices.stream().allMatch(device -> device.connectedToControl() != null);
        return "Tailscale's API does not tell which node carries a prefix, denials, health, and since when a route is"
                + " advertised: primaries are computed, no route counts as denied, every device that is online as"
                + " healthy, and every route as advertised now"
                + (presence ? "" : "; it does not tell which devices are online: they all count as online")
                + (unauthorised == 0 ? "" : "; devices that are not authorised are left out: " + unauthorised);
    }

    private ReportedPolicy policy(Users users) {
        if (policyFile != null) {
            return ReportedPolicy.pruned(policyFile, users);
        }
        Answer answer = api.text(root + "acl", "application/hujson");
        if (answer.status() / 100 != 2) {
            throw new BadInput("Tailscale's API does not return the policy (" + answer.status() + api.said(answer)
                    + "): name a file that has it by --current-policy");
        }
        return ReportedPolicy.pruned(new SourceText(api.address() + root + "acl", answer.body()), users);
    }
}
