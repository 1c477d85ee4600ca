package dev.wayleave.examples.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import picocli.CommandLine.Help.Ansi;

/** A command that does not end by itself, run in a thread of its own; closing it interrupts it, as Ctrl-C would. */
public final class Background implements AutoCloseable {

    private final StringBuffer out = new StringBuffer();
    private final StringBuffer err = new StringBuffer();
    private final Object changed = new Object();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final Thread thread;

    public Background(String... args) {
        thread = new Thread(() -> code.complete(Wayleave.run(into(out), into(err), Ansi.OFF, args)));
        thread.start();
    }

    private PrintWriter into(StringBuffer text) {
        return new PrintWriter(new Writer() {
            @Override
            public void write(char[] written, int from, int length) {
                text.append(written, from, length);
                synchronized (changed) {
                    changed.notifyAll();
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    public String out() {
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    public String err() {
        return err.toString().replace(System.lineSeparator(), "\n");
    }

    /** Waits until what is printed is as wanted. */
    public void await(Predicate<Background> wanted) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        synchronized (changed) {
            while (!wanted.test(this)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("never printed; out: " + out() + "err: " + err());
                }
                try {
                    changed.wait(left);
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            }
        }
    }

    public int code() {
        return code.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Once more if it is not heard: a read of a stream may swallow an interrupt. */
    @Override
    public void close() {
        for (int i = 0; i < 40; i++) {
            thread.interrupt();
            try {
                int ignored = code.get(500, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notYet) {
                // again
            } catch (InterruptedException | ExecutionException failed) {
                throw new AssertionError(failed);
            }
        }
        throw new AssertionError("does not end when it is interrupted");
    }
}
