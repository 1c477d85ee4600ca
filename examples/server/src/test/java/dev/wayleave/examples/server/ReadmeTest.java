package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every {@code curl} line of the README runs, in its order, and answers as the README shows. */
class ReadmeTest {

    private static final Path README = Path.of("README.md");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("""
            \\s+|(?:'[^']*'|"(?:[^"\\\\]|\\\\.)*"|[^\\s'"])+""");

    private final Map<String, String> variables = new HashMap<>();

    @Test
    void everyCurlLineAnswersAsItIsShown() throws Exception {
        try (TestServer server =
                new TestServer(TestLimits.builder().requests(10_000, 10_000).build())) {
            server.demo.fillSample();
            server.demo.startSample();
            JsonNode spare = server.post("/keys", """
                    {"scope": "read", "name": "spare"}""").expect(201).json();
            assertThat(spare.at("/id").longValue()).isEqualTo(3);
            variables.put("SERVER", server.uri("").toString());
            variables.put("AUTH", "Authorization: Bearer " + server.operator);
            variables.put("JSON", "Content-Type: application/json");
            String readme = Files.readString(README);

            int commands = 0;
            int shown = 0;
            JsonNode last = null;
            int end = 0;
            Matcher blocks = BLOCK.matcher(readme);
            while (blocks.find()) {
                if (blocks.group(1).equals("sh")) {
                    for (String line : blocks.group(2).split("\n")) {
                        if (line.startsWith("curl ")) {
                            last = run(server, line);
                            commands++;
                        }
                    }
                } else if (blocks.group(1).equals("json")) {
                    JsonNode example = TestServer.JSON.readTree(blocks.group(2));
                    if (last != null && readme.substring(end, blocks.start()).isBlank()) {
                        assertSameShape("", example, last);
                        shown++;
                    }
                }
                end = blocks.end();
            }
            assertThat(commands).isGreaterThan(40);
            assertThat(shown).isGreaterThanOrEqualTo(9);
        }
    }

    /** Runs a line as a shell and curl would. */
    private JsonNode run(TestServer server, String line) throws Exception {
        List<String> words = words(line);
        boolean stream = false;
        String method = "";
        String body = null;
        String url = "";
        List<String> headers = new ArrayList<>();
        Iterator<String> rest = words.subList(1, words.size()).iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "-s" -> {}
                case "-sN" -> stream = true;
                case "-X" -> method = rest.next();
                case "-H" -> headers.add(rest.next());
                case "-d" -> body = rest.next();
                default -> url = word;
            }
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        for (String header : headers) {
            request.header(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
        }
        if (stream) {
            String key = headers.get(0).substring("Authorization: Bearer ".length());
            try (StreamReader reader = new StreamReader(
                    server, url.substring(server.uri("").toString().length()), key)) {
                assertThat(reader.response.statusCode()).as(line).isEqualTo(200);
                reader.next(url.contains("tailnet") ? "tailnet" : url.contains("events") ? "event" : "view")
                        .json();
            }
            return null;
        }
        String used = !method.isEmpty() ? method : body == null ? "GET" : "POST";
        TestServer.Reply reply =
                server.send(request.method(used, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build());
        assertThat(reply.status()).as(line + "\n" + reply.text()).isBetween(200, 204);
        if (!reply.contentType().startsWith("application/json")) {
            return null;
        }
        JsonNode answer = reply.json();
        if (url.endsWith("/register")) {
            variables.put("AGENT", "Authorization: Bearer " + answer.at("/key").stringValue());
        } else if (url.endsWith("/connect")) {
            variables.put("SESSION", answer.at("/session").stringValue());
        }
        return answer;
    }

    /** Splits a line at blanks, with quotes taken off and variables put in where quotes allow it. */
    private List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher parts = WORD.matcher(line);
        while (parts.find()) {
            if (!parts.group().isBlank()) {
                words.add(word(parts.group()));
            }
        }
        return words;
    }

    private String word(String text) {
        StringBuilder word = new StringBuilder();
        Matcher parts = Pattern.compile("""
                '([^']*)'|"([^"]*)"|\\$(\\w+)|([^'"$]+)""").matcher(text);
        while (parts.find()) {
            if (parts.group(1) != null) {
                word.append(parts.group(1));
            } else if (parts.group(2) != null) {
                word.append(Pattern.compile("\\$(\\w+)")
                        .matcher(parts.group(2))
                        .replaceAll(match -> Matcher.quoteReplacement(variable(match.group(1)))));
            } else {
                word.append(parts.group(3) != null ? variable(parts.group(3)) : parts.group(4));
            }
        }
        return word.toString();
    }

    private String variable(String name) {
        assertThat(variables).containsKey(name);
        return variables.get(name);
    }

    /** The same fields and kinds of values, whatever the values; an empty list may stand for any, and so may null. */
    private static void assertSameShape(String path, JsonNode example, JsonNode actual) {
        if (example.isNull() || actual.isNull()) {
            return;
        }
        assertThat(actual.getNodeType()).as(path).isEqualTo(example.getNodeType());
        if (example.isObject()) {
            assertThat(new ArrayList<>(actual.propertyNames()))
                    .as(path)
                    .containsExactlyInAnyOrderElementsOf(new ArrayList<>(example.propertyNames()));
            example.propertyNames()
                    .forEach(name -> assertSameShape(path + "/" + name, example.get(name), actual.get(name)));
        } else if (example.isArray() && !example.isEmpty()) {
            for (int i = 0; i < actual.size(); i++) {
                assertSameShape(path + "/" + i, example.get(0), actual.get(i));
            }
        }
    }
}
