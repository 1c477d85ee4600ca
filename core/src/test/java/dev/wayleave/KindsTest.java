package dev.wayleave;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.testing.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is stored or sent has a name of its own, which a program can rely on. */
class KindsTest {

    /** In {@code docs/json.md}: an item for each sealed type, with its kinds up to a full stop. */
    private static final Pattern ITEM = Pattern.compile("(?ms)^- `([A-Za-z.]+)`: (.+?)\\.$");

    @TestFactory
    Stream<DynamicTest> theKindsOfOneTypeAreUniqueAndInKebabCase() {
        return Kinds.FAMILIES.stream()
                .map(type -> DynamicTest.dynamicTest(
                        type.getName(),
                        () -> assertThat(Kinds.of(type).values())
                                .isNotEmpty()
                                .doesNotHaveDuplicates()
                                .allMatch(kind -> kind.matches("[a-z0-9]+(-[a-z0-9]+)*"))));
    }

    /** The documentation is the fixed list: a class may be renamed, the name of its kind may not. */
    @Test
    void theKindsAreThoseThatTheDocumentationLists() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/json.md"));

        Map<String, List<String>> listed = ITEM.matcher(page)
                .results()
                .collect(toMap(
                        item -> item.group(1),
                        item -> Arrays.asList(item.group(2).replace("`", "").split(",\\s+"))));

        assertThat(listed)
                .isEqualTo(Kinds.FAMILIES.stream().collect(toMap(KindsTest::nameInDocumentation, KindsTest::kinds)));
    }

    private static String nameInDocumentation(Class<?> family) {
        Class<?> outer = family.getDeclaringClass();
        return outer == null ? family.getSimpleName() : outer.getSimpleName() + "." + family.getSimpleName();
    }

    private static List<String> kinds(Class<?> family) {
        SortedMap<String, String> kinds = Kinds.of(family);
        kinds.remove("UnknownEvent");
        return kinds.values().stream().sorted().toList();
    }
}
