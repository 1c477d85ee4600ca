package dev.wayleave.json;

import dev.wayleave.internal.json.Json;
import dev.wayleave.json.engine.Codec;
import dev.wayleave.json.engine.Codecs;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.net.StoredTextException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.Version;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleDeserializers;
import tools.jackson.databind.module.SimpleKeyDeserializers;
import tools.jackson.databind.module.SimpleSerializers;

/**
 * A module for Jackson 3's databind: a mapper with it writes and reads the library's values in the form of
 * {@link RoutingJson}, also inside the host's own objects, and as keys of maps. There is no version: the document is
 * the host's.
 *
 * <pre>{@code
 * JsonMapper mapper = JsonMapper.builder().addModule(new RoutingJacksonModule()).build();
 * String json = mapper.writeValueAsString(event);
 * RouteEvent again = mapper.readValue(json, RouteEvent.class);
 * }</pre>
 *
 * <p>A value of a sealed type has its {@code kind} where the mapper knows that type: for a value at the root that is
 * always so. It needs {@code tools.jackson.core:jackson-databind}, an optional dependency. On the module path the host
 * requires {@code tools.jackson.databind} itself. A host on Jackson 2 uses {@link RoutingJson#write}.
 */
@SuppressWarnings("exports") // a host without databind must be able to compile: transitive would forbid it
public final class RoutingJacksonModule extends JacksonModule {

    /** Makes the module. */
    public RoutingJacksonModule() {}

    @Override
    public String getModuleName() {
        return "wayleave";
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        Objects.requireNonNull(context, "context");
        Tables tables = new Tables(
                new SimpleSerializers(),
                new SimpleSerializers(),
                new SimpleDeserializers(),
                new SimpleKeyDeserializers());
        Map<Class<?>, Codec> known = Codecs.LIBRARY.ofLibrary();
        known.forEach(
                (type, codec) -> tables.register(type, ofFamily(type, known).orElse(codec)));
        context.addSerializers(tables.values);
        context.addKeySerializers(tables.keys);
        context.addDeserializers(tables.readers);
        context.addKeyDeserializers(tables.keyReaders);
    }

    private record Tables(
            SimpleSerializers values,
            SimpleSerializers keys,
            SimpleDeserializers readers,
            SimpleKeyDeserializers keyReaders) {

        <T> void register(Class<T> type, Codec codec) {
            values.addSerializer(type, new Writer<>(codec));
            keys.addSerializer(type, new KeyWriter<>(codec));
            readers.addDeserializer(type, new Reader<>(type, codec));
            keyReaders.addDeserializer(type, new KeyReader(codec));
        }
    }

    /** A kind of a sealed type is written with its name, as the widest sealed type around it is. */
    private static Optional<Codec> ofFamily(Class<?> type, Map<Class<?>, Codec> known) {
        for (Class<?> family : type.getInterfaces()) {
            Optional<Codec> wider = family.isSealed()
                    ? ofFamily(family, known).or(() -> Optional.ofNullable(known.get(family)))
                    : Optional.empty();
            if (wider.isPresent()) {
                return wider;
            }
        }
        return Optional.empty();
    }

    private static final class Writer<T> extends ValueSerializer<T> {
        private final Codec codec;

        Writer(Codec codec) {
            this.codec = codec;
        }

        @Override
        public void serialize(T value, JsonGenerator json, SerializationContext context) {
            codec.write(json, Objects.requireNonNull(value));
        }
    }

    private static final class KeyWriter<T> extends ValueSerializer<T> {
        private final Codec codec;

        KeyWriter(Codec codec) {
            this.codec = codec;
        }

        @Override
        public void serialize(T value, JsonGenerator json, SerializationContext context) {
            json.writeName(codec.toName(Objects.requireNonNull(value)).orElseGet(value::toString));
        }
    }

    private static final class Reader<T> extends ValueDeserializer<T> {
        private final Class<T> type;
        private final Codec codec;

        Reader(Class<T> type, Codec codec) {
            this.type = type;
            this.codec = codec;
        }

        @Override
        public @Nullable T deserialize(JsonParser json, DeserializationContext context) {
            try {
                Object value = codec.read("value", Json.value("value", json));
                if (!type.isInstance(value)) {
                    return context.reportInputMismatch(
                            this, "value: `%s` is in the place of another kind", ((NamedKind) value).kind());
                }
                return type.cast(value);
            } catch (StoredTextException malformed) {
                return context.reportInputMismatch(this, "%s", malformed.getMessage());
            }
        }
    }

    private static final class KeyReader extends KeyDeserializer {
        private final Codec codec;

        KeyReader(Codec codec) {
            this.codec = codec;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            try {
                return codec.fromName("key", key);
            } catch (StoredTextException malformed) {
                return context.handleWeirdKey(Object.class, key, "%s", malformed.getMessage());
            }
        }
    }
}
