package dev.wayleave.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.testing.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of kinds in {@code EVENTS.md} is complete. */
class EventKindsTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| `([^`]+)` \\|");

    @Test
    void theTableNamesEachKindExactlyOnceWithItsClass() throws IOException {
        String table = Files.readString(Path.of(System.getProperty("basedir", "."), "EVENTS.md"));

        List<Map.Entry<String, String>> rows = ROW.matcher(table)
                .results()
                .map((MatchResult row) -> Map.entry(row.group(2), row.group(1)))
                .toList();

        SortedMap<String, String> kinds = Kinds.of(RouteEvent.class);
        kinds.remove("UnknownEvent");
        assertThat(rows).containsExactlyInAnyOrderElementsOf(kinds.entrySet());
    }
}
