package dev.wayleave.json.engine;

import com.google.common.reflect.TypeToken;
import dev.wayleave.internal.Texts;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.settings.RoutingSettings;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of the public form, worked out from the types alone. */
public final class JsonSchema {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final Map<Class<?>, String> NOT_TEXTS = Map.of(
            boolean.class, "boolean",
            Boolean.class, "boolean",
            int.class, "integer",
            Integer.class, "integer",
            long.class, "integer",
            NodeId.class, "integer",
            RoutingSettings.class, "object");

    private final SortedMap<String, ObjectNode> definitions = new TreeMap<>();

    public static String text() {
        JsonSchema schema = new JsonSchema();
        ObjectNode root = MAPPER.createObjectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Wayleave's values as JSON, version " + RoutingJson.VERSION);
        ArrayNode documents = root.putArray("anyOf");
        for (Class<?> type : RoutingJson.types()) {
            ObjectNode document = documents.addObject();
            document.put("title", type.getSimpleName());
            ArrayNode all = document.putArray("allOf");
            all.addObject().putObject("properties").putObject("version").put("const", RoutingJson.VERSION);
            all.add(schema.of(type));
            document.putArray("required").add("version");
        }
        ObjectNode named = root.putObject("$defs");
        schema.definitions.forEach(named::set);
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private ObjectNode of(Type type) {
        ObjectNode node = MAPPER.createObjectNode();
        if (type instanceof ParameterizedType generic && !((Class<?>) generic.getRawType()).isRecord()) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == SortedMap.class) {
                node.put("type", "object").set("additionalProperties", of(arguments[1]));
            } else {
                node.put("type", "array").set("items", of(arguments[0]));
            }
            return node;
        }
        Class<?> plain = TypeToken.of(type).getRawType();
        if (Forms.ALL.containsKey(plain)) {
            return of(Forms.ALL.get(plain).type());
        }
        if (Leaves.ALL.containsKey(plain)) {
            node.put("type", NOT_TEXTS.getOrDefault(plain, "string"));
        } else {
            String name = TypeToken.of(type)
                    .toString()
                    .replaceAll("[a-z.]*\\.(?=[A-Z])", "")
                    .replaceAll("Forms\\$(\\w+)Form", "$1")
                    .replace('$', '.');
            if (!definitions.containsKey(name)) {
                definitions.put(name, node);
                definitions.put(name, described(type, plain));
            }
            node.put("$ref", "#/$defs/" + name);
        }
        return node;
    }

    private ObjectNode described(Type type, Class<?> plain) {
        ObjectNode node = MAPPER.createObjectNode();
        if (plain.isEnum()) {
            ArrayNode constants = node.putArray("enum");
            Arrays.stream(plain.getEnumConstants()).forEach(each -> constants.add(Texts.hyphenated((Enum<?>) each)));
        } else if (plain.isRecord()) {
            members(node, type, plain, null);
        } else {
            ArrayNode kinds = node.putArray("oneOf");
            FamilyCodec.kindsByName(plain).forEach((kind, record) -> members(kinds.addObject(), record, record, kind));
        }
        return node;
    }

    private void members(ObjectNode node, Type type, Class<?> plain, @Nullable String kind) {
        node.put("type", "object");
        ObjectNode properties = node.putObject("properties");
        ArrayNode required = MAPPER.createArrayNode();
        if (kind != null) {
            properties.putObject("kind").put("const", kind);
            required.add("kind");
        }
        for (RecordComponent component : plain.getRecordComponents()) {
            Type resolved =
                    TypeToken.of(type).resolveType(component.getGenericType()).getType();
            properties.set(RecordCodec.member(component), of(resolved));
            if (!RecordCodec.isNullable(component)) {
                required.add(RecordCodec.member(component));
            }
        }
        node.set("required", required);
    }
}
