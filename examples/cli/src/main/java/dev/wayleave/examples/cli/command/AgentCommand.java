package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.agent.Agent;
import dev.wayleave.examples.cli.agent.NodeFacts;
import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.ServerEvent;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.net.Prefix;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Nodes that do everything that real ones do towards a control plane, and carry nothing. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Plays one node or many: registers them, advertises, keeps their sessions, and prints what they get.",
        footer = {
            "",
            "Ctrl-C takes leave of the server. To see a failover, kill it (kill -9) or freeze it (kill -STOP) instead.",
            "The key is one that may operate: it registers the nodes, and each gets a key of its own.",
        })
public final class AgentCommand implements Runnable {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final int MOST = 10_000;
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    @Mixin
    private ServerOption at = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "agent",
            description = "The node's name; of many, what comes before -1, -2 … (default: ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--nodes",
            paramLabel = "COUNT",
            defaultValue = "1",
            description = "How many nodes, 1 to " + MOST + " (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = {"-a", "--advertise"},
            split = ",",
            paramLabel = "ROUTE",
            description = "What each of them advertises, divided by commas.")
    private @Nullable List<String> routes;

    @Option(names = "--tag", split = ",", paramLabel = "TAG", description = "The tags that they belong to.")
    private @Nullable List<String> tags;

    @Option(names = "--user", paramLabel = "USER", description = "The user that owns them: id, e-mail, or name@.")
    private @Nullable String user;

    @Option(
            names = "--keep-alive",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Be heard more often than the server asks.")
    private int keepAlive;

    @Option(names = "--quiet", description = "Print no more than what goes wrong.")
    private boolean quiet;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        if (nodes < 1 || nodes > MOST) {
            throw new BadInput("--nodes is a number from 1 to " + MOST);
        }
        if (user == null && given(tags).isEmpty()) {
            throw new BadInput("a node belongs to tags or to a user: name them by --tag or --user");
        }
        // refused before a node is registered
        List<String> advertised = NodesCommand.prefixes(given(routes)).stream()
                .map(Prefix::toString)
                .toList();
        List<ControlPlane> servers = at.needAll();
        ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "agents");
            thread.setDaemon(true);
            return thread;
        });
        CountDownLatch present = new CountDownLatch(nodes);
        List<Agent> agents = new ArrayList<>();
        Agent.Environment around =
                new Agent.Environment(servers, loop, this::printMessage, this::complain, present::countDown);
        for (String each : names()) {
            agents.add(new Agent(
                    new NodeFacts(each, user == null ? "" : user, given(tags), advertised, keepAlive), around));
        }
        Thread farewell = new Thread(() -> leave(agents, loop), "farewell");
        Runtime.getRuntime().addShutdownHook(farewell);
        Agent.start(agents, around);
        try {
            present.await();
        } catch (InterruptedException interrupted) {
            // ended from outside, as by Ctrl-C
            leave(agents, loop);
            return;
        } finally {
            unhook(farewell);
        }
        loop.shutdownNow();
        throw new BadInput(nodes == 1 ? "the node is gone" : "all nodes are gone");
    }

    private List<String> names() {
        return nodes == 1
                ? List.of(name)
                : IntStream.rangeClosed(1, nodes).mapToObj(i -> name + "-" + i).toList();
    }

    private static List<String> given(@Nullable List<String> texts) {
        return texts == null
                ? List.of()
                : texts.stream().filter(text -> !text.isBlank()).toList();
    }

    private static void leave(List<Agent> agents, ScheduledExecutorService loop) {
        CountDownLatch left = new CountDownLatch(agents.size());
        loop.execute(() -> agents.forEach(agent -> agent.leave(left::countDown)));
        try {
            boolean ignored = left.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        loop.shutdown();
    }

    private static void unhook(Thread farewell) {
        try {
            boolean ignored = Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException endingAlready) {
            // then it runs
        }
    }

    private record EventDocument(String agent, String event, JsonNode data) {}

    /** Prints one message that a node received; called only on the loop. */
    private void printMessage(String agent, String words, ServerEvent event) {
        if (quiet) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.print(Documents.line(new EventDocument(agent, event.kind(), event.json())));
        } else {
            Ink ink = new Ink(spec.commandLine().getColorScheme().ansi());
            out.print(ink.faint(time()) + " " + ink.strong(Printable.line(agent)) + " " + Printable.line(words) + "\n");
        }
        out.flush();
    }

    private void complain(String agent, String words) {
        PrintWriter err = spec.commandLine().getErr();
        err.print(time() + " " + Printable.line(agent + ": " + words) + "\n");
        err.flush();
    }

    private static String time() {
        return CLOCK.format(LocalTime.now(ZoneId.systemDefault()));
    }
}
