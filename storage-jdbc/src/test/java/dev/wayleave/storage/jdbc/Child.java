package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A process that does what it is asked line by line, and all that it wrote. */
@CanIgnoreReturnValue
final class Child {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Process process;
    private final BufferedWriter words;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Consumer<String> hearing;
    private final Thread listening;
    private final Path errors;

    private Child(Process process, Path errors, @Nullable Consumer<String> hearing) {
        this.process = process;
        this.errors = errors;
        this.hearing = hearing == null ? said::add : hearing;
        this.words = process.outputWriter();
        this.listening = new Thread(this::listen, "child");
    }

    static Child start(Path errors, Class<?> program, String... arguments) throws IOException {
        return start(errors, null, program, arguments);
    }

    /** Starts a process whose lines go to a receiver, if there is one; otherwise they are kept. */
    static Child start(Path errors, @Nullable Consumer<String> hearing, Class<?> program, String... arguments)
            throws IOException {
        Child child = new Child(ChildProcess.start(errors.toFile(), program, arguments), errors, hearing);
        child.listening.start();
        return child;
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(hearing);
        } catch (IOException | UncheckedIOException e) {
            hearing.accept("broken " + e);
        }
    }

    List<String> said() {
        return said;
    }

    Child await(String line) {
        until(() -> said.stream().anyMatch(each -> each.startsWith(line)), line);
        return this;
    }

    /** Waits for one more line that begins so. */
    Child awaitNext(String line, int from) {
        until(() -> said.stream().skip(from).anyMatch(each -> each.startsWith(line)), line);
        return this;
    }

    Child asks(String line) throws IOException {
        int from = said.size();
        send(line);
        return awaitNext(line.equals("close") ? "closed" : "done " + line, from);
    }

    void send(String line) throws IOException {
        words.write(line + "\n");
        words.flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it has ended by itself, and all that it wrote was heard. */
    void awaitEnd() throws InterruptedException {
        listening.join();
    }

    int acknowledged() {
        return (int)
                said.stream().filter(line -> line.startsWith("acknowledged")).count();
    }

    Child awaitMore(int more) {
        int wanted = acknowledged() + more;
        until(() -> acknowledged() >= wanted, wanted + " acknowledged");
        return this;
    }

    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        listening.join();
    }

    void until(BooleanSupplier condition, String what) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (!listening.isAlive() && !condition.getAsBoolean()) {
                throw new AssertionError(what + " did not come before the process ended: " + errors());
            }
            assertThat(System.nanoTime() - begun)
                    .as("waited for `%s`, said %s", what, last())
                    .isLessThan(PATIENCE.toNanos());
            Thread.onSpinWait();
            LockSupport.parkNanos(2_000_000);
        }
    }

    String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> last() {
        List<String> all = List.copyOf(said);
        return all.subList(Math.max(0, all.size() - 3), all.size());
    }
}
