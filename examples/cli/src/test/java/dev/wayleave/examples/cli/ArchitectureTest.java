package dev.wayleave.examples.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Which package of the tool may use which. */
class ArchitectureTest {

    private static final String ROOT = "dev.wayleave.examples.cli";

    /** Each package, with those that it may use; the empty name is the root. */
    private static final Map<String, List<String>> ARROWS = Map.of(
            "text", List.of(),
            "source", List.of("text"),
            "report", List.of("text", "source"),
            "agent", List.of("text", "source"),
            "command", List.of("text", "source", "report", "agent"),
            "", List.of("text", "command"));

    // Surefire sets the folder of the module; an IDE starts in it.
    private static final JavaClasses TOOL =
            new ClassFileImporter().importPath(Path.of(System.getProperty("basedir", "."), "target", "classes"));

    @TestFactory
    Stream<DynamicTest> eachPackageUsesOnlyThoseBeneathIt() {
        return ARROWS.keySet().stream()
                .sorted()
                .map(user -> DynamicTest.dynamicTest(
                        name(user),
                        () -> classes()
                                .that()
                                .resideInAPackage(name(user))
                                .should()
                                .onlyDependOnClassesThat(resideInAPackage(ROOT + "..")
                                        .negate()
                                        .or(resideInAnyPackage(Stream.concat(Stream.of(user), ARROWS.get(user).stream())
                                                .map(ArchitectureTest::name)
                                                .toArray(String[]::new))))
                                .check(TOOL)));
    }

    @TestFactory
    Stream<DynamicTest> everyClassIsInAPackageOfTheList() {
        return Stream.of(DynamicTest.dynamicTest(
                "classes",
                () -> classes()
                        .should()
                        .resideInAnyPackage(ARROWS.keySet().stream()
                                .map(ArchitectureTest::name)
                                .toArray(String[]::new))
                        .check(TOOL)));
    }

    private static String name(String relative) {
        return relative.isEmpty() ? ROOT : ROOT + "." + relative;
    }
}
