package dev.wayleave.storage.contract;

import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.StoredEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How what a store returned differs from what was written: one line for each row or event, with the components that
 * differ. A tailnet is too long to be printed as a whole.
 */
public final class Differences {

    private static final int MOST_LINES = 10;

    /** How many characters of a value are shown around its first difference. */
    private static final int EXCERPT = 80;

    private Differences() {}

    /** Between the rows of a tailnet; empty if they are equal, in the same order. */
    public static List<String> of(StateRows actual, StateRows expected) {
        Objects.requireNonNull(actual, "actual");
        Objects.requireNonNull(expected, "expected");
        List<String> differences = new ArrayList<>(components("tailnet", actual.tailnet(), expected.tailnet()));
        differences.addAll(keyed("user", actual.users(), expected.users(), user -> user.id()));
        differences.addAll(keyed(
                "node",
                actual.nodes(),
                expected.nodes(),
                (NodeRow row) -> row.facts().id()));
        differences.addAll(keyed("route", actual.routes(), expected.routes(), RouteRow::key));
        return shortened(differences);
    }

    /** Between lists of events; empty if they are equal, in the same order. */
    public static List<String> of(List<StoredEvent> actual, List<StoredEvent> expected) {
        Objects.requireNonNull(actual, "actual");
        Objects.requireNonNull(expected, "expected");
        return shortened(keyed("event", actual, expected, StoredEvent::position));
    }

    private static List<String> shortened(List<String> differences) {
        if (differences.size() <= MOST_LINES) {
            return differences;
        }
        List<String> first = new ArrayList<>(differences.subList(0, MOST_LINES));
        first.add("and " + (differences.size() - MOST_LINES) + " more");
        return first;
    }

    private static <K, T> List<String> keyed(String what, List<T> actual, List<T> expected, Function<T, K> keyOf) {
        if (actual.equals(expected)) {
            return List.of();
        }
        Map<K, T> actualByKey = byKey(actual, keyOf);
        Map<K, T> expectedByKey = byKey(expected, keyOf);
        Set<K> keys = new LinkedHashSet<>(expectedByKey.keySet());
        keys.addAll(actualByKey.keySet());
        List<String> differences = new ArrayList<>();
        for (K key : keys) {
            T current = actualByKey.get(key);
            T wanted = expectedByKey.get(key);
            String name = what + " " + key;
            if (current == null) {
                differences.add(name + " is missing");
            } else if (wanted == null) {
                differences.add(name + " was not expected: " + excerpt(current.toString(), 0));
            } else {
                differences.addAll(components(name, current, wanted));
            }
        }
        if (actual.size() != actualByKey.size()) {
            differences.add(what + ": " + (actual.size() - actualByKey.size()) + " too many with the same key");
        } else if (differences.isEmpty()) {
            differences.add(
                    what + "s are in the order " + excerpt(actualByKey.keySet().toString(), 0) + ", expected "
                            + excerpt(expectedByKey.keySet().toString(), 0));
        }
        return differences;
    }

    private static <K, T> Map<K, T> byKey(List<T> all, Function<T, K> keyOf) {
        Map<K, T> byKey = new LinkedHashMap<>();
        all.forEach(each -> byKey.put(keyOf.apply(each), each));
        return byKey;
    }

    /** The components of a record that differ; values of other classes are one component. */
    private static List<String> components(String name, Object actual, Object expected) {
        if (actual.equals(expected)) {
            return List.of();
        }
        RecordComponent[] components = actual.getClass().getRecordComponents();
        if (components == null || actual.getClass() != expected.getClass()) {
            return List.of(name + ": " + pair(actual, expected));
        }
        return Stream.of(components)
                .filter(each -> !Objects.equals(value(each, actual), value(each, expected)))
                .map(each -> name + ", " + each.getName() + ": " + pair(value(each, actual), value(each, expected)))
                .toList();
    }

    private static Object value(RecordComponent component, Object of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    private static String pair(Object actual, Object expected) {
        String actualText = String.valueOf(actual);
        String expectedText = String.valueOf(expected);
        if (actualText.equals(expectedText)) {
            return "unequal values that both print as " + excerpt(actualText, 0);
        }
        int from = firstDifference(actualText, expectedText);
        return "expected " + excerpt(expectedText, from) + " but was " + excerpt(actualText, from);
    }

    private static int firstDifference(String one, String other) {
        int at = 0;
        while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }

    private static String excerpt(String text, int at) {
        int from = Math.max(0, at - EXCERPT / 2);
        int to = Math.min(text.length(), from + 2 * EXCERPT);
        return "`" + (from > 0 ? "…" : "") + text.substring(from, to) + (to < text.length() ? "…" : "") + "`";
    }
}
