package dev.wayleave.json;

import com.google.common.collect.ImmutableSet;
import dev.wayleave.NodeState;
import dev.wayleave.RoutingViews;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.internal.json.Json;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.PeerRoutes;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.ViewerRoutes;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Writes the netmap of one viewer as JSON, in the field names of {@code tailcfg.MapResponse} that Tailscale's clients
 * read: all of it, or what changed.
 *
 * <table>
 *   <caption>What is written</caption>
 *   <tr><th>field</th><th>all</th><th>what changed</th></tr>
 *   <tr><td>{@code Node}</td><td>the viewer</td><td>the viewer, if something of it changed</td></tr>
 *   <tr><td>{@code Peers}</td><td>every peer</td><td></td></tr>
 *   <tr><td>{@code PeersChanged}</td><td></td><td>peers that are new, or changed in more than whether they are
 *       online</td></tr>
 *   <tr><td>{@code PeersRemoved}</td><td></td><td>the numbers of peers that are gone</td></tr>
 *   <tr><td>{@code OnlineChange}</td><td></td><td>whether other peers are online, by number</td></tr>
 *   <tr><td>{@code PacketFilter}</td><td>all rules</td><td>all rules, if one changed</td></tr>
 * </table>
 *
 * <p>A node has {@code ID}, {@code Name}, {@code Addresses}, {@code AllowedIPs} (its addresses, then the routes that
 * the viewer may send to it; of the viewer itself, its effective routes), {@code PrimaryRoutes} and {@code Tags}
 * (absent if there are none), {@code KeyExpiry}, and of peers {@code Online} (absent while it is not known). The host
 * adds what only it knows – {@code Key}, {@code DiscoKey}, {@code Endpoints}, {@code User}, {@code Hostinfo} – by
 * {@link HostFields}.
 *
 * <p>{@code O(size of what is written)}.
 */
public final class NetmapWriter {

    /** The fields that the library decides, and a host does not replace. */
    private static final Set<String> DECIDED =
            ImmutableSet.of("ID", "Addresses", "AllowedIPs", "PrimaryRoutes", "Tags", "Online");

    /** The largest number of levels in a field of the host. */
    static final int MOST_LEVELS = 100;

    private final HostFields hostFields;

    /** Makes a writer of what the library knows. */
    public NetmapWriter() {
        this((viewer, node) -> Map.of());
    }

    /**
     * Makes a writer that adds fields of the host to each node.
     *
     * @param hostFields the host's fields
     */
    public NetmapWriter(HostFields hostFields) {
        this.hostFields = Objects.requireNonNull(hostFields, "hostFields");
    }

    /** The fields of nodes that only the host knows. */
    @FunctionalInterface
    public interface HostFields {

        /**
         * Returns the host's fields of a node.
         *
         * @param viewer the viewer whose netmap is written
         * @param node the viewer itself, or one of its peers
         * @return by name; values are texts, numbers, flags, instants, lists and maps of these, without nulls and not
         *     deeper than 100 levels. Numbers are of primitive types, {@link BigInteger} or {@link
         *     BigDecimal}, and keep every digit; infinities and NaN are refused. {@code Name} and {@code KeyExpiry}
         *     replace those of the library
         */
        Map<String, ?> of(NodeId viewer, NodeId node);
    }

    /**
     * Writes the whole netmap of a viewer.
     *
     * @param views the views
     * @param viewer its number
     * @return a JSON object; empty if the tailnet has no such node
     * @throws IllegalArgumentException if a field of the host is one that the library decides, or cannot be written
     * @throws NullPointerException if the host returns null for the fields of a node
     */
    public Optional<String> full(RoutingViews views, NodeId viewer) {
        Objects.requireNonNull(views, "views");
        return views.viewer(viewer)
                .map(view -> json(generator -> {
                    generator.writeName("Node");
                    writeSelf(generator, views, view);
                    generator.writeArrayPropertyStart("Peers");
                    for (NodeId peer : view.peers()) {
                        writePeer(generator, views, view, peer);
                    }
                    generator.writeEndArray();
                    writeFilter(generator, views.filter(viewer));
                }));
    }

    /**
     * Writes what changed in the netmap of a viewer.
     *
     * @param views the views after the change
     * @param changes the difference from the views that were sent last
     * @param viewer its number
     * @return a JSON object; empty if its netmap did not change, or the tailnet no longer has the node
     * @throws IllegalArgumentException if a field of the host is one that the library decides, or cannot be written
     * @throws NullPointerException if the host returns null for the fields of a node
     */
    public Optional<String> difference(RoutingViews views, ViewChanges changes, NodeId viewer) {
        Objects.requireNonNull(views, "views");
        Objects.requireNonNull(changes, "changes");
        ViewChange change = changes.of(viewer).orElse(null);
        ViewerRoutes view = views.viewer(viewer).orElse(null);
        return change == null || view == null
                ? Optional.empty()
                : Optional.of(json(generator -> writeDifference(generator, views, view, change)));
    }

