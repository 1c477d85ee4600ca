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
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A tailnet of Tailscale, by its API v2; or one of a control plane that speaks that API. */
public final class TailscaleSource implements ApiSource {

    /** The address of Tailscale's API. */
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
     * @param policyFile the policy in force, if it is not the one of the API
     */
    public static TailscaleSource of(
            String url, String tailnet, String key, Duration patience, @Nullable SourceText policyFile) {
        if (!key.startsWith(OAUTH_SECRET)) {
            return new TailscaleSource(
                    new RemoteApi(url, KIND, key, basic(key), Limits.of(patience)), tailnet, policyFile);
        }
        String client = key.substring(OAUTH_SECRET.length()).replaceFirst("-.*", "");
        String token = new RemoteApi(url, KIND, key, basic(key), Limits.of(patience))
                .form(
                        API + "oauth/token",
                        "client_id=" + ControlPlane.part(client) + "&client_secret=" + ControlPlane.part(key),
                        Token.class)
                .access_token();
        if (token == null || !ApiKey.isOne(token)) {
            throw new BadInput("Tailscale gives no token for this OAuth client");
        }
        return new TailscaleSource(
                new RemoteApi(url, KIND, token, "Bearer " + token, Limits.of(patience)), tailnet, policyFile);
    }

    private static String basic(String key) {
        return "Basic " + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
    }

    private record UserDocument(
            String id,
            String loginName,
            @Nullable String role,
            @Nullable String type) {

        Optional<User> user(List<Correction> corrections) {
            LenientRecord record = new LenientRecord("user", id, corrections);
            Role known = CaseEntries.role(role == null ? "" : role).orElse(Role.MEMBER);
            return TailscaleSource.user(record, id, loginName, known, "shared".equals(type));
        }
    }

    private static Optional<User> user(LenientRecord record, String id, String loginName, Role role, boolean sharedIn) {
        return record.made(() -> {
            User.Builder user =
                    User.builder(new UserId(id), loginName).role(role).sharedIn(sharedIn);
            return (loginName.indexOf('@') > 0 ? user.email(loginName) : user).build();
        });
    }

    private record DeviceDocument(
            String id,
            @Nullable List<@Nullable String> addresses,
            @Nullable String name,
            @Nullable String hostname,
            @Nullable String user,
            @Nullable List<@Nullable String> tags,
            @Nullable String machineKey,
            @Nullable Boolean authorized,
            @Nullable Boolean isExternal,
            @Nullable Boolean isEphemeral,
            @Nullable Boolean keyExpiryDisabled,
            @Nullable String expires,
            @Nullable String created,
            @Nullable Boolean connectedToControl,
            @Nullable String lastSeen,
            @Nullable List<@Nullable String> advertisedRoutes,
            @Nullable List<@Nullable String> enabledRoutes) {

        boolean isTagged() {
            return tags != null && !tags.isEmpty();
        }

        /** The name of the machine is the first label of its name in DNS. */
        private static @Nullable String label(@Nullable String full) {
            return full == null ? null : full.replaceFirst("\\..*", "");
        }

        boolean online() {
            return !Boolean.FALSE.equals(connectedToControl);
        }

        Optional<ReportedNode> reported(LenientRecord record, Map<String, User> users, Map<String, NodeId> hostKeys) {
            Optional<NodeId> number = record.number();
            Optional<Owner> owner =
                    number.flatMap(known -> record.owner("tags", tags == null ? List.of() : tags, users.get(user)));
            return owner.flatMap(known -> record.made(() -> node(record, number.orElseThrow(), known, hostKeys)))
                    .map(facts -> new ReportedNode(
                            facts,
                            record.prefixes("advertisedRoutes", advertisedRoutes),
                            record.prefixes("enabledRoutes", enabledRoutes),
                            new TreeSet<>(),
                            online()));
        }

        private Node node(LenientRecord record, NodeId number, Owner owner, Map<String, NodeId> hostKeys) {
            String called = record.name(
                    "device-" + id, new Member("name", label(name)), new Member("hostname", label(hostname)));
            Optional<Instant> expiry = record.time("expires", expires);
            Node.Builder node = Node.builder(number, called, owner)
                    .hostKey(ReportedTailnet.hostKey(
                            hostKeys, record.key("machineKey", machineKey).orElse(""), number))
                    .registeredAt(record.time("created", created).orElse(Node.REGISTRATION_UNKNOWN))
                    .keyExpiry(Boolean.TRUE.equals(keyExpiryDisabled) ? null : expiry.orElse(null))
                    .ephemeral(Boolean.TRUE.equals(isEphemeral));
            record.addresses("addresses", addresses).forEach(node::address);
            return node.build();
        }
    }

