package dev.wayleave;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.wayleave.fixture.mesh.Anything;
import dev.wayleave.fixture.net.LooksRight;
import java.io.File;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packages of core, which way they may look, and what none of them may touch. Each rule is also run against code
 * that breaks it, because a rule that cannot fail protects nothing.
 */
class ArchitectureTest {

    /** Left to right: a package may use those before it. The empty name is the root package. */
    private static final List<String> PACKAGES = List.of(
            "internal",
            "net",
            "net.engine",
            "mesh",
            "internal.json",
            "policy",
            "policy.engine",
            "approval",
            "election",
            "access",
            "access.engine",
            "visibility",
            "visibility.engine",
            "settings",
            "row",
            "command",
            "event",
            "explanation",
            "json.engine",
            "",
            "json",
            "journal",
            "foresight");

    // Surefire sets the folder of the module; an IDE starts in it.
    private static final JavaClasses CORE =
            new ClassFileImporter().importPath(Path.of(System.getProperty("basedir", "."), "target", "classes"));

    private static final JavaClasses IMPURE = new ClassFileImporter().importClasses(Impure.class);

    private static final List<String> COMPLAINTS = Purity.RULES.stream()
            .map(rule -> rule.evaluate(IMPURE))
            .flatMap(result -> result.getFailureReport().getDetails().stream())
            .toList();

    @Test
    void theClassesOfCoreAreFound() {
        assertThat(CORE.contain("dev.wayleave.net.Prefix")).isTrue();
        assertThat(CORE).noneMatch(c -> c.getSimpleName().endsWith("Test"));
    }

    @Test
    void everyClassLivesInAListedPackage() {
        everyClassIn("dev.wayleave").check(CORE);
    }

    @TestFactory
    Stream<DynamicTest> aPackageLooksOnlyToItsLeft() {
        return PACKAGES.stream()
                .map(name -> DynamicTest.dynamicTest(
                        name.isEmpty() ? "the root" : name,
                        () -> looksLeft("dev.wayleave", name).check(CORE)));
    }

