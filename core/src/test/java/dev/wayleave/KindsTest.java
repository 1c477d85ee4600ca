package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.testing.Kinds;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is stored or sent has a name of its own, which a program can rely on. */
class KindsTest {

    @TestFactory
    Stream<DynamicTest> the_kinds_of_one_type_are_unique_and_in_kebab_case() {
        return Kinds.FAMILIES.stream()
                .map(type -> DynamicTest.dynamicTest(
                        type.getName(),
                        () -> assertThat(Kinds.of(type).values())
                                .isNotEmpty()
                                .doesNotHaveDuplicates()
                                .allMatch(kind -> kind.matches("[a-z0-9]+(-[a-z0-9]+)*"))));
    }
}
