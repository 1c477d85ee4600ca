package dev.wayleave.storage.jdbc;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts programs of the tests as processes of their own, from the classes that this process runs from. */
final class ChildProcess {

    private ChildProcess() {}

    static Process start(File errors, Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // it lives for seconds, beside other processes: quick to start, and small
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                classPath(),
                program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(errors).start();
    }

    /** Everything that this process runs from, module or not. */
    private static String classPath() {
        String module = System.getProperty("basedir", ".");
        return String.join(
                File.pathSeparator,
                List.of(
                        module + "/target/classes",
                        module + "/target/test-classes",
                        System.getProperty("jdk.module.path", ""),
                        System.getProperty("java.class.path")));
    }
}
