package dev.wayleave.examples.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The agent simulator as a process of its own, which can be killed and frozen as one. */
final class AgentProcess implements AutoCloseable {

    private final Process process;

    AgentProcess(String server, String key, Path log, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.wayleave.examples.cli.Wayleave",
                "agent"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())));
        builder.environment().put("WAYLEAVE_SERVER", server);
        builder.environment().put("WAYLEAVE_KEY", key);
        process = builder.start();
    }

    /** SIGKILL: it has no chance to say anything. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** What Ctrl-C does: it can take leave. */
    void end() {
        process.destroy();
        process.onExit().join();
    }

    /** SIGSTOP: it is there, and its connections are open, but it does nothing. */
    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
        if (!kill.waitFor(1, TimeUnit.MINUTES) || kill.exitValue() != 0) {
            throw new AssertionError("the process cannot be sent " + name);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
