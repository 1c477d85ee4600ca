package dev.wayleave.examples.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What lint finds is listed with its place and with what to do. */
class FindingsApiTest {

    private final TestServer server = TestServer.withSample();

    @AfterEach
    void stop() {
        server.close();
    }

    private List<String> codes() {
        List<String> codes = new ArrayList<>();
        server.read("/findings")
                .at("/findings")
                .forEach(finding -> codes.add(finding.at("/code").stringValue()));
        return codes;
    }

    @Test
    void aPolicyThatOpensEverythingIsAFinding() {
        assertThat(codes()).as("of the sample").containsOnly("via-single-router");

        ObjectNode body = TestServer.JSON.createObjectNode();
        body.put("policy", """
                {
                  "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]
                }""");
        server.send("PUT", TestServer.API + "/policy", server.operator, body.toString())
                .expect(200);

        JsonNode finding = null;
        for (JsonNode each : server.read("/findings").at("/findings")) {
            finding = each.at("/code").stringValue().equals("open-to-every-node") ? each : finding;
        }
        assertThat(finding).isNotNull();
        assertThat(finding.at("/severity").stringValue()).isEqualTo("info");
        assertThat(finding.at("/entry").stringValue()).isEqualTo("grants[0]");
        assertThat(finding.at("/line").intValue()).isEqualTo(2);
        assertThat(finding.at("/advice").stringValue()).contains("routes");
    }
}
