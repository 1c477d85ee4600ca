package dev.wayleave.testing;

import com.google.common.testing.NullPointerTester;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what accepts null in the public classes of the packages that a module exports: constructors, static and
 * instance methods, default methods. Each parameter that is not {@code @Nullable} must refuse null with a
 * {@link NullPointerException} whose message is its name, and collections that hold null with a message that begins
 * with it.
 *
 * <p>Interfaces that hosts may implement have implementations of the library, too, whose classes are not public: the
 * test gives an instance of each, as a host gets it.
 *
 * <p>Classes are found by themselves, and so are values of them; the test gives a value where a factory wants more than
 * any argument.
 */
public final class NullRejection {

    private final Path classes;
    private final SampleValues samples = new SampleValues();

    private NullRejection(Path classes) {
        this.classes = classes;
    }

    /** Of the module whose classes are in this folder, beside its {@code module-info.class}. */
    public static NullRejection of(Path classes) {
        return new NullRejection(classes);
    }

    /** Takes this value for every parameter of the type, and for its own methods. */
    public <T> NullRejection with(Class<T> type, T value) {
        samples.put(type, value);
        return this;
    }

    /** Takes these values for every parameter of just their classes, and for their own methods. */
    public NullRejection withAll(Object... values) {
        for (Object value : values) {
            samples.put(value);
        }
        return this;
    }

    /** Every public class of the exported packages, nested ones too, by name. */
    public List<Class<?>> exportedClasses() {
        Set<String> exported;
        try (InputStream descriptor = Files.newInputStream(classes.resolve("module-info.class"))) {
            exported = ModuleDescriptor.read(descriptor).exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map(file -> classes.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length())
                            .replace(file.contains("\\") ? '\\' : '/', '.'))
                    .filter(name -> exported.contains(name.substring(0, name.lastIndexOf('.'))))
                    .sorted()
                    .<Class<?>>map(NullRejection::load)
                    .filter(NullRejection::isPublic)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    /** What accepts null in a class, or refuses it without its name: one line each, none if all is well. */
    public List<String> faults(Class<?> type) {
        List<String> faults = new ArrayList<>();
        for (Executable each : executables(type)) {
            boolean needsReceiver = each instanceof Method && !Modifier.isStatic(each.getModifiers());
            check(type, each, needsReceiver ? samples.of(type).orElse(null) : type, faults);
        }
        return faults;
    }

    /**
     * What an implementation accepts that a host gets and calls by its interface: all methods count, as the module has
     * this implementation.
     */
    public <T> List<String> faults(Class<T> type, T implementation) {
        List<String> faults = new ArrayList<>();
        Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .sorted(Comparator.comparing(Executable::toGenericString))
                .forEach(method -> check(type, method, implementation, faults));
        return faults;
    }

    /** Has Guava's tester look at the same class; it throws where it finds something. */
    public void checkWithGuava(Class<?> type) {
        NullPointerTester tester = new NullPointerTester();
        for (Executable each : executables(type)) {
            samples.arguments(each.getGenericParameterTypes());
        }
        samples.known().forEach((known, value) -> setDefault(tester, known, value));
        tester.testAllPublicConstructors(type);
        tester.testAllPublicStaticMethods(type);
        if (Arrays.stream(type.getMethods()).anyMatch(method -> !Modifier.isStatic(method.getModifiers()))) {
            samples.of(type).filter(value -> value.getClass() == type).ifPresent(tester::testAllPublicInstanceMethods);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> void setDefault(NullPointerTester tester, Class<T> type, Object value) {
        tester.setDefault(type, (T) value);
    }

    private static List<Executable> executables(Class<?> type) {
        Stream<Executable> constructors =
                Modifier.isAbstract(type.getModifiers()) ? Stream.empty() : Arrays.stream(type.getConstructors());
        return Stream.concat(constructors, Arrays.stream(type.getMethods()).filter(method -> isOwn(type, method)))
                .filter(each -> !each.isSynthetic())
                .sorted(Comparator.comparing(Executable::toGenericString))
                .toList();
    }

    /** What hosts implement is theirs to check: abstract methods count where the module has all implementations. */
    private static boolean isOwn(Class<?> type, Method method) {
        String module = type.getPackageName();
        return method.getDeclaringClass().getPackageName().startsWith(module.substring(0, module.indexOf('.')))
                && !(method.getName().equals("equals") && method.getParameterCount() == 1)
                && !(type.isEnum() && method.getName().equals("valueOf"))
                && (!Modifier.isAbstract(method.getModifiers()) || type.isSealed());
    }

    private void check(Class<?> type, Executable executable, @Nullable Object receiver, List<String> faults) {
        Parameter[] parameters = executable.getParameters();
        if (Arrays.stream(parameters).allMatch(NullRejection::takesNull)) {
            return;
        }
        Optional<Object[]> arguments = samples.arguments(executable.getGenericParameterTypes());
        if (arguments.isEmpty() || receiver == null) {
            faults.add(name(executable) + ": give a value of " + missing(type, executable, receiver == null));
            return;
        }
        for (int i = 0; i < parameters.length; i++) {
            if (takesNull(parameters[i])) {
                continue;
            }
            String name = parameters[i].getName();
            if (!parameters[i].isNamePresent()) {
                faults.add(name(executable) + ": is compiled without -parameters");
                return;
            }
            complaint(executable, receiver, with(arguments.get(), i, null), message -> message.equals(name))
                    .ifPresent(fault -> faults.add(name(executable) + ", " + name + " is null: " + fault));
            for (Object holder : samples.withNull(executable.getGenericParameterTypes()[i])) {
                complaint(
                                executable,
                                receiver,
                                with(arguments.get(), i, holder),
                                message -> message.startsWith(name + " "))
                        .ifPresent(fault -> faults.add(name(executable) + ", " + name + " holds null: " + fault));
            }
        }
    }

    private String missing(Class<?> type, Executable executable, boolean needsReceiver) {
        Stream<Type> types = Stream.concat(
                needsReceiver ? Stream.of(type) : Stream.empty(), Arrays.stream(executable.getGenericParameterTypes()));
        return types.filter(each -> samples.of(each).isEmpty())
                .map(Type::getTypeName)
                .collect(Collectors.joining(", "));
    }

    private static Object[] with(Object[] arguments, int place, @Nullable Object value) {
        Object[] changed = arguments.clone();
        changed[place] = value;
        return changed;
    }

    private static Optional<String> complaint(
            Executable executable, Object receiver, Object[] arguments, java.util.function.Predicate<String> expected) {
        try {
            if (executable instanceof Constructor<?> constructor) {
                constructor.newInstance(arguments);
            } else {
                ((Method) executable).invoke(receiver, arguments);
            }
            return Optional.of("is accepted");
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            return cause instanceof NullPointerException
                            && cause.getMessage() != null
                            && expected.test(cause.getMessage())
                    ? Optional.empty()
                    : Optional.of(String.valueOf(cause));
        } catch (ReflectiveOperationException e) {
            return Optional.of(e.toString());
        }
    }

    private static boolean takesNull(Parameter parameter) {
        return parameter.getType().isPrimitive() || isNullable(parameter) || isNullable(parameter.getAnnotatedType());
    }

    private static boolean isNullable(AnnotatedElement element) {
        return element.isAnnotationPresent(Nullable.class);
    }

    private static String name(Executable executable) {
        return executable.getDeclaringClass().getName() + "."
                + (executable instanceof Constructor ? "new" : executable.getName())
                + Arrays.stream(executable.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