    @TestFactory
    Stream<DynamicTest> coreIsPure() {
        return Purity.RULES.stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(CORE)));
    }

    @Test
    void theArrowCanFail() {
        JavaClasses wrong = new ClassFileImporter().importClasses(LooksRight.class, Anything.class);
        assertThat(looksLeft("dev.wayleave.fixture", "net").evaluate(wrong).hasViolation())
                .isTrue();
        assertThat(looksLeft("dev.wayleave.fixture", "mesh").evaluate(wrong).hasViolation())
                .isFalse();
        assertThat(everyClassIn("dev.wayleave").evaluate(wrong).hasViolation()).isTrue();
    }

    @Test
    void aListedPackageWithoutClassesFails() {
        JavaClasses some = new ClassFileImporter().importClasses(LooksRight.class, Anything.class);
        assertThatThrownBy(() -> looksLeft("dev.wayleave.fixture", "policy").check(some))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("failed to check any classes");
    }

    static Stream<String> impurities() {
        return Arrays.stream(Impure.class.getDeclaredMethods())
                .filter(m -> !m.isSynthetic())
                .map(Method::getName)
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("impurities")
    void everyImpurityIsNoticed(String method) {
        assertThat(COMPLAINTS).anyMatch(line -> line.contains("Impure." + method + "("));
    }

    @Test
    void serializableAndMutableStaticsAreNoticedAndExceptionsAreNot() {
        JavaClasses impure = new ClassFileImporter().importClasses(Impure.class);
        JavaClasses innocent =
                new ClassFileImporter().importClasses(Innocent.class, InnocentException.class, InnocentEnum.class);
        for (ArchRule rule : List.of(Purity.NO_SERIALIZABLE, Purity.NO_MUTABLE_STATICS)) {
            assertThat(rule.evaluate(impure).hasViolation()).isTrue();
            assertThat(rule.evaluate(innocent).hasViolation()).isFalse();
        }
    }

    private static ArchRule everyClassIn(String root) {
        String[] packages = PACKAGES.stream().map(name -> packageOf(root, name)).toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .resideInAnyPackage(packages)
                .because("a new package needs a place in the arrow");
    }

    private static ArchRule looksLeft(String root, String name) {
        String[] forbidden = PACKAGES.stream()
                .skip(PACKAGES.indexOf(name) + 1L)
                .map(right -> packageOf(root, right))
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(packageOf(root, name))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden);
    }

    private static String packageOf(String root, String name) {
        return name.isEmpty() ? root : root + "." + name;
    }

    private static final class Purity {

        private static final Set<String> READERS_OF_TIME = Set.of("now", "currentTimeMillis", "nanoTime");

        private static final Set<String> SOURCES_OF_CHANCE =
                Set.of("randomUUID", "random", "shuffle", "identityHashCode");

        static final ArchRule NO_SERIALIZABLE = noClasses()
                .that(describe(
                        "are neither throwables nor enums",
                        c -> !c.isAssignableTo(Throwable.class) && !c.isAssignableTo(Enum.class)))
                .should()
                .beAssignableTo(Serializable.class)
                .as("nothing is serializable");

        static final ArchRule NO_MUTABLE_STATICS = fields().that(
                        describe("are static", f -> f.getModifiers().contains(JavaModifier.STATIC)))
                .should()
                .beFinal()
                .allowEmptyShould(true)
                .as("no static field changes");

        static final List<ArchRule> RULES = List.of(
                noClasses()
                        .should()
                        .dependOnClassesThat(equivalentTo(Clock.class))
                        .orShould()
                        .callCodeUnitWhere(calls("read the time", READERS_OF_TIME, "java.time", "java.lang"))
                        .orShould()
                        .dependOnClassesThat(named("java.util.Date", "java.util.Calendar"))
                        .as("no clock"),
                noClasses()
                        .should()
                        .dependOnClassesThat(describe(
                                "are sources of random numbers",
                                c -> c.isAssignableTo("java.util.random.RandomGenerator")
                                        || c.isAssignableTo(Random.class)))
                        .orShould()
                        .callCodeUnitWhere(calls("are up to chance", SOURCES_OF_CHANCE, "java.lang", "java.util"))
                        .as("no chance"),
                noClasses()
                        .should()
                        .dependOnClassesThat(describe(
                                "run things elsewhere",
                                c -> c.isAssignableTo(Thread.class)
                                        || c.isAssignableTo("java.util.concurrent.Executor")
                                        || c.isAssignableTo("java.util.concurrent.Future")
                                        || c.isAssignableTo("java.util.concurrent.Executors")
                                        || c.isAssignableTo("java.util.Timer")))
                        .orShould()
                        .callCodeUnitWhere(
                                calls("make a stream parallel", Set.of("parallel", "parallelStream"), "java.util"))
                        .as("no thread"),
                noClasses()
                        .should()
                        .dependOnClassesThat(describe("do input or output", Purity::doesIo))
                        .orShould()
                        .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels.."))
                        .orShould()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err")
                        .orShould()
                        .accessField(System.class, "in")
                        .as("no input or output, no network"),
                noClasses()
                        .should()
                        .callCodeUnitWhere(calls(
                                "read the environment", Set.of("getenv", "getProperty", "getProperties"), "java.lang"))
                        .as("no environment"),
                noClasses()
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("org.slf4j..", "java.util.logging.."))
                        .orShould()
                        .dependOnClassesThat(named("java.lang.System$Logger"))
                        .as("no logging"),
                noClasses()
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql.."))
                        .as("no database"),
                NO_SERIALIZABLE,
                NO_MUTABLE_STATICS);

        /** Text from a string and the exceptions are harmless; everything else in java.io opens something. */
        private static boolean doesIo(JavaClass c) {
            return c.getPackageName().equals("java.io")
                    && !c.isAssignableTo(Throwable.class)
                    && !Set.of("Reader", "StringReader", "Writer", "StringWriter", "Serializable")
                            .contains(c.getSimpleName());
        }

        private static DescribedPredicate<JavaClass> named(String... names) {
            return describe(
                    "are " + String.join(", ", names), c -> List.of(names).contains(c.getName()));
        }

        private static DescribedPredicate<JavaCall<?>> calls(String what, Set<String> methods, String... packages) {
            return describe(what, call -> {
                CodeUnitAccessTarget target = call.getTarget();
                return methods.contains(target.getName())
                        && resideInAnyPackage(Arrays.stream(packages)
                                        .map(p -> p + "..")
                                        .toArray(String[]::new))
                                .test(target.getOwner());
            });
        }
    }

    /**
     * One method for each thing that core must not do. Never run. Databases and other loggers cannot be shown here: the
     * module does not even read them.
     */
    @SuppressWarnings({"unused", "serial"})
    private static final class Impure implements Serializable {

        private static int counter;

        Object instant() {
            return Instant.now();
        }

        Object clock() {
            return Clock.systemUTC();
        }

        Object localDate() {
            return LocalDate.now();
        }

        Object localDateTime() {
            return LocalDateTime.now();
        }

        Object zoned() {
            return ZonedDateTime.now();
        }

        long millis() {
            return System.currentTimeMillis();
        }

        long nanos() {
            return System.nanoTime();
        }

        Object random() {
            return new Random();
        }

        int threadLocalRandom() {
            return ThreadLocalRandom.current().nextInt();
        }

        Object secureRandom() {
            return new java.security.SecureRandom();
        }

        Object uuid() {
            return UUID.randomUUID();
        }

        double mathRandom() {
            return Math.random();
        }

        int identity() {
            return System.identityHashCode(this);
        }

        void thread() {
            new Thread(() -> {}).start();
        }

        void executor(ExecutorService executor) {
            executor.execute(() -> {});
        }

        Object future() {
            return CompletableFuture.runAsync(() -> {});
        }

        long parallel() {
            return List.of(1).parallelStream().count();
        }

        boolean file() {
            return new File("x").exists();
        }

        Object stream() throws java.io.IOException {
            return new java.io.FileInputStream("x");
        }

        Object files() throws java.io.IOException {
            return java.nio.file.Files.readString(Path.of("x"));
        }

        Object address() throws java.net.UnknownHostException {
            return InetAddress.getByName("example.com");
        }

        void out() {
            System.out.println();
        }

        Object environment() {
            return System.getenv("HOME");
        }

        void systemLog() {
            System.getLogger("x").log(System.Logger.Level.INFO, "y");
        }
    }

    private record Innocent() {}

    private static final class InnocentException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private enum InnocentEnum {
        A {}
    }
}
