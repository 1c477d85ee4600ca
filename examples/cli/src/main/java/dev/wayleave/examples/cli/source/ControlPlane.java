package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.JsonText;
import dev.wayleave.examples.cli.text.Refused;
import dev.wayleave.examples.cli.text.SourceText;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** The server that a command speaks to, with the key that it shows there. */
public final class ControlPlane {

    public static final String OWN = "api/wayleave/v1/";
    public static final String HEADSCALE = "api/v1/";

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final URI root;
    private final String key;
    private final HttpClient http;

    private ControlPlane(URI root, String key, HttpClient http) {
        this.root = root;
        this.key = key;
        this.http = http;
    }

    public static ControlPlane at(String url, String key) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        return new ControlPlane(root(url), key, http);
    }

    /** The same server, asked with another key. */
    public ControlPlane with(String otherKey) {
        return new ControlPlane(root, otherKey, http);
    }

    private static URI root(String url) {
        try {
            // what stands behind # is the page's
            URI given = URI.create(url.replaceFirst("#.*", ""));
            if (given.getHost() != null && ("http".equals(given.getScheme()) || "https".equals(given.getScheme()))) {
                return given.getPath().endsWith("/") ? given : URI.create(given + "/");
            }
        } catch (IllegalArgumentException malformed) {
            // refused below
        }
        throw new BadInput("`" + url + "` is no address of a server: write it as http://127.0.0.1:8080");
    }

    /** A part of a path or a query, with what would end it escaped. */
    public static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public Json get(String path) {
        return send(request(path).GET().timeout(PATIENCE).build());
    }

    public Json send(String method, String path, Consumer<JsonGenerator> members) {
        return send(request(path, method, members));
    }

    /** A request whose body is an object with these members. */
    public HttpRequest request(String path, String method, Consumer<JsonGenerator> members) {
        String body = JsonOutput.write(json -> {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        });
        return request(path)
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .build();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(root.resolve(path)).header("Authorization", "Bearer " + key);
    }

    public HttpClient http() {
        return http;
    }

    private Json send(HttpRequest request) {
        try {
            return answer(http.send(request, BodyHandlers.ofString()));
        } catch (IOException failed) {
            throw unreachable(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted while waiting for the server");
        }
    }

    /**
     * The lines of an event stream, until it ends; one that breaks ends with an {@link java.io.UncheckedIOException}.
     */
    public Stream<String> stream(String path) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = http.send(request(path).GET().build(), BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            try (Stream<String> lines = response.body()) {
                throw refused(response.statusCode(), lines.collect(Collectors.joining("\n")));
            }
        }
        return response.body();
    }

    public BadInput unreachable(IOException failed) {
        String why = failed.getMessage() == null ? "nothing answers there" : failed.getMessage();
        return new BadInput("the server at `" + root + "` cannot be reached: " + why + "; is it running?");
    }

    /** What an answer holds: null where it is empty. */
    public Json answer(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), response.body());
        }
        if (response.body().isBlank()) {
            return new Json.NullValue(Json.Place.START);
        }
        try {
            return JsonText.read(response.body());
        } catch (JsonText.Malformed malformed) {
            throw new BadInput("`" + root + "` is no control plane of this kind: its answer is not JSON");
        }
    }

    private Refused refused(int status, String body) {
        List<Refused.Problem> problems = new ArrayList<>();
        String detail = "the server answered " + status;
        try {
            Fields document = fields(JsonText.read(body));
            detail = document.text("detail").orElse(detail);
            // the second is what Headscale's documents have
            for (String list : List.of("problems", "errors")) {
                for (Json problem : document.list(list)) {
                    problems.add(Refused.Problem.of(fields(problem)));
                }
            }
        } catch (JsonText.Malformed | BadInput otherDocument) {
            // the status has to do
        }
        if (status == 401) {
            detail = "the server does not know this key: give another by --key, or in WAYLEAVE_KEY";
        }
        String reasons = problems.stream()
                .map(problem ->
                        (problem.line() == 0 ? "" : problem.line() + ":" + problem.column() + ": ") + problem.message())
                .collect(Collectors.joining("; "));
        return new Refused(status, reasons.isEmpty() ? detail : detail + ": " + reasons, problems);
    }

    /** The members of an answer, or of an object in it. */
    public Fields fields(Json value) {
        return new Fields(new SourceText(root.toString(), ""), "an answer", value);
    }
}
