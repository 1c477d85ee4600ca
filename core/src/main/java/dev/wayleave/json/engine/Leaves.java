package dev.wayleave.json.engine;

import dev.wayleave.access.AddressPattern;
import dev.wayleave.approval.Approver;
import dev.wayleave.internal.json.Json;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.policy.PolicyLimits;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/** The types that are written as one text, number or flag, and the settings, which print themselves. */
final class Leaves {

    static final Map<Class<?>, Codec> ALL = Map.ofEntries(
            Map.entry(boolean.class, flag()),
            Map.entry(Boolean.class, flag()),
            Map.entry(int.class, number(Math::toIntExact, Integer.class::cast)),
            Map.entry(Integer.class, number(Math::toIntExact, Integer.class::cast)),
            Map.entry(long.class, number(Long::valueOf, Long.class::cast)),
            Map.entry(NodeId.class, number(NodeId::new, value -> ((NodeId) value).value())),
            text(String.class, text -> text, text -> text),
            text(Instant.class, Instant::toString, Instant::parse),
            text(Duration.class, Duration::toString, Duration::parse),
            text(Prefix.class, Prefix::toString, Prefix::parse),
            text(IpAddress.class, IpAddress::toString, IpAddress::parse),
            text(IpRange.class, IpRange::toString, IpRange::parse),
            text(AddressPattern.class, AddressPattern::toString, Leaves::pattern),
            text(UserId.class, UserId::value, UserId::new),
            text(TailnetId.class, TailnetId::value, TailnetId::new),
            text(SessionId.class, SessionId::value, SessionId::new),
            text(Actor.class, Actor::value, Actor::new),
            text(Tag.class, Tag::value, Tag::new),
            text(Protocol.class, Protocol::toString, Leaves::protocol),
            text(PortRange.class, PortRange::toString, Leaves::ports),
            text(Selector.class, Selector::text, Selector::parse),
            text(Approver.class, Approver::asText, Approver::parse),
            text(Approver.AutoApprover.class, Approver::asText, Leaves::autoApprover),
            text(RoutingPolicy.class, RoutingPolicy::text, text -> PolicyReader.read(text, PolicyLimits.NONE)),
            Map.entry(RoutingSettings.class, settings()));

    private Leaves() {}

    /** A pattern that is a prefix may be spelled out, so that its text has a dash and is not a shortest range. */
    private static AddressPattern pattern(String text) {
        if (text.equals(AddressPattern.ANY.toString())) {
            return AddressPattern.ANY;
        }
        IpRange range = IpRange.parse(text);
        return text.indexOf('-') < 0 ? AddressPattern.of(range) : AddressPattern.spelledOut(range);
    }

    /** Protocol 0 has no text in a policy. */
    private static Protocol protocol(String text) {
        return text.equals("0") ? new Protocol(0) : Protocol.parse(text);
    }

    private static PortRange ports(String text) {
        if (text.equals(PortRange.ALL.toString())) {
            return PortRange.ALL;
        }
        int dash = text.indexOf('-');
        return dash < 0
                ? new PortRange(Integer.parseInt(text), Integer.parseInt(text))
                : new PortRange(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    private static Approver.AutoApprover autoApprover(String text) {
        if (Approver.parse(text) instanceof Approver.AutoApprover approver) {
            return approver;
        }
        throw new IllegalArgumentException("`" + text + "` is not an approver of a policy");
    }

    private static Codec flag() {
        return new Leaf(
                (json, value) -> json.writeBoolean((Boolean) value),
                (place, tree) -> Codec.expect(Boolean.class, place, tree, "true or false"));
    }

    private static Codec number(Function<Long, Object> reader, Function<Object, Number> writer) {
        BiFunction<String, Object, Object> read = (place, tree) ->
                Codec.guarded(place, tree, () -> reader.apply(Codec.expect(Long.class, place, tree, "a whole number")));
        return new Leaf(
                (json, value) -> json.writeNumber(writer.apply(value).longValue()),
                read,
                value -> Optional.of(writer.apply(value).toString()),
                (place, name) -> read.apply(place, Codec.guarded(place, name, () -> Long.valueOf(name))));
    }

    private static <T> Map.Entry<Class<?>, Codec> text(
            Class<T> type, Function<T, String> writer, Function<String, T> reader) {
        BiFunction<String, Object, Object> read = (place, tree) ->
                Codec.guarded(place, tree, () -> reader.apply(Codec.expect(String.class, place, tree, "a text")));
        return Map.entry(
                type,
                new Leaf(
                        (json, value) -> json.writeString(writer.apply(type.cast(value))),
                        read,
                        value -> Optional.of(writer.apply(type.cast(value))),
                        read::apply));
    }

    private static Codec settings() {
        return new Leaf(
                (json, value) -> Json.write(json, Json.readTree("settings", ((RoutingSettings) value).toJson())),
                (place, tree) -> {
                    String text = Json.write(Codec.expect(Map.class, place, tree, "an object"));
                    try {
                        return RoutingSettings.parse(text);
                    } catch (StoredTextException e) {
                        throw Codec.refuse(place, String.valueOf(e.getMessage()), e);
                    }
                });
    }

    /**
     * A type with one form.
     *
     * @param name a value as the name of a member; empty if it has none
     * @param fromName reads it back
     */
    private record Leaf(
            BiConsumer<JsonGenerator, Object> writer,
            BiFunction<String, Object, Object> reader,
            Function<Object, Optional<String>> name,
            BiFunction<String, String, Object> fromName)
            implements Codec {

        /** One that is not a name. */
        Leaf(BiConsumer<JsonGenerator, Object> writer, BiFunction<String, Object, Object> reader) {
            this(writer, reader, value -> Optional.empty(), reader::apply);
        }

        @Override
        public void write(JsonGenerator json, Object value) {
            writer.accept(json, value);
        }

        @Override
        public Object read(String place, Object tree) {
            return reader.apply(place, tree);
        }

        @Override
        public Optional<String> toName(Object value) {
            return name.apply(value);
        }

        @Override
        public Object fromName(String place, String text) {
            return fromName.apply(place, text);
        }
    }
}
