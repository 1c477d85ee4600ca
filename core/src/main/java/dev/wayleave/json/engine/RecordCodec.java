package dev.wayleave.json.engine;

import com.google.common.reflect.TypeToken;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A record: an object with a member for each component that is not absent. */
final class RecordCodec implements Codec {

    /** Ends the name of a component that may be absent. */
    private static final String OR_NULL = "OrNull";

    private final Type declared;
    private final Class<?> type;
    private final Constructor<?> constructor;

    /** Complete once {@link #resolve} returns; never changed after. */
    private final Map<String, Member> members = new LinkedHashMap<>();

    RecordCodec(Type declared, Class<?> type) {
        this.declared = declared;
        this.type = type;
        this.constructor = Records.constructor(type);
    }

    private record Member(RecordComponent component, boolean nullable, Codec codec) {}

    /** Finds the codecs of the members; a step of its own, since types may contain themselves. */
    void resolve(Function<Type, Codec> codecs) {
        for (RecordComponent component : type.getRecordComponents()) {
            component.getAccessor().setAccessible(true);
            Type resolved = TypeToken.of(declared)
                    .resolveType(component.getGenericType())
                    .getType();
            members.put(member(component), new Member(component, isNullable(component), codecs.apply(resolved)));
        }
    }

    /** The name of the member for a component. */
    static String member(RecordComponent component) {
        String name = component.getName();
        return isNullable(component) ? name.substring(0, name.length() - OR_NULL.length()) : name;
    }

    static boolean isNullable(RecordComponent component) {
        return component.getName().endsWith(OR_NULL);
    }

    @Override
    public void write(JsonGenerator json, Object value) {
        json.writeStartObject();
        writeMembers(json, value);
        json.writeEndObject();
    }

    void writeMembers(JsonGenerator json, Object value) {
        members.forEach((name, member) -> {
            Object present = Records.get(member.component, value);
            if (present != null) {
                json.writeName(name);
                member.codec.write(json, present);
            }
        });
    }

    @Override
    public Object read(String place, Object tree) {
        return readMembers(place, Codec.expect(Map.class, place, tree, "an object"), List.of());
    }

    Object readMembers(String place, Map<?, ?> object, List<String> known) {
        for (Object name : object.keySet()) {
            if (!members.containsKey(name) && !known.contains(name)) {
                throw Codec.refuse(place, "`" + name + "` is unknown here", null);
            }
        }
        List<@Nullable Object> arguments = new ArrayList<>(members.size());
        members.forEach((name, member) -> {
            Object tree = object.get(name);
            if (tree == null && !member.nullable) {
                throw Codec.refuse(place, "`" + name + "` is missing", null);
            }
            arguments.add(tree == null ? null : member.codec.read(place + "." + name, tree));
        });
        return Records.make(place, constructor, arguments);
    }
}
