package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.wayleave.row.Drain;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A component {@code xOrNull} of a public record has an accessor {@code x()} that returns an Optional beside it. */
class NullableComponentsTest {

    private static final String SUFFIX = "OrNull";

    @Test
    void everyNullableComponentHasAnOptionalAccessor() {
        List<Class<?>> records = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.wayleave").stream()
                        .filter(type -> type.isRecord()
                                && !type.getPackageName().contains(".engine")
                                && !type.getPackageName().contains(".internal"))
                        .<Class<?>>map(JavaClass::reflect)
                        .filter(NullableComponentsTest::isPublic)
                        .toList();

        assertThat(records).contains(Drain.class);
        assertThat(records.stream().flatMap(NullableComponentsTest::withoutAccessor))
                .isEmpty();
    }

    @Test
    void aMissingAccessorIsNoticed() {
        assertThat(withoutAccessor(Missing.class)).containsExactly(Missing.class.getName() + ".untilOrNull");
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
    }

    private static Stream<String> withoutAccessor(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(name -> name.endsWith(SUFFIX) && !hasOptional(type, name))
                .map(name -> type.getName() + "." + name);
    }

    private static boolean hasOptional(Class<?> type, String component) {
        String accessor = component.substring(0, component.length() - SUFFIX.length());
        return Arrays.stream(type.getMethods())
                .anyMatch(method -> method.getName().equals(accessor)
                        && method.getParameterCount() == 0
                        && method.getReturnType().getName().startsWith("java.util.Optional"));
    }

    private record Missing(@Nullable String untilOrNull) {}
}
