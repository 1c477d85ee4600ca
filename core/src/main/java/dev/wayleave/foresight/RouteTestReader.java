package dev.wayleave.foresight;

import dev.wayleave.internal.json.Json;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.net.WayleaveException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the file of route tests. */
final class RouteTestReader {

    private static final Pattern AT_LEAST = Pattern.compile(">=\\s*([1-9]\\d{0,2})");
    private static final Set<String> OF_VIEWER = Set.of("viewer", "reaches", "not", "withDown");
    private static final Set<String> OF_PREFIX = Set.of("prefix", "healthyRouters", "withDown");

    private RouteTestReader() {}

    static List<RouteExpectation> read(String text) {
        Map<String, Object> document = Json.readCommentedTree("route tests", text);
        refuseUnknownFields("route tests", document, Set.of("routeTests"));
        if (!document.containsKey("routeTests")) {
            throw new StoredTextException("route tests: `routeTests` is missing: write a list of tests");
        }
        List<RouteExpectation> tests = new ArrayList<>();
        for (Object each : list("route tests", document, "routeTests")) {
            String place = "routeTests[" + tests.size() + "]";
            if (!(each instanceof Map<?, ?> fields)) {
                throw new StoredTextException(place + ": not an object");
            }
            tests.add(test(place, fields));
        }
        return List.copyOf(tests);
    }

    private static RouteExpectation test(String place, Map<?, ?> fields) {
        List<String> down = texts(place, fields, "withDown", text -> text);
        if (fields.containsKey("prefix")) {
            refuseUnknownFields(place, fields, OF_PREFIX);
            return new RouteExpectation.OfPrefix(
                    parsed(place + ".prefix", text(place, fields, "prefix"), Prefix::parse),
                    parsed(place + ".healthyRouters", text(place, fields, "healthyRouters"), RouteTestReader::count),
                    down);
        }
        refuseUnknownFields(place, fields, OF_VIEWER);
        List<RouteExpectation.Target> reaches = texts(place, fields, "reaches", RouteExpectation.Target::parse);
        List<RouteExpectation.Target> not = texts(place, fields, "not", RouteExpectation.Target::parse);
        if (reaches.isEmpty() && not.isEmpty()) {
            throw new StoredTextException(place + ": `reaches` and `not` are missing: write one of them");
        }
        return new RouteExpectation.OfViewer(text(place, fields, "viewer"), reaches, not, down);
    }

    private static int count(String text) {
        Matcher matcher = AT_LEAST.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "`" + text + "` is not a number of routers: write `>=` and a number from 1 to 999, such as `>=2`");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static void refuseUnknownFields(String place, Map<?, ?> fields, Set<String> known) {
        for (Object name : fields.keySet()) {
            if (!known.contains(String.valueOf(name))) {
                throw new StoredTextException(place + ": `" + name + "` is unknown here");
            }
        }
    }

    private static List<?> list(String place, Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new StoredTextException(place + "." + name + ": not a list");
        }
        return list;
    }

    private static <T> List<T> texts(String place, Map<?, ?> fields, String name, Function<String, T> reader) {
        List<T> texts = new ArrayList<>();
        for (Object each : list(place, fields, name)) {
            String there = place + "." + name + "[" + texts.size() + "]";
            if (!(each instanceof String text)) {
                throw new StoredTextException(there + ": not a text");
            }
            texts.add(parsed(there, text, reader));
        }
        return texts;
    }

    private static String text(String place, Map<?, ?> fields, String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new StoredTextException(place + ": `" + name + "` is missing, or no text");
    }

    private static <T> T parsed(String place, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | WayleaveException e) {
            throw new StoredTextException(place + ": " + e.getMessage(), e);
        }
    }
}
