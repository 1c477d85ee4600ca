package dev.wayleave.examples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The operator's tool: {@code java -jar wayleave.jar}. */
@Command(name = "wayleave", mixinStandardHelpOptions = true, description = "Shows what a tailnet routes, and why.")
public final class Wayleave implements Callable<Integer> {

    private Wayleave() {}

    /**
     * Runs one command and leaves with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Wayleave()).execute(args));
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return 0;
    }
}