    @Override
    public ReportedTailnet reported() {
        List<DeviceDocument> all = api.list(root + "devices?fields=all", "devices", DeviceDocument.class);
        List<DeviceDocument> devices = all.stream()
                .filter(device -> !Boolean.FALSE.equals(device.authorized()))
                .toList();
        List<Correction> corrections = new ArrayList<>();
        Map<String, User> users = users(devices, corrections);
        Users known = Users.of(users.values());
        Map<String, NodeId> hostKeys = new HashMap<>();
        List<ReportedNode> nodes = new ArrayList<>();
        Map<NodeId, Instant> lastSeen = new HashMap<>();
        for (DeviceDocument device : devices) {
            LenientRecord record = new LenientRecord("device", device.id(), corrections);
            device.reported(record, users, hostKeys).ifPresent(node -> {
                nodes.add(node);
                record.time("lastSeen", device.lastSeen())
                        .ifPresent(time -> lastSeen.put(node.facts().id(), time));
            });
        }
        List<ReportedNode> unique = ReportedTailnet.unique(nodes);
        carryLast(unique, lastSeen);
        return new ReportedTailnet(
                new TailnetId(tailnet.equals("-") ? api.host() : tailnet),
                PRODUCT,
                RoutingSettings.TAILSCALE,
                known,
                policy(known),
                unique,
                false,
                unknown(devices, all.size() - devices.size()),
                corrections);
    }

    @Override
    public PolicyText planned(PolicyText policy) {
        return new PolicyText(
                policy.source(),
                policy.line(),
                policy.column(),
                PrunedPolicy.of(policy.text()).text());
    }

    /** By the name with which they log in, which devices call them by. */
    private Map<String, User> users(List<DeviceDocument> devices, List<Correction> corrections) {
        Map<String, User> users = new LinkedHashMap<>();
        Set<String> listed = new HashSet<>();
        for (UserDocument user : api.list(root + "users", "users", UserDocument.class)) {
            listed.add(user.loginName());
            user.user(corrections).ifPresent(known -> users.put(user.loginName(), known));
        }
        for (DeviceDocument device : devices) {
            String login = device.user();
            if (!device.isTagged() && login != null && !login.isEmpty() && listed.add(login)) {
                user(
                                new LenientRecord("user", login, corrections),
                                "login:" + login,
                                login,
                                Role.MEMBER,
                                Boolean.TRUE.equals(device.isExternal()))
                        .ifPresent(known -> users.put(login, known));
            }
        }
        return users;
    }

    /** Where every router of a prefix is offline, the one that was seen last keeps it. */
    private static void carryLast(List<ReportedNode> nodes, Map<NodeId, Instant> lastSeen) {
        Comparator<ReportedNode> bySeen =
                Comparator.comparing(node -> lastSeen.getOrDefault(node.facts().id(), Instant.EPOCH));
        SortedMap<Prefix, ReportedNode> last = new TreeMap<>();
        SortedSet<Prefix> served = new TreeSet<>();
        for (ReportedNode node : nodes) {
            for (Prefix prefix : node.effective()) {
                if (node.online()) {
                    served.add(prefix);
                }
                last.merge(prefix, node, (one, other) -> bySeen.compare(other, one) > 0 ? other : one);
            }
        }
        last.forEach((prefix, node) -> {
            if (!served.contains(prefix)) {
                node.carried().add(prefix);
            }
        });
    }

    private static String unknown(List<DeviceDocument> devices, int unauthorised) {
        boolean presence = devices.stream().allMatch(device -> device.connectedToControl() != null);
        return "Tailscale's API does not return which node carries a prefix, denials, health, and since when a route is"
                + " advertised: primaries are computed, no route counts as denied, every device that is online as"
                + " healthy, and every route as advertised now"
                + (presence ? "" : "; it does not return which devices are online: they all count as online")
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
