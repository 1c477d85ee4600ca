package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.web.Limits;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every {@code curl} line of the README runs, in its order, and answers as the README shows. */
class ReadmeTest {

    private static final Path README = Path.of("README.md");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("""
            \\s+|(?:'[^']*'|"(?:[^"\\\\]|\\\\.)*"|[^\\s'"])+""");

    private final Map<String, String> variables = new HashMap<>();

    @TempDir
    private Path folder;

    @Test
    void everyCurlLineAnswersAsItIsShown() throws Exception {
        Limits limits = TestLimits.builder().requests(10_000, 10_000).build();
        try (TestServer server = new TestServer(limits);
                TestServer fresh = TestServer.onSqlite(limits, folder)) {
            for (TestServer each : List.of(server, fresh)) {
                each.demo.fillSample();
                each.demo.startSample();
            }
            JsonNode spare = server.post("/keys", """
                    {"scope": "read", "name": "spare"}""").expect(201).json();
            assertThat(spare.at("/id").longValue()).isEqualTo(3);
            variables.put("JSON", "Content-Type: application/json");
            String readme = Files.readString(README);

            int commands = 0;
            int shown = 0;
            JsonNode last = null;
            String command = "";
            List<String> differences = new ArrayList<>();
            int end = 0;
            Matcher blocks = BLOCK.matcher(readme);
            while (blocks.find()) {
                if (blocks.group(1).equals("sh")) {
                    for (String line : blocks.group(2).split("\n")) {
                        if (line.startsWith("curl ")) {
                            last = run(server, line);
                            if (changesNothing(line) && last != null) {
                                last = run(fresh, line);
                            }
                            command = line;
                            commands++;
                        }
                    }
                } else if (blocks.group(1).equals("json")) {
                    JsonNode example = TestServer.JSON.readTree(blocks.group(2));
                    if (last != null && readme.substring(end, blocks.start()).isBlank()) {
                        differences.addAll(differences(command, example, last));
                        shown++;
                    }
                }
                end = blocks.end();
            }
            assertThat(differences).isEmpty();
            assertThat(commands).isGreaterThan(40);
            assertThat(shown).isGreaterThanOrEqualTo(9);
        }
    }

    /** What it answers is shown as the sample has it when it starts. */
    private static boolean changesNothing(String line) {
        boolean changes = line.contains(" -d ") || line.contains(" -X ");
        return (!changes && !line.contains("$AGENT")) || line.contains("/plan") || line.contains("/check");
    }

    /** Runs a line as a shell and curl would. */
    private JsonNode run(TestServer server, String line) throws Exception {
        variables.put("SERVER", server.uri("").toString());
        variables.put("AUTH", "Authorization: Bearer " + server.operator);
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

    /**
     * The same fields, and the same values. Of a list the README may show some elements; an empty list, a null and an
     * ellipsis in a text stand for anything. Times and revisions are those of another run.
     */
    private static List<String> differences(String path, JsonNode example, JsonNode actual) {
        if (example.isNull() || path.endsWith("/revision")) {
            return List.of();
        }
        if (example.getNodeType() != actual.getNodeType()) {
            return List.of(path + ": " + example + " is shown, and " + actual + " is sent");
        }
        List<String> differences = new ArrayList<>();
        if (example.isObject()) {
            List<String> names = new ArrayList<>(example.propertyNames());
            if (!new TreeSet<>(names).equals(new TreeSet<>(actual.propertyNames()))) {
                return List.of(path + ": " + names + " are shown, and " + actual.propertyNames() + " are sent");
            }
            names.forEach(
                    name -> differences.addAll(differences(path + "/" + name, example.get(name), actual.get(name))));
        } else if (example.isArray()) {
            for (int i = 0; i < example.size(); i++) {
                differences.addAll(differencesOfElement(path + "/" + i, example.get(i), actual));
            }
        } else if (example.isString()) {
            String shown = Arrays.stream(timeless(example.stringValue()).split("…", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining("(?s:.*)"));
            if (!timeless(actual.stringValue()).matches(shown)) {
                differences.add(path + ": " + example + " is shown, and " + actual + " is sent");
            }
        } else if (!example.equals(actual)) {
            differences.add(path + ": " + example + " is shown, and " + actual + " is sent");
        }
        return differences;
    }

    /** The differences from the element of a list that is most like the one that is shown. */
    private static List<String> differencesOfElement(String path, JsonNode example, JsonNode actual) {
        List<String> fewest = List.of(path + ": " + example + " is shown, and the list is empty");
        for (int i = 0; i < actual.size(); i++) {
            List<String> differences = differences(path, example, actual.get(i));
            fewest = i == 0 || differences.size() < fewest.size() ? differences : fewest;
        }
        return fewest;
    }

    private static String timeless(String text) {
        return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME");
    }
}
