package dev.wayleave.examples.server.api;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.StreamReader;
import dev.wayleave.examples.server.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What can be read of the tailnet. */
class TailnetApiTest {

    private final TestServer server = TestServer.withSample();

    @AfterEach
    void stop() {
        server.close();
    }

    private Map<String, String> states() {
        Map<String, String> states = new TreeMap<>();
        for (JsonNode node : server.read("/tailnet").at("/nodes")) {
            for (JsonNode route : node.at("/routes")) {
                states.put(
                        node.at("/name").stringValue() + " "
                                + route.at("/prefix").stringValue(),
                        route.at("/state").stringValue());
            }
        }
        return states;
    }

    @Test
    void everyRouteHasOneWordForItsState() {
        assertThat(states()).containsEntry("berlin-a 10.20.0.0/16", "unserved");

        server.demo.startSample();

        assertThat(states())
                .containsEntry("berlin-a 10.20.0.0/16", "primary")
                .containsEntry("berlin-b 10.20.0.0/16", "standby")
                .containsEntry("berlin-b 10.28.0.0/16", "waiting")
                .containsEntry("frankfurt-exit 0.0.0.0/0", "exit")
                .containsEntry("lea-laptop 192.168.7.0/24", "denied");
        server.post("/nodes/8/approve", """
                {"routes": ["10.99.0.0/16"]}""").expect(200);
        server.post("/nodes/1/drain", "{}").expect(200);
        assertThat(states())
                .containsEntry("ada-laptop 10.99.0.0/16", "approved")
                .containsEntry("berlin-a 10.20.0.0/16", "draining")
                .containsEntry("berlin-b 10.20.0.0/16", "primary");
    }

    /** The texts are those of the tool: with the grace, and with what a carrier suffers from. */
    @Test
    void aHolderInGraceAndADrainedOneAreExplainedAsSuch() {
        TestServer.Agent berlin = server.router("berlin", "10.77.0.0/16");
        server.post("/nodes/" + berlin.id + "/approve", """
                {"routes": ["10.77.0.0/16"]}""").expect(200);
        server.post("/nodes/" + berlin.id + "/drain", """
                {"forced": true}""").expect(200);
        berlin.post("disconnect", """
                {"session": "%s"}""".formatted(berlin.session)).expect(204);

        JsonNode explained = server.read("/explain?node=" + berlin.id + "&prefix=10.77.0.0/16");

        String until = explained.at("/holders/0/graceUntil").stringValue();
        String text = explained.at("/holders/0/text").stringValue();
        assertThat(text).startsWith("grace; primary: ").containsSubsequence("session", until, "drain");
        String condition = text.substring(text.lastIndexOf("; ", text.indexOf(until)));
        assertThat(explained.at("/text").stringValue()).contains(condition + "\n");
    }

    @Test
    void nodesWithTheSameNameHaveTheirNumbersInTexts() {
        server.demo.startSample();
        String twin = """
                {"name": "berlin-a", "hostKey": "twin", "tags": ["tag:router"]}""";
        long id = server.post("/agent/register", twin)
                .expect(201)
                .json()
                .at("/node/id")
                .longValue();

        JsonNode explained = server.read("/explain?node=1&prefix=10.20.0.0/16");

        assertThat(explained.at("/text").stringValue()).contains("at berlin-a (1) (1, ");
        assertThat(explained.at("/holders/0/name").stringValue()).isEqualTo("berlin-a");
        String plan = server.ask("/nodes/1/plan", """
                {"action": "drain"}""").expect(200).text();
        assertThat(plan).contains("berlin-a (1)").doesNotContain("berlin-a (" + id + ")");
        server.post("/nodes/" + id + "/approve", """
                {"routes": ["10.99.0.0/16"]}""").expect(200);
        JsonNode approved = server.read("/events?limit=1&node=" + id).at("/events/0");
        assertThat(approved.at("/text").stringValue()).contains("berlin-a (" + id + ")");
        assertThat(approved.at("/nodeName").stringValue()).isEqualTo("berlin-a");
    }

