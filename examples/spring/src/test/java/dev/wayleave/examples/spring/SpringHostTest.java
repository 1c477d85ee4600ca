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
    void a_node_registers_advertises_is_approved_and_is_in_the_views_of_others() throws Exception {
        host.router(1, "10.21.0.0/16");
        host.register(2, "tag:client");

        assertThat(host.view(2)).contains("{\"node\":1,\"name\":\"node-1\",\"routes\":[\"10.21.0.0/16\"]}");
        assertThat(host.view(1)).contains("{\"node\":2,\"name\":\"node-2\",\"routes\":[]}");
    }

    @Test
    void events_have_their_kind_and_prefixes_their_text() throws Exception {
        host.router(3, "10.23.0.0/16");

        assertThat(host.ask("PUT", "/nodes/3/advertised", "[]"))
                .contains("\"kind\":\"route-withdrawn\"", "\"prefix\":\"10.23.0.0/16\"");
    }

    @Test
    void a_refused_submission_is_a_conflict_with_its_problems() throws Exception {
        HttpResponse<String> response = host.send("PUT", "/nodes/7/advertised", "[\"10.20.0.0/16\"]");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("\"problems\":[{\"kind\":\"");
        assertThat(host.send("GET", "/nodes/7/view", "").statusCode()).isEqualTo(404);
    }

    @Test
    void a_prefix_with_host_bits_is_a_bad_request() throws Exception {
        assertThat(host.send("PUT", "/nodes/1/advertised", "[\"10.20.0.1/16\"]").statusCode())
                .isEqualTo(400);
    }

    @Test
    void the_work_of_the_controller_is_measured() throws Exception {
        host.register(4, "tag:client");

        assertThat(host.ask("GET", "/actuator/metrics/wayleave.nodes?tag=tailnet:example.com", ""))
                .contains("\"baseUnit\":\"nodes\"")
                .containsPattern("\"value\":[1-9]");
        assertThat(host.ask("GET", "/actuator/metrics/wayleave.commit", "")).contains("\"statistic\":\"COUNT\"");
    }

    @Test
    void both_histories_of_migrations_are_in_the_database() {
        JdbcClient database = host.context.getBean(JdbcClient.class);

        assertThat(host.context.getBeansOfType(Flyway.class))
                .as("Spring Boot's own")
                .hasSize(1);
        for (String history : new String[] {"\"flyway_schema_history\"", "\"wayleave_flyway_history\""}) {
            assertThat(database.sql("select count(*) from " + history + " where \"version\" = '1' and \"success\"")
                            .query(Integer.class)
                            .single())
                    .as(history)
                    .isEqualTo(1);
        }
    }

    @Test
    void the_threads_of_the_controller_do_not_replace_the_scheduler_of_spring() {
        assertThat(host.context.getBeansOfType(TaskScheduler.class)).hasSize(1);
        assertThat(host.context.getBeansOfType(ScheduledTaskHolder.class).values())
                .flatExtracting(ScheduledTaskHolder::getScheduledTasks)
                .singleElement()
                .asString()
                .contains("NightlyPurge");
    }
}
