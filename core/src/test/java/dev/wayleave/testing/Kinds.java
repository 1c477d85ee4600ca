package dev.wayleave.testing;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The kinds of a sealed type: its records, each with the name that its {@code kind()} returns. */
public final class Kinds {

    private Kinds() {}

    /**
     * Makes a value of each record of a sealed type, and asks it for its kind.
     *
     * @return the simple name of each record, with its kind
     * @throws IllegalStateException if there is a record of which no value can be made
     */
    public static SortedMap<String, String> of(Class<?> family) {
        SortedMap<String, String> kinds = new TreeMap<>();
        samples(family).forEach(sample -> kinds.put(sample.getClass().getSimpleName(), kind(family, sample)));
        return kinds;
    }

    /**
     * Makes a value of each record of a sealed type.
     *
     * @return one value of each
     * @throws IllegalStateException if there is a record of which no value can be made
     */
    public static List<Object> samples(Class<?> family) {
        SampleValues samples = new SampleValues();
        samples.put(Prefix.parse("10.0.0.0/8"));
        samples.put(IpAddress.parse("10.0.0.1"));
        samples.put(new Tag("tag:router"));
        return records(family)
                .distinct()
                .<Object>map(
                        type -> samples.of(type).orElseThrow(() -> new IllegalStateException("no value of " + type)))
                .toList();
    }

    private static String kind(Class<?> family, Object sample) {
        try {
            return (String) family.getMethod("kind").invoke(sample);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(sample + " has no kind", e);
        }
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Kinds::records) : Stream.of(type);
    }
}