    @Test
    void viewersWithTheSameViewAreOneGroup() {
        server.demo.startSample();

        List<List<Long>> groups = new ArrayList<>();
        for (JsonNode group : server.read("/tailnet").at("/viewers")) {
            List<Long> nodes = new ArrayList<>();
            group.at("/nodes").forEach(node -> nodes.add(node.longValue()));
            groups.add(nodes);
        }

        assertThat(groups)
                .containsExactly(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), List.of(8L, 9L), List.of(10L), List.of(11L));
        JsonNode staff = server.read("/tailnet").at("/viewers/1");
        assertThat(staff.at("/carriers/1").toString()).isEqualTo("""
                {"prefix":"10.40.0.0/16","carrier":6}""");
        JsonNode london = server.read("/tailnet").at("/viewers/2");
        assertThat(london.at("/carriers/0").toString()).isEqualTo("""
                {"prefix":"10.40.0.0/16","carrier":5}""");
        assertThat(london.at("/exits/0/node").longValue()).isEqualTo(7);
    }

    @Test
    void theStreamOfTheTailnetSendsTheNewestDocument() throws Exception {
        try (StreamReader stream = new StreamReader(server, API + "/tailnet/stream", server.reader)) {
            long first = stream.next("tailnet").json().at("/revision").longValue();

            server.post("/nodes/8/approve", """
                    {"routes": ["10.99.0.0/16"]}""").expect(200);
            server.post("/nodes/9/approve", """
                    {"routes": ["10.98.0.0/16"]}""").expect(200);

            JsonNode last = stream.next("tailnet").json();
            while (last.at("/revision").longValue() < first + 2) {
                last = stream.next("tailnet").json();
            }
            assertThat(last.at("/nodes/8/routes/0/prefix").stringValue()).isEqualTo("10.98.0.0/16");
        }
    }

    @Test
    void nodesAreListedAndFound() {
        assertThat(server.read("/nodes").at("/nodes").size()).isEqualTo(11);
        JsonNode node = server.read("/nodes/10");
        assertThat(node.at("/name").stringValue()).isEqualTo("lea-laptop");
        assertThat(node.at("/user").stringValue()).isEqualTo("3");
        assertThat(node.at("/addresses/0").stringValue()).isEqualTo("100.64.0.10");
        JsonNode missing =
                server.get(API + "/nodes/99", server.reader).expect(404).json();
        assertThat(missing.at("/detail").stringValue()).contains("`99`");
        assertThat(server.get(API + "/nodes/0", server.reader).status()).isEqualTo(400);
        assertThat(server.get(API + "/nodes/one", server.reader).status()).isEqualTo(400);
        assertThat(server.get(API + "/nodes/99/view", server.reader).status()).isEqualTo(404);
        assertThat(server.get(API + "/nodes/99/stream", server.reader).status()).isEqualTo(404);
    }

    @Test
    void aViewSaysWhatIsGivenAndWhatIsWithheld() {
        server.demo.startSample();

        JsonNode view = server.read("/nodes/8/view");

        assertThat(view.at("/name").stringValue()).isEqualTo("ada-laptop");
        assertThat(view.at("/peers/0/routes/0").stringValue()).isEqualTo("10.20.0.0/16");
        assertThat(view.at("/withheld").toString())
                .containsPattern("""
                        \\{"prefix":"10.20.0.0/16","peer":2,"reason":"berlin-a [^"]*primary"}""")
                .containsPattern("\\(group:staff → 10.40.0.0/16 via tag:site-paris\\) [^\"]*ada-laptop [^\"]*paris");
        assertThat(server.read("/nodes/1/view").at("/filter/0/rule").stringValue())
                .isEqualTo("grants[0]");
    }

    @Test
    void eventsAreFoundByNodePrefixAndNumber() {
        JsonNode all = server.read("/events?limit=1000").at("/events");
        JsonNode about = server.read("/events?node=10&limit=2").at("/events");

        assertThat(about.size()).isEqualTo(2);
        assertThat(about.at("/1/kind").stringValue()).isEqualTo("route-denied");
        assertThat(about.at("/1/text").stringValue()).contains("192.168.7.0/24", "lea-laptop", "`sample`");
        assertThat(about.at("/1/actor").stringValue()).isEqualTo("sample");
        assertThat(server.read("/events?prefix=192.168.7.0/24").at("/events").size())
                .isEqualTo(3);
        String third = all.at("/2/id").stringValue();
        assertThat(server.read("/events?before=" + third).at("/events").size()).isEqualTo(2);
        for (String bad :
                List.of("limit=0", "limit=1001", "node=x", "prefix=10.0.0.1/8", "before=", "before=42", "colour=red")) {
            assertThat(server.get(API + "/events?" + bad, server.reader).status())
                    .as(bad)
                    .isEqualTo(400);
        }
    }

    @Test
    void aFollowerGetsWhatItMissed() throws Exception {
        JsonNode all = server.read("/events?limit=1000").at("/events");
        String before = all.get(all.size() - 2).at("/id").stringValue();
        try (StreamReader byQuery = new StreamReader(server, API + "/events/stream?after=" + before, server.reader);
                StreamReader byHeader = new StreamReader(server, API + "/events/stream", server.reader, before);
                StreamReader fromNow = new StreamReader(server, API + "/events/stream", server.reader)) {
            StreamReader.Message last = byQuery.next("event");
            assertThat(last.json()).isEqualTo(all.get(all.size() - 1));
            assertThat(last.id()).isEqualTo(last.json().at("/id").stringValue());
            assertThat(byHeader.next("event").json()).isEqualTo(last.json());

            server.post("/nodes/8/approve", """
                    {"routes": ["10.99.0.0/16"]}""").expect(200);

            assertThat(fromNow.next("event").json().at("/text").stringValue()).contains("10.99.0.0/16", "ada-laptop");
        }
    }

    @Test
    void aPrefixIsExplainedForEveryViewer() {
        server.demo.startSample();

        JsonNode london = server.read("/explain?viewer=10&prefix=10.40.0.0/16");
        assertThat(london.at("/carrier").longValue()).isEqualTo(5);
        assertThat(london.at("/answers/0/code").stringValue()).isEqualTo("admitted");
        assertThat(london.at("/answers/1/code").stringValue()).isEqualTo("via-other-router");
        assertThat(london.at("/text").stringValue())
                .containsPattern("^10.40.0.0/16 for lea-laptop .*london\n\n  elected ")
                .contains("\n  paris       withheld  ");
        JsonNode withheld = server.read("/explain?viewer=11&prefix=10.40.0.0/16");
        assertThat(withheld.at("/carrier").isNull()).isTrue();
        assertThat(withheld.at("/answers/0/code").stringValue()).isEqualTo("not-admitted");
        JsonNode exit = server.read("/explain?viewer=8&prefix=0.0.0.0/0");
        assertThat(exit.at("/answers/0/given").booleanValue()).isTrue();
        assertThat(server.read("/explain?viewer=8&prefix=203.0.113.0/24")
                        .at("/answers")
                        .size())
                .isZero();
    }

    @Test
    void itAnswersWhetherTrafficPasses() {
        server.demo.startSample();

        JsonNode yes = server.read("/can?from=ada-laptop&to=10.20.0.9:443");
        assertThat(yes.at("/passes").booleanValue()).isTrue();
        assertThat(yes.at("/answer/paths/0/hop/carrier").longValue()).isEqualTo(1);
        assertThat(yes.at("/text").stringValue())
                .startsWith("yes: ada-laptop ")
                .containsSubsequence("route ", "berlin-a", "primary");
        JsonNode no = server.read("/can?from=monitor&to=10.40.0.1&protocol=udp");
        assertThat(no.at("/passes").booleanValue()).isFalse();
        assertThat(no.at("/answer/missing").size()).isPositive();
        for (String bad : List.of("", "?from=monitor", "?to=10.0.0.1", "?from=nobody&to=10.0.0.1")) {
            assertThat(server.get(API + "/can" + bad, server.reader).status())
                    .as(bad)
                    .isEqualTo(400);
        }
    }

    @Test
    void aPrefixIsExplainedOnEveryNode() {
        server.demo.startSample();

        JsonNode waiting = server.read("/explain?node=2&prefix=10.28.0.0/16");
        assertThat(waiting.at("/approved").booleanValue()).isFalse();
        assertThat(waiting.at("/lines/1/reason").stringValue()).contains("`autoApprovers.routes`");
        assertThat(waiting.at("/lines/0/question").stringValue()).isEqualTo("advertised");
        assertThat(waiting.at("/lines/2/question").stringValue()).isEqualTo("serving");
        assertThat(waiting.at("/lines/2/answer").stringValue()).isEqualTo("no");
        assertThat(waiting.at("/lines/2/reason").stringValue()).contains("approved");
        JsonNode serving = server.read("/explain?node=1&prefix=10.20.0.0/16");
        assertThat(serving.at("/serving").booleanValue()).isTrue();
        assertThat(serving.at("/primary").longValue()).isEqualTo(1);
        assertThat(server.read("/explain?node=7&prefix=::/0")
                        .at("/lines/2/reason")
                        .stringValue())
                .contains("exit", "elected");
        for (String bad : List.of("", "?prefix=10.0.0.0/8", "?node=1", "?node=1&viewer=2&prefix=10.0.0.0/8")) {
            assertThat(server.get(API + "/explain" + bad, server.reader).status())
                    .as(bad)
                    .isEqualTo(400);
        }
        assertThat(server.get(API + "/explain?node=99&prefix=10.0.0.0/8", server.reader)
                        .status())
                .isEqualTo(404);
        assertThat(server.get(API + "/explain?viewer=99&prefix=10.0.0.0/8", server.reader)
                        .status())
                .isEqualTo(404);
    }
}