    private static String json(Consumer<JsonGenerator> content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            generator.writeStartObject();
            content.accept(generator);
            generator.writeEndObject();
        }
        return text.toString();
    }

    private void writeDifference(JsonGenerator generator, RoutingViews views, ViewerRoutes view, ViewChange change) {
        if (!change.self().equals(ViewChange.SelfChange.NONE)) {
            generator.writeName("Node");
            writeSelf(generator, views, view);
        }
        SortedSet<NodeId> whole = new TreeSet<>();
        SortedSet<NodeId> removed = new TreeSet<>();
        SortedSet<NodeId> presence = new TreeSet<>();
        for (PeerChange peer : change.peers()) {
            if (peer instanceof PeerChange.Removed) {
                removed.add(peer.peer());
            } else if (isPresenceAlone(peer) && online(views, peer.peer()) != null) {
                presence.add(peer.peer());
            } else {
                whole.add(peer.peer());
            }
        }
        for (RouteChange route : change.routes()) {
            carriers(route).stream().filter(view::sees).forEach(whole::add);
        }
        presence.removeAll(whole);
        if (!whole.isEmpty()) {
            generator.writeArrayPropertyStart("PeersChanged");
            whole.forEach(peer -> writePeer(generator, views, view, peer));
            generator.writeEndArray();
        }
        if (!removed.isEmpty()) {
            generator.writeArrayPropertyStart("PeersRemoved");
            removed.forEach(peer -> generator.writeNumber(peer.value()));
            generator.writeEndArray();
        }
        if (!presence.isEmpty()) {
            generator.writeObjectPropertyStart("OnlineChange");
            presence.forEach(
                    peer -> generator.writeBooleanProperty(peer.toString(), Boolean.TRUE.equals(online(views, peer))));
            generator.writeEndObject();
        }
        if (!change.filter(view.viewer()).equals(ViewChange.FilterChange.NONE)) {
            writeFilter(generator, views.filter(view.viewer()));
        }
    }

    private static boolean isPresenceAlone(PeerChange peer) {
        return peer instanceof PeerChange.Changed changed
                && changed.facts().size() == 1
                && changed.facts().first() == NodeFact.ONLINE;
    }

    /** Null while it is not known. */
    private static @Nullable Boolean online(RoutingViews views, NodeId peer) {
        return views.state()
                .node(peer)
                .flatMap(node -> node.liveness().online())
                .orElse(null);
    }

    private static List<NodeId> carriers(RouteChange route) {
        if (route instanceof RouteChange.Gained gained) {
            return List.of(gained.to());
        }
        return route instanceof RouteChange.Moved moved
                ? List.of(moved.from(), moved.to())
                : List.of(((RouteChange.Lost) route).from());
    }

    // ---- nodes

    private void writeSelf(JsonGenerator generator, RoutingViews views, ViewerRoutes view) {
        NodeState node = views.state().node(view.viewer()).orElseThrow();
        generator.writeStartObject();
        writeNode(generator, view.viewer(), node, view.self().effective(), view.selfPrimary());
        generator.writeEndObject();
    }

    private void writePeer(JsonGenerator generator, RoutingViews views, ViewerRoutes view, NodeId peer) {
        NodeState node = views.state().node(peer).orElseThrow();
        PeerRoutes routes = view.routes(peer);
        generator.writeStartObject();
        writeNode(generator, view.viewer(), node, routes.all(), routes.primary());
        node.liveness().online().ifPresent(online -> generator.writeBooleanProperty("Online", online));
        generator.writeEndObject();
    }

    private void writeNode(
            JsonGenerator generator,
            NodeId viewer,
            NodeState node,
            Collection<Prefix> allowed,
            Collection<Prefix> primary) {
        Map<String, ?> own = Objects.requireNonNull(
                hostFields.of(viewer, node.id()), () -> "the host's fields of node " + node.id());
        List<String> addresses = node.facts().addresses().stream()
                .map(address -> address.toPrefix().toString())
                .toList();
        generator.writeNumberProperty("ID", node.id().value());
        writeUnlessOwn(generator, own, "Name", node.facts().name());
        writeTexts(generator, "Addresses", addresses);
        List<String> all = new ArrayList<>(addresses);
        allowed.forEach(prefix -> all.add(prefix.toString()));
        writeTexts(generator, "AllowedIPs", all);
        if (!primary.isEmpty()) {
            writeTexts(generator, "PrimaryRoutes", primary);
        }
        if (node.facts().owner() instanceof Owner.Tagged tagged) {
            writeTexts(generator, "Tags", tagged.tags());
        }
        node.facts().keyExpiry().ifPresent(expiry -> writeUnlessOwn(generator, own, "KeyExpiry", expiry));
        own.forEach((name, value) -> {
            Objects.requireNonNull(name, () -> "a name of the host's fields of node " + node.id());
            if (DECIDED.contains(name)) {
                throw new IllegalArgumentException("the host's field `" + name + "` of node " + node.id()
                        + " is one that the library decides: leave it out");
            }
            generator.writeName(name);
            writeValue(generator, name, value, 1);
        });
    }

    private static void writeUnlessOwn(JsonGenerator generator, Map<String, ?> own, String name, Object value) {
        if (!own.containsKey(name)) {
            generator.writeStringProperty(name, value.toString());
        }
    }

    private static void writeTexts(JsonGenerator generator, String name, Collection<?> values) {
        generator.writeArrayPropertyStart(name);
        values.forEach(value -> generator.writeString(value.toString()));
        generator.writeEndArray();
    }

    private static void writeValue(JsonGenerator generator, String field, @Nullable Object value, int depth) {
        if (depth > MOST_LEVELS) {
            throw refused(field, "has more than " + MOST_LEVELS + " levels: make it flatter");
        }
        if (value instanceof String || value instanceof Instant) {
            generator.writeString(value.toString());
        } else if (value instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else if (value instanceof Number number) {
            writeNumber(generator, field, number);
        } else if (value instanceof Collection<?> list) {
            generator.writeStartArray();
            list.forEach(element -> writeValue(generator, field, element, depth + 1));
            generator.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            generator.writeStartObject();
            map.forEach((name, element) -> {
                if (name == null) {
                    throw refused(field, "has a map with a null as a name");
                }
                generator.writeName(name.toString());
                writeValue(generator, field, element, depth + 1);
            });
            generator.writeEndObject();
        } else if (value == null) {
            throw refused(field, "is null or has a null in it: leave it out");
        } else {
            throw refused(
                    field,
                    "is a `" + value.getClass().getName() + "`: give a text, number, flag, instant, list or map");
        }
    }

    /** Writes every digit of a number. */
    private static void writeNumber(JsonGenerator generator, String field, Number number) {
        if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
            generator.writeNumber(number.longValue());
        } else if (number instanceof BigInteger integer) {
            generator.writeNumber(integer);
        } else if (number instanceof BigDecimal decimal) {
            generator.writeNumber(decimal);
        } else if (!(number instanceof Double || number instanceof Float)) {
            throw refused(
                    field,
                    "is a `" + number.getClass().getName()
                            + "`: give a number of a primitive type, a BigInteger or a BigDecimal");
        } else if (!Double.isFinite(number.doubleValue())) {
            throw refused(field, "is " + number + ", which JSON cannot say");
        } else if (number instanceof Float) {
            generator.writeNumber(number.floatValue());
        } else {
            generator.writeNumber(number.doubleValue());
        }
    }

    private static IllegalArgumentException refused(String field, String problem) {
        return new IllegalArgumentException("the host's field `" + field + "` " + problem);
    }

    // ---- packet filters

    private static void writeFilter(JsonGenerator generator, PacketFilter filter) {
        generator.writeArrayPropertyStart("PacketFilter");
        for (PacketFilter.Rule rule : filter.rules()) {
            generator.writeStartObject();
            writeTexts(generator, "SrcIPs", rule.sources());
            if (rule instanceof PacketFilter.TrafficRule traffic) {
                writeTraffic(generator, traffic);
            } else if (rule instanceof PacketFilter.CapabilityRule capability) {
                writeCapabilities(generator, capability);
            }
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    private static void writeTraffic(JsonGenerator generator, PacketFilter.TrafficRule traffic) {
        traffic.protocol().ifPresent(protocol -> {
            generator.writeArrayPropertyStart("IPProto");
            generator.writeNumber(protocol.number());
            generator.writeEndArray();
        });
        generator.writeArrayPropertyStart("DstPorts");
        traffic.destinations().forEach((destination, ports) -> {
            for (PortRange range : ports) {
                generator.writeStartObject();
                generator.writeStringProperty("IP", destination.toString());
                generator.writeObjectPropertyStart("Ports");
                generator.writeNumberProperty("First", range.first());
                generator.writeNumberProperty("Last", range.last());
                generator.writeEndObject();
                generator.writeEndObject();
            }
        });
        generator.writeEndArray();
    }

    private static void writeCapabilities(JsonGenerator generator, PacketFilter.CapabilityRule rule) {
        generator.writeArrayPropertyStart("CapGrant");
        generator.writeStartObject();
        writeTexts(generator, "Dsts", rule.destinations());
        generator.writeObjectPropertyStart("CapMap");
        rule.capabilities().forEach((name, parameters) -> {
            generator.writeName(name);
            generator.writeRawValue(parameters);
        });
        generator.writeEndObject();
        generator.writeEndObject();
        generator.writeEndArray();
    }
}
