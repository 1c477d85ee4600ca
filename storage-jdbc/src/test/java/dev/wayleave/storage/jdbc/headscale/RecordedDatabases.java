package dev.wayleave.storage.jdbc.headscale;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Dumps of real databases, each with the answers that an import must give; they are beside the repository. */
final class RecordedDatabases {

    // Surefire sets the folder of the module; an IDE starts in it.
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath();

    static final Path FOLDER =
            MODULE.getParent().resolve("../shared/headscale-databases").normalize();

    /** What an import must find. */
    record Expected(
            String layout,
            int nodes,
            Map<Long, List<String>> approved,
            List<String> dropped,
            @Nullable String policyOrNull) {}

    private RecordedDatabases() {}

    /** The names of the dumps, in their order; none if the folder is missing. */
    static List<String> names() {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".sql"))
                    .map(name -> name.replaceFirst("\\.sql$", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String script(String name) {
        return text(name + ".sql");
    }

    private static String text(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Expected expected(String name) {
        try (JsonParser json =
                new JsonFactory().createParser(ObjectReadContext.empty(), text(name + ".expected.json"))) {
            String layout = "";
            int nodes = -1;
            Map<Long, List<String>> approved = new LinkedHashMap<>();
            List<String> dropped = new ArrayList<>();
            String policy = null;
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "layout" -> layout = json.getString();
                    case "nodes" -> nodes = json.getIntValue();
                    case "dropped" -> dropped = list(json);
                    case "policy" -> policy = json.getString();
                    case "approved" -> {
                        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                            long node = Long.parseLong(json.currentName());
                            json.nextToken();
                            approved.put(node, list(json));
                        }
                    }
                    default -> throw new IllegalStateException("what is `" + field + "`?");
                }
            }
            return new Expected(layout, nodes, approved, dropped, policy);
        }
    }

    private static List<String> list(JsonParser json) {
        List<String> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            list.add(json.getString());
        }
        return list;
    }
}
