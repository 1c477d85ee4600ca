package dev.wayleave.testing;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One value of any type: given by the test, or made by the type's own constants, factories, builders and constructors,
 * whose arguments are such values again. A sealed type has the value of one of its kinds, any other interface a proxy
 * that answers with such values.
 */
final class SampleValues {

    private final Map<Class<?>, Object> values = new HashMap<>();
    private final Set<Class<?>> beingMade = new HashSet<>();

    SampleValues() {
        Map.<Class<?>, Object>ofEntries(
                        Map.entry(boolean.class, false),
                        Map.entry(byte.class, (byte) 1),
                        Map.entry(char.class, 'a'),
                        Map.entry(short.class, (short) 1),
                        Map.entry(int.class, 1),
                        Map.entry(long.class, 1L),
                        Map.entry(float.class, 1f),
                        Map.entry(double.class, 1d),
                        Map.entry(Boolean.class, false),
                        Map.entry(Integer.class, 1),
                        Map.entry(Long.class, 1L),
                        Map.entry(Object.class, "text"),
                        Map.entry(String.class, "text"),
                        Map.entry(CharSequence.class, "text"),
                        Map.entry(Comparable.class, "text"),
                        Map.entry(Enum.class, DayOfWeek.MONDAY),
                        Map.entry(Throwable.class, new IllegalStateException("sample")),
                        Map.entry(Exception.class, new IllegalStateException("sample")),
                        Map.entry(RuntimeException.class, new IllegalStateException("sample")),
                        Map.entry(Instant.class, Instant.EPOCH.plusSeconds(1)),
                        Map.entry(Duration.class, Duration.ofSeconds(1)),
                        Map.entry(InstantSource.class, InstantSource.fixed(Instant.EPOCH)),
                        Map.entry(ZoneOffset.class, ZoneOffset.UTC),
                        Map.entry(OptionalInt.class, OptionalInt.of(1)),
                        Map.entry(OptionalLong.class, OptionalLong.of(1)))
                .forEach(values::put);
    }

    <T> void put(Class<T> type, T value) {
        values.put(type, type.isPrimitive() ? value : type.cast(value));
    }

    void put(Object value) {
        values.put(value.getClass(), value);
    }

    /** Every type that a value is known of, with that value. */
    Map<Class<?>, Object> known() {
        return Map.copyOf(values);
    }

