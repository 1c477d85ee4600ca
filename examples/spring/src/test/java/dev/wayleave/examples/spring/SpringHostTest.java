package dev.wayleave.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The host as its users meet it, over HTTP. Each test has nodes and prefixes of its own. */
class SpringHostTest {

    @TempDir
    private static Path directory;

    private static RunningHost host;

    @BeforeAll
    static void start() {
        host = new RunningHost(directory);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void aNodeRegistersAdvertisesIsApprovedAndIsInTheViewsOfOtherNodes() throws Exception {
        host.router(1, "10.21.0.0/16");
        host.register(2, "tag:client");

        assertThat(host.view(2)).contains("""
                {"node":1,"name":"node-1","routes":["10.21.0.0/16"]}""");
        assertThat(host.view(1)).contains("""
                {"node":2,"name":"node-2","routes":[]}""");
    }

    @Test
    void eventsHaveTheirKindAndPrefixesTheirText() throws Exception {
        host.router(3, "10.23.0.0/16");

        assertThat(host.ask("PUT", "/nodes/3/advertised", "[]"))
                .contains("""
                        "kind":"route-withdrawn"
                        "prefix":"10.23.0.0/16"
                        """.lines().toList());
    }

    @Test
    void aRefusedSubmissionIsAConflictWithItsProblems() throws Exception {
        HttpResponse<String> response = host.send("PUT", "/nodes/7/advertised", """
                ["10.20.0.0/16"]""");

        assertThat(response.statusCode()).isEqualTo(409);
        JsonNode problems = JsonMapper.shared().readTree(response.body()).at("/problems");
        assertThat(problems.values())
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.at("/kind").stringValue()).isEqualTo("unknown-node"));
        assertThat(host.send("GET", "/nodes/7/view", "").statusCode()).isEqualTo(404);
    }

    @Test
    void aPrefixWithHostBitsIsABadRequest() throws Exception {
        assertThat(host.send("PUT", "/nodes/1/advertised", """
                ["10.20.0.1/16"]""").statusCode()).isEqualTo(400);
    }

    @Test
    void theWorkOfTheControllerIsMeasured() throws Exception {
        host.register(4, "tag:client");

        JsonNode nodes = JsonMapper.shared()
                .readTree(host.ask("GET", "/actuator/metrics/wayleave.nodes?tag=tailnet:example.com", ""));
        assertThat(nodes.at("/baseUnit").stringValue()).isEqualTo("nodes");
        assertThat(nodes.at("/measurements/0/value").doubleValue()).isPositive();
        JsonNode commits = JsonMapper.shared().readTree(host.ask("GET", "/actuator/metrics/wayleave.commit", ""));
        assertThat(commits.at("/measurements").values())
                .extracting(measurement -> measurement.at("/statistic").stringValue())
                .contains("COUNT");
    }

    @Test
    void bothHistoriesOfMigrationsAreInTheDatabase() {
        JdbcClient database = host.context.getBean(JdbcClient.class);

        assertThat(host.context.getBeansOfType(Flyway.class))
                .as("Spring Boot's own")
                .hasSize(1);
        for (String history : new String[] {"\"flyway_schema_history\"", "\"wayleave_flyway_history\""}) {
            assertThat(database.sql("""
                    select count(*) from %s where "version" = '1' and "success"\
                    """.formatted(history)).query(Integer.class).single())
                    .as(history)
                    .isEqualTo(1);
        }
    }

    @Test
    void theThreadsOfTheControllerDoNotReplaceTheSchedulerOfSpring() {
        assertThat(host.context.getBeansOfType(TaskScheduler.class)).hasSize(1);
        assertThat(host.context.getBeansOfType(ScheduledTaskHolder.class).values())
                .flatExtracting(ScheduledTaskHolder::getScheduledTasks)
                .singleElement()
                .asString()
                .contains("NightlyPurge");
    }
}
