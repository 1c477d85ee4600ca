package dev.wayleave.examples.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which package of the server may use which. */
class ArchitectureTest {

    private static final String ROOT = "dev.wayleave.examples.server";

    /** Left to right: a package may use those before it. The empty name is the root. */
    private static final List<String> ORDER = List.of("web", "plane", "view", "api", "sample", "");

    // Surefire sets the folder of the module; an IDE starts in it.
    private static final JavaClasses SERVER =
            new ClassFileImporter().importPath(Path.of(System.getProperty("basedir", "."), "target", "classes"));

    @TestFactory
    Stream<DynamicTest> eachPackageUsesOnlyThoseBeforeIt() {
        return ORDER.stream()
                .map(user -> DynamicTest.dynamicTest(name(user), () -> {
                    String[] known = names(ORDER.subList(0, ORDER.indexOf(user) + 1));
                    classes()
                            .that()
                            .resideInAPackage(name(user))
                            .should()
                            .onlyDependOnClassesThat(
                                    resideInAPackage(ROOT + "..").negate().or(resideInAnyPackage(known)))
                            .check(SERVER);
                }));
    }

    @Test
    void everyClassIsInAPackageOfTheOrder() {
        classes().should().resideInAnyPackage(names(ORDER)).check(SERVER);
    }

    private static String[] names(List<String> packages) {
        return packages.stream().map(ArchitectureTest::name).toArray(String[]::new);
    }

    private static String name(String part) {
        return part.isEmpty() ? ROOT : ROOT + "." + part;
    }
}