    Optional<Object> of(Type type) {
        if (type instanceof Class<?> raw) {
            return ofClass(raw, raw);
        } else if (type instanceof ParameterizedType parameterized) {
            return ofClass((Class<?>) parameterized.getRawType(), type);
        } else if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0]);
        } else if (type instanceof TypeVariable<?> variable) {
            return of(rawBound(variable));
        }
        return Optional.empty();
    }

    /** Collections like the type that hold null: as an element, or as a key and as a value. */
    List<Object> withNull(Type type) {
        Class<?> raw = raw(type);
        if (raw.isArray() && !raw.getComponentType().isPrimitive()) {
            return List.of(Array.newInstance(raw.getComponentType(), 1));
        }
        if (Map.class.isAssignableFrom(raw)) {
            List<Object> maps = new ArrayList<>();
            of(argument(type, 0)).ifPresent(key -> maps.add(mapOf(raw, key, null)));
            of(argument(type, 1)).ifPresent(value -> maps.add(mapOf(raw, null, value)));
            of(argument(type, 0))
                    .ifPresent(key -> withNull(argument(type, 1)).forEach(value -> maps.add(mapOf(raw, key, value))));
            return maps;
        }
        if (raw == Collection.class || raw == Iterable.class || raw == List.class) {
            List<Object> lists = new ArrayList<>();
            lists.add(Collections.singletonList(null));
            withNull(argument(type, 0)).forEach(element -> lists.add(List.of(element)));
            return lists;
        }
        if (raw == Set.class) {
            return List.of(Collections.singleton(null));
        }
        if (SortedSet.class.isAssignableFrom(raw) && raw.isAssignableFrom(TreeSet.class)) {
            Set<Object> set = new TreeSet<>(nullsFirst());
            set.add(null);
            return List.of(set);
        }
        return List.of();
    }

    static Class<?> raw(Type type) {
        if (type instanceof Class<?> raw) {
            return raw;
        } else if (type instanceof ParameterizedType parameterized) {
            return (Class<?>) parameterized.getRawType();
        } else if (type instanceof WildcardType wildcard) {
            return raw(wildcard.getUpperBounds()[0]);
        } else if (type instanceof TypeVariable<?> variable) {
            return rawBound(variable);
        }
        return Object[].class;
    }

    private static Class<?> rawBound(TypeVariable<?> variable) {
        Type bound = variable.getBounds()[0];
        return bound instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : bound instanceof Class<?> raw ? raw : Object.class;
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[index]
                : Object.class;
    }

    private static Map<Object, Object> mapOf(Class<?> raw, Object key, Object value) {
        Map<Object, Object> map = raw == Map.class ? new HashMap<>() : new TreeMap<>(nullsFirst());
        map.put(key, value);
        return map;
    }

    @SuppressWarnings("unchecked")
    private static Comparator<Object> nullsFirst() {
        return Comparator.nullsFirst((a, b) -> ((Comparable<Object>) a).compareTo(b));
    }

    private Optional<Object> ofClass(Class<?> raw, Type type) {
        Object known = values.get(raw);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Object> collection = collection(raw, type);
        if (collection.isPresent()) {
            return collection;
        }
        if (!beingMade.add(raw)) {
            return Optional.empty();
        }
        try {
            Optional<Object> made = make(raw);
            made.ifPresent(value -> values.put(raw, value));
            return made;
        } finally {
            beingMade.remove(raw);
        }
    }

    private Optional<Object> collection(Class<?> raw, Type type) {
        if (raw.isArray()) {
            return of(raw.getComponentType()).map(element -> {
                Object array = Array.newInstance(raw.getComponentType(), 1);
                Array.set(array, 0, element);
                return array;
            });
        }
        if (raw == Optional.class) {
            return Optional.of(of(argument(type, 0)));
        }
        if (raw == Map.class || raw == SortedMap.class || raw == NavigableMap.class) {
            Map<Object, Object> map = new TreeMap<>();
            of(argument(type, 0))
                    .filter(Comparable.class::isInstance)
                    .ifPresent(key -> of(argument(type, 1)).ifPresent(value -> map.put(key, value)));
            return Optional.of(map);
        }
        List<Object> elements = type instanceof ParameterizedType
                ? of(argument(type, 0)).stream().toList()
                : List.of();
        if (raw == Collection.class || raw == Iterable.class || raw == List.class) {
            return Optional.of(elements);
        }
        if (raw == Set.class) {
            return Optional.of(Set.copyOf(elements));
        }
        if (raw == SortedSet.class || raw == NavigableSet.class) {
            return Optional.of(new TreeSet<>(elements));
        }
        if (raw == Stream.class) {
            return Optional.of(elements.stream());
        }
        return Optional.empty();
    }

    private Optional<Object> make(Class<?> raw) {
        if (raw.isEnum()) {
            return Arrays.stream(raw.getEnumConstants()).map(Object.class::cast).findFirst();
        }
        return Stream.<Stream<Optional<Object>>>of(
                        constants(raw), factories(raw), constructors(raw), kinds(raw), proxy(raw))
                .flatMap(each -> each)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Stream<Optional<Object>> constants(Class<?> raw) {
        return Arrays.stream(raw.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == raw)
                .map(SampleValues::read);
    }

    private static Optional<Object> read(Field field) {
        try {
            return Optional.ofNullable(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private Stream<Optional<Object>> factories(Class<?> raw) {
        Stream<Method> ownFactories = Arrays.stream(raw.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()) && method.getReturnType() == raw);
        // A builder is made by the class of its values, and a value by its builder.
        Stream<Method> builderFactories = built(raw).stream()
                .flatMap(value -> Arrays.stream(value.getMethods()))
                .filter(method -> Modifier.isStatic(method.getModifiers()) && method.getReturnType() == raw);
        Stream<Optional<Object>> built = Arrays.stream(raw.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers())
                        && built(method.getReturnType()).filter(raw::equals).isPresent()
                        && method.getName().equals("builder"))
                .map(method -> call(method).flatMap(SampleValues::build));
        return Stream.concat(
                Stream.concat(ownFactories, builderFactories)
                        .sorted(Comparator.comparingInt(Method::getParameterCount)
                                .thenComparing(Method::toGenericString))
                        .map(this::call),
                built);
    }

    /** The class whose values a builder builds: the class around it, or that of its name without {@code Builder}. */
    private static Optional<Class<?>> built(Class<?> builder) {
        if (builder.getEnclosingClass() != null) {
            return Optional.of(builder.getEnclosingClass());
        }
        String name = builder.getName();
        if (!name.endsWith("Builder")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    builder.getClassLoader().loadClass(name.substring(0, name.length() - "Builder".length())));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Optional<Object> build(Object builder) {
        try {
            return Optional.of(builder.getClass().getMethod("build").invoke(builder));
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    private Stream<Optional<Object>> constructors(Class<?> raw) {
        if (Modifier.isAbstract(raw.getModifiers())) {
            return Stream.empty();
        }
        return Arrays.stream(raw.getConstructors())
                .sorted(Comparator.<Constructor<?>>comparingInt(Constructor::getParameterCount)
                        .thenComparing(Constructor::toGenericString))
                .map(this::call);
    }

    private Stream<Optional<Object>> kinds(Class<?> raw) {
        if (!raw.isSealed()) {
            return Stream.empty();
        }
        return Arrays.stream(raw.getPermittedSubclasses()).map(kind -> ofClass(kind, kind));
    }

    private Stream<Optional<Object>> proxy(Class<?> raw) {
        return raw.isInterface() && !raw.isSealed()
                ? Stream.of(
                        Optional.of(Proxy.newProxyInstance(raw.getClassLoader(), new Class<?>[] {raw}, answering())))
                : Stream.empty();
    }

    private InvocationHandler answering() {
        return (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default ->
                        "a sample of " + proxy.getClass().getInterfaces()[0].getSimpleName();
                };
            }
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            return method.getReturnType() == void.class
                    ? null
                    : of(method.getGenericReturnType()).orElse(null);
        };
    }

    private Optional<Object> call(Method factory) {
        return arguments(factory.getGenericParameterTypes()).flatMap(arguments -> {
            try {
                return Optional.ofNullable(factory.invoke(null, arguments));
            } catch (IllegalAccessException | InvocationTargetException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<Object> call(Constructor<?> constructor) {
        return arguments(constructor.getGenericParameterTypes()).flatMap(arguments -> {
            try {
                return Optional.of(constructor.newInstance(arguments));
            } catch (IllegalAccessException | InvocationTargetException | InstantiationException e) {
                return Optional.empty();
            }
        });
    }

    /** A value for each of the types; empty if one has none. */
    Optional<Object[]> arguments(Type[] types) {
        List<Optional<Object>> arguments = Arrays.stream(types).map(this::of).toList();
        return arguments.stream().allMatch(Optional::isPresent)
                ? Optional.of(arguments.stream().map(Optional::get).toArray())
                : Optional.empty();
    }
}
