package dev.wayleave.examples.benchmarks;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs benchmarks as JMH's own main class does, and then prints a line for each with its fastest fork.
 *
 * <p>On a machine with other users, the mean shows how busy they were. What a fork reaches once, the code can do.
 */
public final class FastestFork {

    private FastestFork() {}

    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        Collection<RunResult> results = new Runner(new CommandLineOptions(arguments)).run();
        System.out.println();
        System.out.println("| benchmark | parameters | fastest fork | mean of all | unit |");
        System.out.println("|---|---|--:|--:|---|");
        results.forEach(result -> System.out.println(line(result)));
    }

    private static String line(RunResult result) {
        String name = result.getParams().getBenchmark();
        String parameters = result.getParams().getParamsKeys().stream()
                .map(key -> key + " " + result.getParams().getParam(key))
                .collect(Collectors.joining(", "));
        double fastest = result.getBenchmarkResults().stream()
                .mapToDouble(FastestFork::score)
                .min()
                .orElseThrow();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f | %s |",
                name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                parameters,
                fastest,
                result.getPrimaryResult().getScore(),
                result.getPrimaryResult().getScoreUnit());
    }

    private static double score(BenchmarkResult fork) {
        return fork.getPrimaryResult().getScore();
    }
}
