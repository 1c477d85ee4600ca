package dev.wayleave.examples.server.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.TestServer;
import dev.wayleave.storage.ControllerClosedException;
import dev.wayleave.storage.RoutingObserver;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Prometheus reads, and what a monitor does. */
class MetricsTest {

    /** A whole number is one however it is written. */
    private static String value(TestServer server, String name) {
        String text = server.get("/metrics", server.reader).expect(200).text();
        return Arrays.stream(text.split("\n"))
                .filter(line -> line.startsWith("wayleave_" + name + " "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .map(number -> number.endsWith(".0") ? number.substring(0, number.length() - 2) : number)
                .findFirst()
                .orElse("");
    }

    @Test
    void theMetricsCountEventsAndStates() {
        try (TestServer server = new TestServer()) {
            server.open();
            TestServer.Agent berlin = server.router("berlin", "10.20.0.0/16");
            TestServer.Agent backup = server.router("backup", "10.20.0.0/16", "192.168.0.0/24");

            assertThat(value(server, "nodes")).isEqualTo("2");
            assertThat(value(server, "prefixes")).isEqualTo("1");
            assertThat(value(server, "prefixes_unserved")).isEqualTo("0");
            assertThat(value(server, "routes_pending")).isEqualTo("1");
            assertThat(value(server, "storage_up")).isEqualTo("1");
            assertThat(value(server, """
                    events_total{kind="node-online"}""")).isEqualTo("2");
            server.post("/nodes/" + berlin.id + "/drain", "{}").expect(200);
            assertThat(value(server, "primary_moves_total")).isEqualTo("1");
            server.post("/nodes/" + backup.id + "/drain", "{}").expect(409);
            assertThat(value(server, "refused_total")).isEqualTo("1");
            server.time.advance(Duration.ofSeconds(40));
            assertThat(value(server, "prefixes_unserved")).isEqualTo("1");
            assertThat(value(server, "revision"))
                    .isEqualTo(server.read("/tailnet").at("/revision").toString());
        }
    }

    @Test
    void aStepOfTheClockIsCountedAndShown() {
        try (TestServer server = new TestServer()) {
            server.open();
            server.router("berlin", "10.20.0.0/16");
            server.time.stepClock(Duration.ofHours(1));
            server.time.advance(Duration.ofSeconds(10));

            assertThat(value(server, "clock_steps_total")).isEqualTo("1");
            assertThat(value(server, """
                    events_total{kind="clock-stepped"}""")).isEqualTo("1");
            assertThat(value(server, "prefixes_unserved")).isEqualTo("0");
            assertThat(server.read("/events").toString()).containsPattern("clock [^\"]*\\+3600 s");
        }
    }

    @Test
    void everyLineIsInTheFormatOfPrometheus() {
        try (TestServer server = new TestServer()) {
            server.open();
            TestServer.Reply reply = server.get("/metrics", server.reader).expect(200);

            assertThat(reply.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            assertThat(reply.text().split("\n"))
                    .allMatch(line -> line.matches("# (HELP|TYPE) wayleave_[a-z_]+ .+") || line.matches("""
                            wayleave_[a-z_]+(\\{kind="[a-z-]+"\\})? [0-9.E-]+"""));
        }
    }

    @Test
    void anOutageOfTheStoreIsSeenByMonitors() {
        try (TestServer server = new TestServer()) {
            RoutingObserver observer = server.demo.metrics();

            observer.outageBegan(ControlPlane.TAILNET, new IllegalStateException());

            assertThat(server.get("/healthz", "").expect(503).text()).isEqualTo("""
                    {"status":"unavailable"}""");
            assertThat(value(server, "storage_up")).isEqualTo("0");
            observer.outageEnded(ControlPlane.TAILNET, Duration.ofSeconds(3));
            assertThat(server.get("/healthz", "").status()).isEqualTo(200);
            assertThat(List.of(value(server, "storage_outages_total"), value(server, "storage_up")))
                    .containsExactly("1", "1");
        }
    }

    @Test
    void aControllerThatClosedByItselfIsSeenByMonitors() {
        try (TestServer server = new TestServer()) {
            RoutingObserver observer = server.demo.metrics();
            Error cause = new StackOverflowError();

            observer.internalError(ControlPlane.TAILNET, List.of(), null, cause);
            assertThat(value(server, "internal_errors_total")).isEqualTo("1");
            assertThat(server.get("/healthz", "").status()).isEqualTo(200);
            observer.failed(ControlPlane.TAILNET, new ControllerClosedException(ControlPlane.TAILNET));

            assertThat(value(server, "controller_up")).isEqualTo("0");
            assertThat(server.get("/healthz", "").status()).isEqualTo(503);
        }
    }
}
