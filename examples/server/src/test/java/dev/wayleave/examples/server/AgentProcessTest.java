package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents as processes of their own, which are killed and frozen, and a server that uses the clock of the machine. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
class AgentProcessTest {

    private static final Prefix LAN = Prefix.parse("10.20.0.0/16");
    private static final String POLICY = """
            {
              "tagOwners": {"tag:router": []},
              "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}
            }
            """;

    @TempDir
    Path folder;

    private final List<AgentProcess> processes = new ArrayList<>();
    private RunningServer server;
    private EventReader events;

    @BeforeEach
    void startServer() throws IOException, InterruptedException {
        server = new RunningServer(Duration.ofSeconds(10), Duration.ofSeconds(1));
        var ignored = server.plane.submit(RunningServer.TEST, new Command.SetPolicy(PolicyReader.read(POLICY)));
        events = new EventReader(server.url(), server.operator);
    }

    @AfterEach
    void stop() throws Exception {
        for (AgentProcess process : processes) {
            process.close();
        }
        events.close();
        server.close();
    }

    private AgentProcess agent(String name, String... more) throws IOException {
        List<String> options = new ArrayList<>(
                List.of("--name", name, "--tag", "tag:router", "--advertise", LAN.toString(), "--keep-alive", "1"));
        options.addAll(List.of(more));
        AgentProcess process = new AgentProcess(
                server.url(), server.operator, folder.resolve("agents.log"), options.toArray(String[]::new));
        processes.add(process);
        return process;
    }

    private JsonNode event(String kind, String node) throws Exception {
        try {
            return events.next(event -> event.at("/kind").stringValue().equals(kind)
                    && event.at("/nodeName").stringValue("").equals(node));
        } catch (AssertionError missing) {
            String log =
                    Files.exists(folder.resolve("agents.log")) ? Files.readString(folder.resolve("agents.log")) : "";
            throw new AssertionError(
                    missing.getMessage() + ": " + kind + " " + node + "; the agents said: " + log, missing);
        }
    }

    private Optional<NodeId> primary() {
        return server.plane.state().primary(LAN);
    }

    /** Two routers, of which the first carries the network. */
    private AgentProcess berlinAndItsBackup() throws Exception {
        AgentProcess berlin = agent("berlin");
        event("primary-elected", "berlin");
        agent("backup");
        event("route-approved", "backup");
        return berlin;
    }

    @Test
    void aKilledRouterIsReplacedByItsStandby() throws Exception {
        AgentProcess berlin = berlinAndItsBackup();
        NodeId before = primary().orElseThrow();

        berlin.kill();

        JsonNode moved = event("primary-moved", "backup");
        assertThat(moved.at("/from").longValue()).isEqualTo(before.value());
        assertThat(primary()).contains(new NodeId(moved.at("/to").longValue()));
    }

    @Test
    @EnabledIfSystemProperty(named = "wayleave.slow", matches = "true")
    void aFrozenRouterWithAnOpenConnectionIsReplacedAndStealsNothingLater() throws Exception {
        AgentProcess berlin = berlinAndItsBackup();

        berlin.freeze();

        assertThat(event("node-in-grace", "berlin").at("/reason").stringValue()).contains("fell silent");
        NodeId backup = new NodeId(event("primary-moved", "backup").at("/to").longValue());
        berlin.thaw();
        event("node-online", "berlin");
        assertThat(primary()).contains(backup);
    }

    @Test
    @EnabledIfSystemProperty(named = "wayleave.slow", matches = "true")
    void aRouterThatIsEndedTakesLeave() throws Exception {
        AgentProcess berlin = berlinAndItsBackup();

        berlin.end();

        assertThat(event("node-in-grace", "berlin").at("/reason").stringValue()).contains("session", "ended");
        event("primary-moved", "backup");
    }

    @Test
    @EnabledIfSystemProperty(named = "wayleave.slow", matches = "true")
    void theNodesOfOneProcessComeAndGoTogether() throws Exception {
        AgentProcess many = agent("many", "--nodes", "25");
        for (int i = 1; i <= 25; i++) {
            event("node-online", "many-" + i);
        }

        many.kill();

        for (int i = 1; i <= 25; i++) {
            event("node-offline", "many-" + i);
        }
        event("prefix-unserved", "");
        assertThat(primary()).isEmpty();
    }

    /** Every event so far, and those to come, looked at in any order. */
    private static final class EventReader implements AutoCloseable {

        private final StreamReader stream;
        private final List<JsonNode> passedOver = new ArrayList<>();

        EventReader(String url, String key) throws IOException, InterruptedException {
            stream = new StreamReader(url + TestServer.API + "/events/stream?after=0", key);
        }

        JsonNode next(Predicate<JsonNode> wanted) throws InterruptedException {
            for (JsonNode event : passedOver) {
                if (wanted.test(event)) {
                    passedOver.remove(event);
                    return event;
                }
            }
            while (true) {
                JsonNode event = stream.next("event").json();
                if (wanted.test(event)) {
                    return event;
                }
                passedOver.add(event);
            }
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
