package dev.wayleave.examples.server.plane;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Body;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.policy.TagVerdict;
import dev.wayleave.storage.Receipt;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes nodes: numbers, addresses and owners are the host's business, and the policy is asked about tags. */
public final class Registration {

    private final ControlPlane plane;
    private final HostTables tables;
    private final Keys keys;
    private final Consumer<Set<Long>> cutStreams;
    private final InstantSource clock;

    /** One at a time: addresses are taken from what is free. */
    private final Object registering = new Object();

    /**
     * Over a control plane.
     *
     * @param cutStreams ends the streams of the keys with these numbers
     */
    public Registration(
            ControlPlane plane, HostTables tables, Keys keys, Consumer<Set<Long>> cutStreams, InstantSource clock) {
        this.plane = plane;
        this.tables = tables;
        this.keys = keys;
        this.cutStreams = cutStreams;
        this.clock = clock;
    }

    /** A node that was registered, and the new key of its agent. */
    public record RegistrationResult(Node node, String key, boolean isNew, Receipt receipt) {}

    /** The values that a registration asks for. */
    private record RegistrationRequest(
            String name, String hostKey, Owner owner, List<IpAddress> addresses, boolean ephemeral) {}

    public RegistrationResult register(Actor actor, Body body) {
        synchronized (registering) {
            RoutingState state = plane.state();
            RegistrationRequest wanted = read(body, state);
            Optional<NodeState> known = state.nodeWithHostKey(wanted.hostKey()).flatMap(state::node);
            NodeId id = known.map(NodeState::id).orElseGet(() -> new NodeId(tables.next("node")));
            Node node = node(wanted, id, known.map(NodeState::facts).orElse(null), state);
            Receipt receipt = plane.submit(actor, new Command.RegisterNode(node));
            // If this fails, the node has no key: the next registration by its host key makes one.
            String name = node.name();
            Keys.NewKey key = keys.createForAgent(id, name.substring(0, Math.min(name.length(), Keys.LONGEST_NAME)));
            // the number of the key stays, and a client with the older key must not go on reading
            cutStreams.accept(Set.of(key.row().id()));
            return new RegistrationResult(node, key.key(), known.isEmpty(), receipt);
        }
    }

    private static RegistrationRequest read(Body body, RoutingState state) {
        String name = body.name("name");
        String hostKey = body.name("hostKey");
        Optional<String> user = body.text("user", 200);
        List<Tag> tags = new ArrayList<>();
        for (String tag : body.texts("tags")) {
            body.made("tags", () -> new Tag(tag)).ifPresent(tags::add);
        }
        List<IpAddress> addresses = new ArrayList<>();
        for (String address : body.texts("addresses")) {
            body.made("addresses", () -> IpAddress.parse(address)).ifPresent(addresses::add);
        }
        boolean ephemeral = body.flag("ephemeral");
        Optional<User> owner = user.flatMap(text -> user(state, text));
        if (user.isPresent() && owner.isEmpty()) {
            body.refuse("user", "unknown-user", "`user` names no user, or more than one");
        }
        if (user.isEmpty() && tags.isEmpty()) {
            body.refuse("user", "missing", "a node needs a `user` or `tags`");
        }
        body.end();
        owner.ifPresent(who -> checkTags(state, who, tags));
        Owner owning = tags.isEmpty() ? Owner.user(owner.map(User::id).orElse(new UserId("?"))) : Owner.tags(tags);
        return new RegistrationRequest(name, hostKey, owning, addresses, ephemeral);
    }

    private static Optional<User> user(RoutingState state, String text) {
        Optional<User> byId = state.users().all().stream()
                .filter(user -> user.id().value().equals(text))
                .findFirst();
        return byId.or(() -> Optional.of(state.users().named(text))
                .filter(found -> found.size() == 1)
                .map(found -> found.get(0)));
    }

    private static void checkTags(RoutingState state, User user, List<Tag> tags) {
        List<ApiException.Fault> faults = new ArrayList<>();
        for (Tag tag : tags) {
            TagVerdict verdict = state.policy().mayTag(user, tag, state.users());
            if (!verdict.isAllowed()) {
                faults.add(new ApiException.Fault(verdict.kind(), verdict.text(state.users()), "tags"));
            }
        }
        if (!faults.isEmpty()) {
            throw new ApiException(422, "the policy does not allow these tags", faults);
        }
    }

    private Node node(RegistrationRequest wanted, NodeId id, @Nullable Node known, RoutingState state) {
        Node.Builder node = known != null
                ? known.toBuilder()
                : Node.builder(id, wanted.name(), wanted.owner())
                        .hostKey(wanted.hostKey())
                        .registeredAt(clock.instant());
        node.name(wanted.name()).owner(wanted.owner()).ephemeral(wanted.ephemeral());
        Set<IpAddress> taken = new HashSet<>();
        state.nodes().values().stream()
                .filter(other -> !other.id().equals(id))
                .forEach(other -> taken.addAll(other.facts().addresses()));
        if (!wanted.addresses().isEmpty()) {
            node.noAddresses();
            for (IpAddress address : wanted.addresses()) {
                if (taken.contains(address)) {
                    throw new ApiException(409, "address `" + address + "` belongs to another node");
                }
                node.address(address);
            }
        } else if (known == null) {
            free(id, taken, state).forEach(node::address);
        }
        return node.build();
    }

    private static List<IpAddress> free(NodeId id, Set<IpAddress> taken, RoutingState state) {
        List<IpAddress> addresses = new NodeAddresses(state.settings().overlay()).free(id.value(), taken);
        if (addresses.isEmpty()) {
            throw new ApiException(503, "no address is free");
        }
        return addresses;
    }
}
