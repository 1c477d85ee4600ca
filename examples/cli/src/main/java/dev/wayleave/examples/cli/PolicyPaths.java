package dev.wayleave.examples.cli;

import dev.wayleave.examples.cli.Json.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The places of a policy's values by their paths, such as {@code autoApprovers.exitNode[0]}, as the library writes them. */
final class PolicyPaths {

    private static final int LONGEST_NAME = 80;

    private final Map<String, Place> places = new HashMap<>();

    private PolicyPaths() {}

    /** Finds what it can: a name that the library would write in another way leads nowhere. */
    static Map<String, Place> in(String policy) {
        PolicyPaths paths = new PolicyPaths();
        try {
            paths.add("", JsonText.read(policy));
        } catch (JsonText.Malformed malformed) {
            // the library took what this reader does not: then there are no places
            return Map.of();
        }
        return Map.copyOf(paths.places);
    }

    private void add(String path, Json value) {
        places.put(path, value.place());
        if (value instanceof Json.ArrayValue list) {
            List<Json> elements = list.elements();
            for (int i = 0; i < elements.size(); i++) {
                add(path + "[" + i + "]", elements.get(i));
            }
        } else if (value instanceof Json.ObjectValue object) {
            object.members().forEach((name, member) -> add(path + step(path, name), member.value()));
        }
    }

    private static String step(String path, String name) {
        if (name.matches("[a-zA-Z][a-zA-Z0-9]*") && name.length() <= LONGEST_NAME) {
            return (path.isEmpty() ? "" : ".") + name;
        }
        return "[\"" + name + "\"]";
    }
}
